package dev.lynceus.lab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same selection gives the same rows, conditions mean what they say, and what is learned on
/// one side of a split was not seen on the other.
class SelectionTest {
  @TempDir private Path folder;
  private DataSet data;

  /// Forty questions on ten pictures; picture 9 is picture 0 under another name.
  @BeforeEach
  void questions() throws IOException {
    for (int i = 0; i < 10; i++) {
      Fixtures.picture(folder, i + ".png", i % 9);
    }
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      lines.append(
          "{\"image\": \"%d.png\", \"question\": \"What %d?\", \"answers\": [\"%s\", \"x\"], \"kind\": \"%s\", \"n\": %d}%n"
              .formatted(i / 4, i, i % 2 == 0 ? "yes" : "no", i % 4 == 0 ? "colour" : "shape", i));
    }
    lines.append("broken\n");
    data = DataSets.open(Fixtures.write(folder, "q.jsonl", lines.toString()), DataOptions.DEFAULT);
  }

  private List<String> rows(String... where) {
    Selection selection =
        new Selection(
            List.of(where).stream().map(Where::parse).toList(), null, null, Integer.MAX_VALUE);
    return ids(selection.of(data));
  }

  private static List<String> ids(DataSet data) {
    return data.examples().stream().map(Example::id).toList();
  }

  @Test
  void conditions() {
    assertThat(rows("kind=colour")).hasSize(10).startsWith("1", "5");
    assertThat(rows("kind!=colour")).hasSize(30);
    assertThat(rows("answers=yes")).hasSize(20);
    assertThat(rows("answers!=yes")).as("none of them").hasSize(20);
    assertThat(rows("answers=x")).as("any of them").hasSize(40);
    assertThat(rows("id=7")).containsExactly("7");
    assertThat(rows("row=7")).containsExactly("7");
    assertThat(rows("n>=38")).containsExactly("39", "40");
    assertThat(rows("n < 2")).containsExactly("1", "2");
    assertThat(rows("n=2.0")).as("numbers are equal as numbers").containsExactly("3");
    assertThat(rows("question~WHAT 3")).hasSize(11);
    assertThat(rows("images=3.png", "kind=colour")).containsExactly("13");
    assertThat(rows("pictures=1", "answered=2", "boxes=0")).hasSize(40);
    assertThatThrownBy(() -> rows("colour=red"))
        .hasMessageContaining("no row has a field 'colour'");
    assertThatThrownBy(() -> rows("kind")).hasMessageContaining("'kind' is no condition");
    assertThatThrownBy(() -> rows("n>x")).hasMessageContaining("what is no number");
    assertThatThrownBy(() -> rows("kind=none"))
        .hasMessageContaining("no row of q.jsonl is selected");
  }

  @Test
  void brokenRowsStayWhereNothingIsAskedOfThem() {
    assertThat(Selection.ALL.of(data)).isSameAs(data);
    assertThat(Selection.first(41).of(data).faults()).hasSize(1);
    assertThat(Selection.first(40).of(data).faults()).isEmpty();
    assertThat(new Selection(List.of(Where.parse("n>=0")), null, null, 99).of(data).faults())
        .isEmpty();
  }

  @Test
  void ordersRepeat() {
    Selection one = new Selection(List.of(), null, 3L, 10);
    assertThat(ids(one.of(data))).isEqualTo(ids(one.of(data))).hasSizeBetween(9, 10);
    assertThat(one.of(data).digest()).isEqualTo(one.of(data).digest());
    Selection other = new Selection(List.of(), null, 4L, 10);
    assertThat(ids(other.of(data))).isNotEqualTo(ids(one.of(data)));
    Selection all = new Selection(List.of(), null, 3L, Integer.MAX_VALUE);
    assertThat(new HashSet<>(ids(all.of(data)))).isEqualTo(new HashSet<>(ids(data)));
    assertThat(one).hasToString("shuffled by seed 3, the first 10");
    assertThat(Selection.ALL).hasToString("all rows");
    assertThat(
            new Selection(
                List.of(Where.parse("kind = colour"), Where.parse("n>3")),
                Split.parse("test:.8@5"),
                null,
                7))
        .hasToString("where kind=colour and n>3, part test:0.8:picture@5, the first 7");
  }

  @Test
  void noPictureIsOnBothSides() {
    for (long seed = 0; seed < 5; seed++) {
      List<Example> train =
          new Split(Split.Side.TRAIN, .7, Split.PICTURE, seed).of(data.examples());
      List<Example> test = new Split(Split.Side.TEST, .7, Split.PICTURE, seed).of(data.examples());
      Set<String> seen = new HashSet<>(digests(train));
      assertThat(digests(test)).as("seed %d", seed).doesNotContainAnyElementsOf(seen);
      assertThat(train.size() + test.size()).isEqualTo(40);
      // Nine pictures by what is in them, of which six are for training.
      assertThat(seen).hasSize(6);
      List<Example> turned = new ArrayList<>(data.examples()).reversed();
      assertThat(new Split(Split.Side.TRAIN, .7, Split.PICTURE, seed).of(turned))
          .as("whatever the order of the rows")
          .containsExactlyInAnyOrderElementsOf(train);
    }
  }

  private static List<String> digests(List<Example> examples) {
    return examples.stream()
        .flatMap(one -> one.images().stream())
        .map(ImageSource::digest)
        .distinct()
        .toList();
  }

  /// An example with two pictures ties all others of both together.
  @Test
  void picturesThatAreSeenTogetherStayTogether() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      lines.append(
          "{\"images\": [\"%d.png\", \"%d.png\"], \"question\": \"Which?\"}%n".formatted(i, i + 1));
    }
    DataSet chain =
        DataSets.open(Fixtures.write(folder, "c.jsonl", lines.toString()), DataOptions.DEFAULT);
    List<Example> train = Split.parse("train:0.5").of(chain.examples());
    assertThat(train.size()).isIn(0, 8);
  }

  @Test
  void splitsByAField() {
    List<Example> train = Split.parse("train:0.5:kind@1").of(data.examples());
    assertThat(train.stream().map(Example::kind).distinct()).hasSize(1);
    assertThatThrownBy(() -> Split.parse("train:0.5:scene").of(data.examples()))
        .hasMessageContaining("has no 'scene' to be grouped by");
    for (String wrong : List.of("train", "train:1.5", "train:0", "dev:0.5", "train:.5@x")) {
      assertThatThrownBy(() -> Split.parse(wrong)).hasMessageContaining("is no part of a data set");
    }
  }
}
