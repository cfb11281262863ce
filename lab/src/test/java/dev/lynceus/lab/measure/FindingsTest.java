package dev.lynceus.lab.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.LynceusException;
import dev.lynceus.method.score.Ranks;
import dev.lynceus.model.Checkpoints;
import dev.lynceus.pupil.world.Box;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.tensor.file.SafetensorsWriter;
import dev.lynceus.tensor.file.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// The findings with the tuned model's own decoder in the place of the base: what must then agree
/// exactly, does.
class FindingsTest {
  private static final int SCENES = 10;

  @TempDir private static Path folder;
  private static FindingsReport report;

  @BeforeAll
  static void measure() throws IOException {
    try (LoadedModel model = LoadedModel.load("pupil", LoadOptions.DEFAULT);
        LoadedModel base = LoadedModel.load(decoder(folder.resolve("base")), LoadOptions.DEFAULT)) {
      report = new Findings(model, base, 77, Progress.NONE).measure(SCENES);
    }
  }

  /// The language model of the bundled model alone.
  private static Path decoder(Path target) throws IOException {
    Path pupil = Checkpoints.locate("pupil");
    Files.createDirectories(target);
    for (String name : List.of("tokenizer.json", "tokenizer_config.json", "chat_template.jinja")) {
      Files.copy(pupil.resolve(name), target.resolve(name));
    }
    Files.writeString(
        target.resolve("config.json"),
        JsonMapper.shared().readTree(pupil.resolve("config.json")).path("text_config").toString());
    try (Checkpoint checkpoint = Checkpoint.open(pupil)) {
      SafetensorsWriter writer = new SafetensorsWriter();
      for (String name : checkpoint.names()) {
        if (name.startsWith("language_model.")) {
          TensorInfo info = checkpoint.info(name);
          writer.add(
              name.substring("language_model.".length()),
              info.dtype(),
              info.shape(),
              checkpoint.segment(name));
        }
      }
      writer.write(target.resolve("model.safetensors"));
    }
    return target;
  }

  @Test
  void examplesLookWhereTheQuestionPoints() {
    Exam exam = Twin.exam(77);
    assertThat(report.examples()).hasSizeGreaterThanOrEqualTo(2);
    int hits = 0;
    for (FindingsReport.Example example : report.examples()) {
      Twin twin = Twin.of(exam, example.scene());
      int thing =
          example.question().equals(twin.question(twin.asked()).text())
              ? twin.asked()
              : twin.other();
      assertThat(example.question()).isEqualTo(twin.question(thing).text());
      int best = Ranks.ranking(example.map())[0];
      int row = best / example.columns();
      int column = best % example.columns();
      double side = 112.0 / example.columns();
      double x = (column + .5) * side;
      double y = (row + .5) * side;
      Box box = twin.scene().items().get(thing).box();
      hits +=
          x > box.left() - side
                  && x < box.right() + side
                  && y > box.top() - side
                  && y < box.bottom() + side
              ? 1
              : 0;
    }
    assertThat(hits).isGreaterThan(report.examples().size() * 2 / 3);
  }

  @Test
  void theDecoderAloneIsTheDecoder() {
    Agreement texts = report.agreements().get(1);

    assertThat(report.baseline())
        .usingComparatorWithPrecision(1e-4)
        .containsExactly(report.textual());
    assertThat(texts.shared().value()).isEqualTo(10);
    assertThat(texts.spearman().value()).isGreaterThan(.99);
    for (int count : new int[] {1, 3, 8}) {
      assertThat(FindingsPage.right(report, "base, texts", "texts", count))
          .isEqualTo(FindingsPage.right(report, "tuned, texts", "texts", count));
    }
  }

  @Test
  void silencingNothingChangesNothingAndTheBestHeadsMatterMoreThanOthers() {
    double whole = FindingsPage.right(report, "tuned, pictures", "none", 0);

    assertThat(whole).isGreaterThan(.7);
    assertThat(report.erasures().getFirst().right().share()).isCloseTo(whole, within(.101));
    assertThat(FindingsPage.right(report, "tuned, pictures", "pictures", 8))
        .isLessThan(FindingsPage.right(report, "tuned, pictures", "random", 8) - .3);
  }

  @Test
  void theControlsAreThere() {
    assertThat(report.kinds())
        .extracting(FindingsReport.KindHeads::kind)
        .contains("colour of a thing that is not there", "which", "exists", "count");
    assertThat(report.ablations().stream().filter(row -> row.task().equals("tuned, pictures")))
        .extracting(row -> row.chosen() + ", " + row.how())
        .contains(
            "attention, zero",
            "output, mean",
            "pictures, last row",
            "same layers, zero",
            "same layers, mean",
            "random, last row");
    // Zeros at one row are part of zeros everywhere.
    assertThat(right("pictures", "last row"))
        .isGreaterThanOrEqualTo(right("pictures", "zero") - .2);
    assertThat(report.inverted()).hasSameSizeAs(report.patches());
    FindingsReport.TextWords embeddings = report.control().getFirst();
    assertThat(embeddings.own().value()).isGreaterThan(embeddings.colour().value());
  }

