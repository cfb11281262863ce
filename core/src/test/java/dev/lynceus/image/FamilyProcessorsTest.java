package dev.lynceus.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The processors of BLIP, ViT, LLaVA-OneVision, InternVL, Gemma 3 and Qwen-VL give, with many
/// settings and on pictures of many shapes, what the reference gives.
class FamilyProcessorsTest {
  /// The default resolutions of LLaVA-NeXT are not filled by tiles of its default size.
  private static final Map<ImageProcessorType, String> FILLED =
      Map.of(ImageProcessorType.LLAVA_NEXT, ", \"size\": 336, \"crop_size\": 336");

  @Test
  void manySettingsGiveWhatTheReferenceGives() throws IOException {
    for (String[] row : Fixtures.table("family_cases.txt", 7)) {
      String what = String.join(" ", row);
      ImageProcessor processor = parse(row[6]);
      RgbImage image =
          Fixtures.random(
              Integer.parseInt(row[0]), Integer.parseInt(row[1]), Long.parseLong(row[2]));
      InPrompt place = row[3].equals("alone") ? InPrompt.ALONE : InPrompt.AMONG_OTHERS;
      if (row[4].equals("refused")) {
        Throwable thrown = catchThrowable(() -> processor.process(image, place));
        assertThat(thrown).as(what).isInstanceOf(LynceusException.class);
        assertThat(((LynceusException) thrown).nextStep()).isNotBlank();
        continue;
      }
      ProcessedPicture picture = processor.process(image, place);
      assertThat(text(picture.layout())).as(what).isEqualTo(row[4]);
      assertThat(processor.layout(new Extent(image.height(), image.width()), place))
          .as(what)
          .isEqualTo(picture.layout());
      assertThat(sha256(picture)).as(what).isEqualTo(row[5]);
    }
  }

  /// Every processor, as it is without settings, takes pictures of every shape or says what is
  /// wrong with them.
  @ParameterizedTest
  @EnumSource(ImageProcessorType.class)
  void strangeShapesAreTakenOrRefused(ImageProcessorType type) {
    ImageProcessor processor =
        parse(
            "{\"image_processor_type\": \"%s\"%s}"
                .formatted(type.referenceName(), FILLED.getOrDefault(type, "")));
    for (int[] shape : new int[][] {{1, 1}, {1, 90}, {401, 2}, {3, 200}, {40, 41}}) {
      RgbImage image = Fixtures.random(shape[0], shape[1], 1);
      for (InPrompt place : InPrompt.values()) {
        try {
          ProcessedPicture picture = processor.process(image, place);
          assertThat(picture.views()).hasSize(picture.layout().views());
        } catch (LynceusException refused) {
          assertThat(refused.code()).isEqualTo(ErrorCode.BAD_IMAGE);
        }
      }
    }
  }

  /// What says nothing means the defaults, which name the processor as settings do.
  @ParameterizedTest
  @EnumSource(ImageProcessorType.class)
  void silentSettingsAreTheDefaults(ImageProcessorType type) {
    JsonNode silent =
        JsonMapper.shared()
            .readTree("{\"image_processor_type\": \"%s\"}".formatted(type.referenceName()));
    assertThat(new SettingsParser(silent, "settings").parse(null, ""))
        .isEqualTo(ImageProcessorSettings.defaults(type));
  }

  static String text(ViewLayout layout) {
    return switch (layout) {
      case ViewLayout.Whole _ -> "whole";
      case ViewLayout.Tiles tiles ->
          "tiles,%d,%d,%s".formatted(tiles.rows(), tiles.columns(), tiles.whole());
      case ViewLayout.Crops crops -> "crops,%d,%d".formatted(crops.rows(), crops.columns());
      case ViewLayout.Frames frames -> "frames,%d".formatted(frames.count());
      case ViewLayout.Patched patched -> text(patched.grid());
    };
  }

  static String text(PatchGrid grid) {
    return "patched,%d,%d,%d".formatted(grid.time(), grid.rows(), grid.columns());
  }

  private static String sha256(ProcessedPicture picture) {
    return picture.layout() instanceof ViewLayout.Patched patched
        ? Fixtures.sha256(new float[][] {patched.grid().flattened(picture.views())})
        : Fixtures.sha256(picture.views());
  }

  static ImageProcessor parse(String json) {
    return ImageProcessor.of(JsonMapper.shared().readTree(json), "settings");
  }
}
