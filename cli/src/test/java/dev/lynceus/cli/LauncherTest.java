package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher, in a copy of the repository's outline with a build and a Java machine that only
/// write down what they are asked.
class LauncherTest {
  @TempDir Path folder;

  private Path root;
  private Path lock;

  @BeforeEach
  void outline() throws IOException {
    root = Files.createDirectory(folder.resolve("lynceus-copy"));
    lock = root.resolve(".lynceus/build.lock");
    Files.copy(Path.of("../lynceus"), root.resolve("lynceus"));
    executable(root.resolve("lynceus"));
    Files.writeString(root.resolve("pom.xml"), "<project/>");
    Files.createDirectories(root.resolve("cli/src/main"));
    script(
        folder.resolve("bin/mvn"),
        """
        mkdir -p cli/target/lib
        echo jar >cli/target/lib/a.jar
        echo jar >cli/target/lynceus-cli-0.jar
        """);
    jdk("25.0.3");
  }

  private void jdk(String version) throws IOException {
    script(
        folder.resolve("jdk/bin/java"),
        """
        case "$*" in
          -version) echo 'openjdk version "%s" 2026' >&2 ;;
          *) echo "$*" ;;
        esac
        """
            .formatted(version));
    script(folder.resolve("jdk/bin/javac"), "exit 0\n");
  }

  @Test
  void buildsOnceAndStarts() throws Exception {
    Started first = start("ask", "x");
    Started second = start("ask", "x");

    assertThat(first.status()).as(first.err()).isZero();
    assertThat(first.out()).contains("a.jar").contains("lynceus-cli-0.jar").endsWith("ask x\n");
    assertThat(second.err()).isEmpty();
    assertThat(lock).doesNotExist();
  }

  @Test
  void aBuildThatIsAskedForAgainLeavesTheJarsOfProgramsThatRun() throws Exception {
    List<String> jars = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Files.deleteIfExists(apps().isEmpty() ? folder.resolve("x") : current().resolve("stamp"));
      jars.add(start("ask").out().replaceAll("(?s).*-cp (\\S+?/)a\\.jar.*", "$1"));
    }

