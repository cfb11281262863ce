package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Results go by what is in files, not by what they are called.
class ContentsTest {
  private static final String SECOND = "../samples/heart-guitar-horse-dove.png";

  @TempDir private Path folder;
  private Path other;

  @BeforeEach
  void copy() throws IOException {
    other = Files.copy(Path.of(SECOND), folder.resolve("other.png"));
  }

  private Shell.Result give(String... words) {
    List<String> line = new ArrayList<>(List.of(words));
    line.addAll(
        List.of("--next-token", "--json", "--threads=1", Fixtures.PICTURE, Fixtures.QUESTION));
    return Shell.lynceus(line.toArray(String[]::new));
  }

  private Shell.Result patched(Path ledger) {
    return give(
        "patch", "--other=" + other, "--site=layer", "--positions=last", "--ledger=" + ledger);
  }

  private static JsonNode map(Shell.Result result) {
    assertThat(result.status()).as(result.err()).isZero();
    return JsonMapper.shared().readTree(result.out()).path("maps").get(0);
  }

  @Test
  void aLedgerDoesNotGiveTheNumbersOfAnotherPicture() throws IOException {
    Path ledger = folder.resolve("ledger");
    JsonNode first = map(patched(ledger));
    Shell.Result again = patched(ledger);
    assertThat(again.err()).contains("0 replays in 0 passes");
    assertThat(map(again).path("cells")).isEqualTo(first.path("cells"));

    // The same pixels under another name are the same picture.
    Path renamed = Files.copy(other, folder.resolve("renamed.png"));
    Shell.Result same =
        give(
            "patch",
            "--other=" + renamed,
            "--site=layer",
            "--positions=last",
            "--ledger=" + ledger);
    assertThat(same.err()).contains("0 replays in 0 passes");

    Files.copy(Path.of(Fixtures.PICTURE), other, StandardCopyOption.REPLACE_EXISTING);
    Shell.Result refused = patched(ledger);
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err())
        .contains("does not hold results of this sweep: it differs in the other picture (--other)");
    JsonNode right = map(patched(folder.resolve("fresh")));
    assertThat(right.path("cells")).isNotEqualTo(first.path("cells"));
  }

  @Test
  void masksAndQuestionsEnterByTheirContents() throws IOException {
    Path world = folder.resolve("world");
    assertThat(Shell.lynceus("pupil", "world", "--count=3", "--out=" + world).status()).isZero();
    Path questions = world.resolve("questions.jsonl");
    Path some = Files.copy(questions, world.resolve("some.jsonl"));
    Path ledger = folder.resolve("steer");
    String[] steer = {
      "steer",
      "--with=" + some,
      "--without=" + questions,
      "--strengths=1",
      "--randoms=0",
      "--ledger=" + ledger
    };
    List<String> lines = Files.readAllLines(questions);
    Files.write(some, lines.subList(0, 2));
    assertThat(give(steer).status()).isZero();
    Files.write(some, lines.subList(0, 1));
    assertThat(give(steer).err()).contains("it differs in the questions to steer towards (--with)");

    Path mask = Files.copy(other, folder.resolve("mask.png"));
    String[] occlude = {
      "occlude", "--mask=" + mask, "--rings=0", "--ledger=" + folder.resolve("m")
    };
    assertThat(give(occlude).status()).isZero();
    Files.copy(Path.of(Fixtures.PICTURE), mask, StandardCopyOption.REPLACE_EXISTING);
    assertThat(give(occlude).err()).contains("it differs in mask 1 (--mask)");
  }

  @Test
  void aLedgerIsCheckedBeforeTheModelIsLoaded() throws IOException {
    Path old = Files.writeString(folder.resolve("old"), "lynceus-sweep-1 ablate\n0 1 2 3\n");
    Shell.Result refused =
        give("ablate", "--site=layer", "--ledger=" + old, "--model=" + folder.resolve("none"));
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("older Lynceus");
  }

  @Test
  void privateWeightsGiveTheSameAnswer() {
    String[] line = {"ask", Fixtures.PICTURE, Fixtures.QUESTION};
    Shell.Result own = Shell.lynceus(line);
    Shell.Result isolated = Shell.lynceus("ask", "--weights=private", line[1], line[2]);
    assertThat(isolated.status()).as(isolated.err()).isZero();
    assertThat(isolated.out()).isEqualTo(own.out());
    assertThat(Shell.lynceus("ask", "--weights=heap", line[1], line[2]).err())
        .contains("weights are not kept 'heap'");
  }

  /// Lines of a dataset, in a folder beside a picture that lies outside of it.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"image\": \"../other.png\", \"question\": \"What?\"} | image ../other.png lies outside of",
        "{\"image\": \"link.png\", \"question\": \"What?\"} | image link.png lies outside of",
        "{\"image\": \"a\\u0000b\", \"question\": \"What?\"} | image is not the name of a file",
        "null | lacks image",
        "7 | is no question",
        "{\"image\": \"in.png\", \"question\": \"What?\"} {} | is no question",
        "{\"image\": \"in.png\", \"question\": \"What?\", \"box\": [0, 0, 999, 9]} | is not within the picture",
        "{\"image\": \"in.png\", \"question\": \"What?\", \"box\": [-2147483648, 0, 2147483647, 9]} | is not within the picture",
        "{\"image\": \"in.png\", \"question\": \"What?\", \"box\": [-1, 0, 5, 9]} | is not within the picture",
        "{\"image\": \"in.png\", \"question\": \"What?\", \"box\": [1, 2, 3]} | is no box",
      })
  void aLineOfADatasetIsRefusedByItsNumber(String line, String reason) throws IOException {
    Path data = Files.createDirectories(folder.resolve("data"));
    Files.copy(other, data.resolve("in.png"));
    Files.createSymbolicLink(data.resolve("link.png"), other);
    Path file =
        Files.writeString(
            data.resolve("q.jsonl"),
            "{\"image\": \"in.png\", \"question\": \"What?\"}\n" + line + "\n");
    Shell.Result refused =
        Shell.lynceus("compare", "--dataset=" + file, "--methods=centre", "--model=none");
    assertThat(refused.status()).as(refused.err()).isEqualTo(2);
    assertThat(refused.err()).contains("line 2 of " + file).contains(reason);
  }

  @Test
  void picturesElsewhereMayBeAllowed() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data"));
    Path file =
        Files.writeString(
            data.resolve("q.jsonl"),
            "{\"image\": \"../other.png\", \"question\": \"What is the color of the dove?\"}\n");
    Shell.Result result =
        Shell.lynceus(
            "compare",
            "--json",
            "--dataset=" + file,
            "--images-anywhere",
            "--methods=centre,random",
            "--steps=0",
            "--noises=0",
            "--next-token");
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(
            Shell.lynceus("compare", "--box=0,0,500,9", Fixtures.PICTURE, Fixtures.QUESTION).err())
        .contains("--box, [0, 0, 500, 9], is not within the picture");
  }
}
