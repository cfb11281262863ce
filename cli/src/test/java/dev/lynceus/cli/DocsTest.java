package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The documents may not tell of commands, files or pictures that are not there.
class DocsTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern COMMAND = Pattern.compile("^(?:\\$ )?(?:\\./)?lynceus (.*)$");
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]*)(?:#([^)]*))?\\)");

  /// Made at the very end, from the page itself.
  private static final String SCREENSHOT = "docs/images/explain.png";

  @Test
  void everyCommandLineInTheDocumentsCanBeGiven() throws IOException {
    int found = 0;
    for (Path document : documents()) {
      for (String line : commands(document)) {
        found++;
        List<String> words = Shell.words(line);
        Console console =
            new Console(
                InputStream.nullInputStream(),
                System.out,
                System.err,
                Console.People.NONE,
                words,
                new Console.Cleanup());
        assertThatCode(() -> LynceusCommand.line(console).parseArgs(words.toArray(String[]::new)))
            .as("%s: lynceus %s", document, line)
            .doesNotThrowAnyException();
      }
    }
    assertThat(found).isGreaterThan(10);
  }

  @Test
  void everyLinkInTheDocumentsLeadsSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path document : documents()) {
      Matcher link = LINK.matcher(Files.readString(document));
      while (link.find()) {
        Path target =
            link.group(1).isEmpty() ? document : document.resolveSibling(link.group(1)).normalize();
        if (!link.group(1).equals(SCREENSHOT) && !Files.exists(target)) {
          broken.add(document + ": " + link.group(1));
        } else if (link.group(2) != null && !anchors(target).contains(link.group(2))) {
          broken.add(document + ": no heading for " + link.group());
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  /// A page that no other leads to is found by nobody.
  @Test
  void everyPageIsLinkedFromAnother() throws IOException {
    Set<Path> linked = new HashSet<>();
    for (Path document : documents()) {
      Matcher link = LINK.matcher(Files.readString(document));
      while (link.find()) {
        if (!link.group(1).isEmpty()) {
          linked.add(document.resolveSibling(link.group(1)).normalize());
        }
      }
    }
    assertThat(documents().stream().map(Path::normalize).filter(one -> !linked.contains(one)))
        .containsExactly(ROOT.resolve("README.md").normalize());
  }

  @Test
  void everyOptionIsInTheReference() throws IOException {
    String reference = Files.readString(ROOT.resolve("docs/reference/cli.md"));
    Console console =
        new Console(
            InputStream.nullInputStream(),
            System.out,
            System.err,
            Console.People.NONE,
            List.of(),
            new Console.Cleanup());
    for (var command : LynceusCommand.line(console).getSubcommands().values()) {
      command
          .getCommandSpec()
          .options()
          .forEach(option ->
              assertThat(reference)
                  .as("%s %s", command.getCommandName(), option.longestName())
                  .contains("`" + option.longestName()));
    }
  }

  @Test
  void theProgramInTheReadmeCompiles(@TempDir Path folder) throws IOException {
    Matcher program =
        Pattern.compile("(?s)```java\n(.*?)```")
            .matcher(Files.readString(ROOT.resolve("README.md")));
    assertThat(program.find()).isTrue();
    Path source = Files.writeString(folder.resolve("Why.java"), program.group(1));
    ByteArrayOutputStream messages = new ByteArrayOutputStream();

    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                messages,
                messages,
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                folder.toString(),
                source.toString());

    assertThat(status).as(messages.toString(StandardCharsets.UTF_8)).isZero();
  }

  static List<String> commands(Path document) throws IOException {
    List<String> commands = new ArrayList<>();
    boolean code = false;
    for (String line : Files.readAllLines(document)) {
      if (line.startsWith("```")) {
        code = !code;
      }
      Matcher command = COMMAND.matcher(line.strip());
      if (code && command.matches()) {
        commands.add(command.group(1));
      }
    }
    return commands;
  }

  /// What a page's headings are called in links: small letters, hyphens for spaces, other signs
  /// left out.
  private static Set<String> anchors(Path page) throws IOException {
    Set<String> anchors = new HashSet<>();
    boolean code = false;
    for (String line : Files.readAllLines(page)) {
      if (line.startsWith("```")) {
        code = !code;
      } else if (!code && line.matches("#+ .*")) {
        anchors.add(
            line.replaceFirst("#+ ", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-'));
      }
    }
    return anchors;
  }

  static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    for (Path folder : List.of(ROOT, ROOT.resolve("pupil"))) {
      try (Stream<Path> files = Files.list(folder)) {
        files.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
      }
    }
    try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
      files.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
    }
    assertThat(documents)
        .contains(ROOT.resolve("README.md"), ROOT.resolve("docs/reference/cli.md"));
    return documents;
  }
}