    assertThat(jars).doesNotHaveDuplicates();
    assertThat(Path.of(jars.get(0))).doesNotExist();
    assertThat(Path.of(jars.get(1)).resolve("a.jar")).exists();
    assertThat(Path.of(jars.get(2)).resolve("a.jar")).exists();
  }

  @Test
  void aLockOfAKilledStartIsTakenAway() throws Exception {
    Files.createDirectories(lock); // killed before it wrote its number
    assertThat(start("ask").status()).isZero();

    Files.delete(current().resolve("stamp"));
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Process sleeper = new ProcessBuilder("sleep", "60").start(); // the number is used again
    for (String owner : List.of(gone.pid() + "", sleeper.pid() + "", "rubbish")) {
      Files.createDirectories(lock);
      Files.writeString(lock.resolve("pid"), owner + "\n");

      Started started = start("ask");

      assertThat(started.status()).as(owner + started.err()).isZero();
      assertThat(lock).doesNotExist();
      Files.delete(current().resolve("stamp"));
    }
    sleeper.destroy();
  }

  @Test
  void aBuildThatRunsIsWaitedForAndNamed() throws Exception {
    Path builder = folder.resolve("lynceus-builder");
    script(builder, "sleep 60\n");
    Process other = new ProcessBuilder("sh", builder.toString()).start();
    Files.createDirectories(lock);
    Files.writeString(lock.resolve("pid"), other.pid() + "\n");
    Process waiting = process(Map.of(), "ask");
    try {
      assertThat(waiting.waitFor(5, TimeUnit.SECONDS)).isFalse();
    } finally {
      other.descendants().forEach(ProcessHandle::destroy);
      other.destroy();
    }

    assertThat(waiting.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(folder.resolve("err")))
        .contains("waiting for the build that process " + other.pid() + " does");
    assertThat(waiting.exitValue()).isZero();
  }

  @Test
  void thePageOfCommandsIsKeptAndNeedsNoJavaMachine() throws Exception {
    start("ask");
    Files.writeString(current().resolve("help"), "plain page\n");
    Files.writeString(current().resolve("help-colour"), "coloured page\n");

    for (String[] words :
        List.of(
            new String[0], new String[] {"--help"}, new String[] {"-h"}, new String[] {"help"})) {
      assertThat(start(words).out()).isEqualTo("plain page\n");
    }
    assertThat(started(Map.of("CLICOLOR_FORCE", "1"), "--help").out()).isEqualTo("coloured page\n");
    assertThat(start("ask", "--help").out()).endsWith("ask --help\n");
    assertThat(start("help", "ask").out()).endsWith("help ask\n");
    Files.delete(current().resolve("help"));
    assertThat(start("--help").out()).endsWith("--help\n").contains("a.jar");
  }

  @Test
  void whatAnswersOneQuestionStartsWithTheQuickCompilerAlone() throws Exception {
    assertThat(start("explain", "x").out()).contains(" -XX:TieredStopAtLevel=1 ");
    assertThat(start("trace", "x").out()).doesNotContain("Tiered");
    assertThat(started(Map.of("LYNCEUS_JAVA_OPTS", "-XX:TieredStopAtLevel=4"), "ask").out())
        .containsSubsequence("-XX:TieredStopAtLevel=1", "-XX:TieredStopAtLevel=4");
  }

  @Test
  void intelsLibraryIsBuiltInWhereItIsAskedForAndStays() throws Exception {
    script(
        folder.resolve("bin/mvn"),
        """
        mkdir -p cli/target/lib
        echo jar >cli/target/lib/a.jar
        echo jar >cli/target/lynceus-cli-0.jar
        case "$*" in *-Dlynceus.mkl*) echo jar >cli/target/lib/mkl-1.jar ;; esac
        """);
    assertThat(start("ask").out()).doesNotContain("mkl-1.jar");
    assertThat(started(Map.of("LYNCEUS_MKL", "1"), "ask").out()).contains("mkl-1.jar");
    Started later = start("ask");
    assertThat(later.out()).contains("mkl-1.jar");
    assertThat(later.err()).isEmpty();
    Files.delete(current().resolve("stamp"));
    assertThat(start("ask").out()).contains("mkl-1.jar");
    assertThat(started(Map.of("LYNCEUS_MKL", "0"), "ask").out()).doesNotContain("mkl-1.jar");
  }

  @Test
  void anyUpdateOfTheJdkDoes() throws Exception {
    for (String version : List.of("25", "25.0.1", "25.0.2", "25-ea", "25.1.2", "25.0.10")) {
      jdk(version);
      Started started = started(Map.of("LYNCEUS_PRINT_JDK", "1"));
      assertThat(started.out()).as(version).isEqualTo(folder.resolve("jdk") + "\n");
      Files.delete(root.resolve(".lynceus/jdk"));
    }
  }

  private record Started(int status, String out, String err) {}

  private Started start(String... arguments) throws Exception {
    return started(Map.of(), arguments);
  }

  private Started started(Map<String, String> environment, String... arguments) throws Exception {
    Process process = process(environment, arguments);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Started(
        process.exitValue(),
        Files.readString(folder.resolve("out")),
        Files.readString(folder.resolve("err")));
  }

  private Process process(Map<String, String> environment, String... arguments) throws IOException {
    List<String> words = new ArrayList<>(List.of(root.resolve("lynceus").toString()));
    words.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
    builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
    builder.environment().put("LYNCEUS_JAVA_HOME", folder.resolve("jdk").toString());
    builder.environment().putAll(environment);
    return builder
        .redirectOutput(folder.resolve("out").toFile())
        .redirectError(folder.resolve("err").toFile())
        .start();
  }

  private Path current() throws IOException {
    Path home = root.resolve(".lynceus");
    return home.resolve(Files.readString(home.resolve("current")).strip());
  }

  private List<Path> apps() throws IOException {
    Path home = root.resolve(".lynceus");
    if (!Files.exists(home)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(home)) {
      return files.filter(file -> file.getFileName().toString().startsWith("app-")).toList();
    }
  }

  private static void script(Path file, String body) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + body);
    executable(file);
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