  private static double right(String chosen, String how) {
    return report.ablations().stream()
        .filter(row -> row.task().equals("tuned, pictures") && row.count() == 5)
        .filter(row -> row.chosen().equals(chosen) && row.how().equals(how))
        .mapToDouble(row -> row.right().share())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void takingTheAskedThingAwayTakesTheColourAway() {
    double asked = report.erasures().get(1).right().share();
    double ground = report.erasures().get(3).right().share();

    assertThat(asked).isLessThan(ground - .4);
  }

  @Test
  void aNamedColourOfAnAbsentThingIsThatOfThePresentThingThatTheMapPointsAt() {
    assertThat(report.borrowed()).hasSize(2).extracting(Borrowed::seed).containsExactly(77L, 78L);
    for (Borrowed one : report.borrowed()) {
      assertThat(one.named().share()).isGreaterThan(one.elsewhere().share() + .3);
      Borrowed.Pointed map = one.maps().getFirst();
      assertThat(map.method()).isEqualTo("top-heads");
      assertThat(map.owner().value()).isGreaterThan(map.chance().value() + .4);
      assertThat(map.owner().value()).isGreaterThan(map.other().value() + .4);
      assertThat(one.blanks().get(0).changed().share()).as("the owner").isGreaterThan(.7);
      assertThat(one.blanks().get(1).changed().share()).as("another").isLessThan(.4);
      assertThat(one.blanks().get(2).changed().share()).as("background").isLessThan(.4);
      assertThat(one.blanks().get(3).changed().share()).as("the region").isGreaterThan(.5);
      assertThat(one.examples()).isNotEmpty();
    }
  }

  @Test
  void attentionFollowsTheQuestion() {
    assertThat(report.attention()).hasSize(2);
    for (FindingsReport.Shift shift : report.attention()) {
      assertThat(shift.asked().value()).isBetween(0., 1.);
      assertThat(shift.asked().value()).isGreaterThan(2 * shift.other().value());
    }
  }

  @Test
  void whatTheHeadsMoveIsTheColourAtTheirBestPositions() {
    FindingsReport.ValueWords picture = report.values().getFirst();

    assertThat(picture.vector()).isEqualTo("value output");
    assertThat(picture.colour().value()).isGreaterThan(2 * picture.colourElsewhere().value());
  }

  @Test
  void everyDepthIsReadAndOwnPatchesSayTheColourOnTheInputEmbeddings() {
    assertThat(report.patches())
        .extracting(FindingsReport.PatchWords::depth)
        .containsExactlyElementsOf(IntStream.rangeClosed(-1, report.layers()).boxed().toList());
    FindingsReport.PatchWords embeddings = report.patches().getFirst();
    assertThat(embeddings.colour().value()).isGreaterThan(3 * embeddings.background().value());
    assertThat(embeddings.colour().value()).isGreaterThan(3 * embeddings.otherColour().value());
  }

  @Test
  void thePageTellsTheNumbersAndNeedsNothingElse() {
    // Pictures are letters that may spell anything.
    String page =
        FindingsPage.html(report, "lynceus pupil findings --scenes <10>")
            .replaceAll("src=\"data:[^\"]*\"", "src");

    assertThat(page)
        .startsWith("<!doctype html>")
        .contains(" · Lynceus</title>")
        .contains(report.attention().getFirst().asked().text())
        .contains("&lt;10&gt;")
        .containsOnlyOnce("<script>")
        .doesNotContain("<script ")
        .doesNotContain("NaN")
        .doesNotContain("http:")
        .doesNotContain("https:");
  }

  @Test
  void aBaseOfAnotherShapeIsRefused() throws IOException {
    Path other = Files.createDirectories(folder.resolve("other"));
    try (java.util.stream.Stream<Path> files = Files.list(folder.resolve("base"))) {
      for (Path file : files.toList()) {
        Files.copy(file, other.resolve(file.getFileName()));
      }
    }
    String config = Files.readString(other.resolve("config.json"));
    Files.writeString(
        other.resolve("config.json"),
        config
            .replace("\"num_attention_heads\":8", "\"num_attention_heads\":16")
            .replace("\"num_key_value_heads\":8", "\"num_key_value_heads\":16")
            .replace("\"head_dim\":16", "\"head_dim\":8"));
    try (LoadedModel model = LoadedModel.load("pupil", LoadOptions.DEFAULT);
        LoadedModel base = LoadedModel.load(other, LoadOptions.DEFAULT)) {
      assertThatThrownBy(() -> new Findings(model, base, 1, Progress.NONE))
          .isInstanceOf(LynceusException.class)
          .hasMessageContaining("differ in layers, heads or vocabulary");
    }
  }
}
