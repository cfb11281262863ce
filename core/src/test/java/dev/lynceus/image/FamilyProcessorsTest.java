package dev.lynceus.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// The processors of BLIP, ViT, LLaVA-OneVision, InternVL, Gemma 3 and Qwen-VL give, with many
/// settings and on pictures of many shapes, what the reference gives.
class FamilyProcessorsTest {

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

  static String text(ViewLayout layout) {
    return switch (layout) {
      case ViewLayout.Whole _ -> "whole";
      case ViewLayout.Tiles tiles ->
          "tiles,%d,%d,%s".formatted(tiles.rows(), tiles.columns(), tiles.whole());
      case ViewLayout.Crops crops -> "crops,%d,%d".formatted(crops.rows(), crops.columns());
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

  static List<ProcessedImage> views(String json, RgbImage image) {
    return parse(json).views(image);
  }
}
