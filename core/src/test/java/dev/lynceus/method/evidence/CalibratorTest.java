package dev.lynceus.method.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tensor.Torch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// Thresholds of any model: they are made of labelled rows, held to account on pictures left out,
/// and read by evidence; too few rows are refused.
class CalibratorTest {
  private static final String QUESTION = "what color is the dog";

  @TempDir private Path folder;

  /// A tiny model that says nothing but words that it knows.
  private LoadedModel model() {
    Path checkpoint = TinyModels.write(folder.resolve("tiny"), Family.LLAVA_CLIP, 7);
    try {
      Files.writeString(
          checkpoint.resolve("generation_config.json"),
          "{\"suppress_tokens\": [0, 1, 2, 3, 4, 57, 58, 59, 60, 61, 62, 63]}");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Torch.setThreads(1);
    return LoadedModel.load(checkpoint, LoadOptions.DEFAULT);
  }

  private static Labels labels(int group, boolean right) {
    return new Labels(
        group, QUESTION, null, null, right, List.of("cat"), List.of("bird", "red cat"), false);
  }

  @Test
  void anyModelCanBeCalibrated() {
    try (LoadedModel model = model()) {
      Calibrator calibrator =
          new Calibrator(model, InternalConfidence.Reading.NORMED, 4, Progress.NONE);
      for (int picture = 0; picture < 36; picture++) {
        Prompt prompt = TinyModels.prompt(model, Family.LLAVA_CLIP, QUESTION, picture + 1);
        calibrator.add(labels(picture, picture % 3 > 0), prompt.pictures());
      }
      Calibration found = calibrator.measured("36 rows of a test", List.of());
      Thresholds read =
          Thresholds.parse(
                  JsonMapper.shared().writeValueAsString(found.thresholds()), "its own file")
              .fitting(model.checkpoint().version(), InternalConfidence.Reading.NORMED);
      assertThat(read).isEqualTo(found.thresholds());
      assertThat(read.premise()).as("odds of red against what is said").isNull();
      assertThat(found.pictures()).isEqualTo(36);
      Calibration.Area probability =
          found.areas().stream()
              .filter(area -> area.score().equals("PROBABILITY"))
              .findFirst()
              .orElseThrow();
      // An answer of words of form alone has no word that could be right.
      assertThat(probability.right()).isBetween(20L, 24L);
      assertThat(probability.wrong()).isBetween(10L, 12L);
      assertThat(probability.area().low())
          .as("a random model does not know what is right")
          .isLessThan(.7);
      int judged =
          found.kinds().stream()
              .filter(kind -> Set.of("right, decisive", "right No", "wrong").contains(kind.what()))
              .mapToInt(kind -> kind.due().of())
              .sum();
      assertThat(judged)
          .as("every word is judged once, by others' thresholds")
          .isEqualTo((int) (probability.right() + probability.wrong()));
      assertThat(read.measured()).isNotNull();

      EvidenceOptions options =
          new EvidenceOptions(InternalConfidence.Reading.NORMED, 4, read, null, null);
      Evidence evidence =
          new EvidenceExplainer(model, options, Progress.NONE)
              .explain(TinyModels.prompt(model, Family.LLAVA_CLIP, QUESTION, 99));
      assertThat(evidence.words())
          .isNotEmpty()
          .allSatisfy(word -> assertThat(word.verdict()).isNotEqualTo("uncalibrated"));
    }
  }

  @Test
  void tooFewRowsAreRefusedWithWhatIsNeeded() {
    try (LoadedModel model = model()) {
      Calibrator calibrator =
          new Calibrator(model, InternalConfidence.Reading.NORMED, 4, Progress.NONE);
      Prompt prompt = TinyModels.prompt(model, Family.LLAVA_CLIP, QUESTION, 1);
      calibrator.add(labels(0, true), prompt.pictures());
      assertThatThrownBy(() -> calibrator.measured("a row", List.of()))
          .hasMessage(
              "1 right and 0 wrong decisive words on 1 pictures are too few to calibrate on")
          .extracting("nextStep")
          .asString()
          .contains("20 right ones, 10 wrong ones and 10 pictures");
      assertThatThrownBy(() ->
              calibrator.add(
                  new Labels(1, QUESTION, null, null, null, List.of(), List.of(), false),
                  prompt.pictures()))
          .hasMessageContaining("nothing in this row");
    }
  }
}
