package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// What is asked of all commands, those that are added later too: outputs that cannot be written
/// and numbers that are absurd are told before any work begins. Every command line here names a
/// model that is not there, which would be status 3: whoever answers 8 or 2 has looked at that
/// before.
class PreflightTest {
  @TempDir Path folder;

  @Test
  void outputsThatCannotBeWrittenAreToldBeforeTheWork() throws Exception {
    Path foreign = Files.writeString(folder.resolve("mine.json"), "hi\n");
    Path pipe = folder.resolve("pipe.html");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Path file = Files.writeString(folder.resolve("file"), "x");
    for (Map.Entry<String, CommandSpec> command : OptionRulesTest.commands(console()).entrySet()) {
      for (OptionSpec option : command.getValue().options()) {
        Written written = Preflight.written(option);
        if (written == null) {
          continue;
        }
        List<Path> bad =
            switch (written.value()) {
              case FOLDER -> List.of(foreign, file.resolve("below"), pipe);
              case FILE, RESULT, LEDGER ->
                  List.of(foreign, pipe, folder, folder.resolve("none/x.json"), file.resolve("x"));
            };
        for (Path name : bad) {
          requireRefused(command, option, name.toString(), Set.of(8, 2));
        }
        requireRefused(command, option, "a\0b", Set.of(2, 8));
      }
    }
    assertThat(foreign).hasContent("hi\n");
  }

  /// What writes text does not write it into a file that is named as a page or a picture.
  @Test
  void textIsNotWrittenIntoWhatIsNamedAsAPage() {
    int found = 0;
    for (Map.Entry<String, CommandSpec> command : OptionRulesTest.commands(console()).entrySet()) {
      for (OptionSpec option : command.getValue().options()) {
        Written written = Preflight.written(option);
        if (written != null && written.value() == Written.As.RESULT) {
          found++;
          for (String name : List.of("x.html", "x.HTM", "x.svg", "x.png")) {
            requireRefused(command, option, folder.resolve(name).toString(), Set.of(2));
          }
        }
      }
    }
    assertThat(found).isGreaterThan(10);
    Shell.Result lens = Shell.lynceus("lens", "-o", folder.resolve("x.html").toString(), "What?");
    assertThat(lens.err())
        .contains("`lens` writes text or JSON there, no page")
        .contains("such as result.txt");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void forceReplacesRegularFilesOnly() throws Exception {
    Path pipe = folder.resolve("pipe.html");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Path target = Files.writeString(folder.resolve("target.txt"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link.txt"), target);

    Shell.Result refused =
        Shell.lynceus("models", "taps", "--markdown", "--force", "-o", pipe.toString());
    Shell.Result device =
        Shell.lynceus("models", "taps", "--markdown", "--force", "-o", "/dev/null");
    Shell.Result through =
        Shell.lynceus("models", "taps", "--markdown", "--force", "-o", link.toString());

    assertThat(refused.status()).isEqualTo(8);
    assertThat(refused.err()).contains("pipe.html is a pipe, a device or a socket");
    assertThat(device.status()).isEqualTo(8);
    assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
    assertThat(through.status()).isZero();
    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(target).content().contains("hook_resid_pre");
  }

  /// The second would replace the first, or be refused when all is computed.
  @Test
  void noFileIsNamedTwice() throws Exception {
    String one = folder.resolve("one.svg").toString();
    for (String first : List.of("--figure=", "--ledger=")) {
      Shell.Result twice =
          Shell.lynceus(
              "ablate",
              "--next-token",
              first + one,
              "--output=" + folder.resolve(".").resolve("one.svg"),
              Fixtures.PICTURE,
              Fixtures.QUESTION);
      assertThat(twice.status()).as(twice.err()).isEqualTo(2);
      assertThat(twice.err()).contains(" names, too", "a file of its own");
    }
    Path picture = Files.copy(Path.of(Fixtures.PICTURE), folder.resolve("read.png"));
    Shell.Result read =
        Shell.lynceus(
            "explain", "--force", "--output=" + picture, picture.toString(), Fixtures.QUESTION);
    assertThat(read.status()).as(read.err()).isEqualTo(2);
    assertThat(read.err()).contains("which the command reads, too");
    assertThat(picture).hasSameBinaryContentAs(Path.of(Fixtures.PICTURE));
  }

  @Test
  void absurdNumbersAreAWrongRequest() {
    for (Map.Entry<String, CommandSpec> command : OptionRulesTest.commands(console()).entrySet()) {
      for (OptionSpec option : command.getValue().options()) {
        // A seed may be any number.
        boolean seed = option.longestName().contains("seed") || option.paramLabel().equals("SEED");
        if (Preflight.isNumber(option) && !seed) {
          for (String value : List.of("2147483647", "-2147483648")) {
            requireRefused(command, option, value, Set.of(2));
          }
        }
        if (Preflight.isNumber(option) && option.typeInfo().getClassName().contains("ouble")) {
          for (String value : List.of("NaN", "1e300")) {
            requireRefused(command, option, value, Set.of(2));
          }
        }
      }
    }
  }

  @Test
  void aQuestionMayBeginWithAnAtSign() throws IOException {
    Path options = Files.writeString(folder.resolve("options"), "--help");

    Shell.Result result = Shell.lynceus("ask", "--model=none/there", "@" + options);

    assertThat(result.status()).isEqualTo(3);
  }

  @Test
  void aResultThatItsPlaceDoesNotTakeIsKeptElsewhere() throws IOException {
    Path place = Files.createDirectory(folder.resolve("gone"));
    OutputFile file = OutputFile.checked(place.resolve("result.json").toString(), false, console());
    Files.delete(place);

    org.assertj.core.api.Assertions.assertThatThrownBy(() -> file.write("{}"))
        .hasMessageContaining("result.json could not be written: the folder is not there")
        .isInstanceOfSatisfying(
            dev.lynceus.error.LynceusException.class,
            e -> {
              assertThat(e.nextStep()).startsWith("The result is not lost: it is in ");
              Path kept = Path.of(e.nextStep().replaceAll("^.* in |\\.$", ""));
              assertThat(kept).hasContent("{}").hasFileName(kept.getFileName().toString());
              assertThat(kept.toFile().delete()).isTrue();
            });
  }

  private void requireRefused(
      Map.Entry<String, CommandSpec> command,
      OptionSpec option,
      String value,
      Set<Integer> status) {
    List<String> words = new ArrayList<>(List.of(command.getKey().split(" ")));
    for (OptionSpec other : command.getValue().options()) {
      if (other.required() && !other.equals(option)) {
        words.add(
            other.longestName()
                + "="
                + (Preflight.isNumber(other) ? "1" : folder.resolve("new" + words.size())));
      }
      if (other.longestName().equals("--model")) {
        words.add("--model=none/there");
      }
    }
    words.add(option.longestName() + "=" + value);
    if (!command.getValue().positionalParameters().isEmpty()) {
      words.add("none/there");
    }
    Shell.Result result =
        assertTimeoutPreemptively(
            Duration.ofSeconds(20), () -> Shell.lynceus(words.toArray(String[]::new)));
    assertThat(result.status()).as(words + ": " + result.err()).isIn(status);
    assertThat(result.err()).as(words.toString()).doesNotContain("internal error");
  }

  private static Console console() {
    return new Console(
        new ByteArrayInputStream(new byte[0]),
        new PrintStream(new ByteArrayOutputStream()),
        new PrintStream(new ByteArrayOutputStream()),
        Console.People.NONE,
        List.of(),
        new Console.Cleanup());
  }
}
