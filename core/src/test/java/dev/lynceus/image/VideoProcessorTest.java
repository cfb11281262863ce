package dev.lynceus.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/// Frames of videos, their sizes and their patches.
class VideoProcessorTest {
  @TempDir Path folder;

  @Test
  void manySettingsGiveWhatTheReferenceGives() throws IOException {
    for (String[] row : Fixtures.table("video_cases.txt", 7)) {
      String what = String.join(" ", row);
      VideoProcessor processor = parse(row[6]);
      List<RgbImage> frames =
          frames(
              Integer.parseInt(row[0]),
              Integer.parseInt(row[1]),
              Integer.parseInt(row[2]),
              Long.parseLong(row[3]));
      if (row[4].equals("refused")) {
        Throwable thrown = catchThrowable(() -> processor.process(frames));
        assertThat(thrown).as(what).isInstanceOf(LynceusException.class);
        continue;
      }
      ProcessedVideo video = processor.process(frames);
      PatchGrid grid = video.grid().orElseThrow();
      assertThat(FamilyProcessorsTest.text(grid)).as(what).isEqualTo(row[4]);
      assertThat(Fixtures.sha256(new float[][] {grid.flattened(video.frames())}))
          .as(what)
          .isEqualTo(row[5]);
    }
  }

  @Test
  void theLastFrameFillsTheLastStepInTime() {
    VideoProcessor processor =
        parse(
            """
            {"video_processor_type": "Qwen2VLVideoProcessor", "patch_size": 4,
             "min_pixels": 64, "max_pixels": 640}
            """);
    List<RgbImage> three = frames(3, 16, 16, 5);
    List<RgbImage> four = new ArrayList<>(three);
    four.add(three.getLast());
    PatchGrid grid = processor.grid(new Extent(16, 16), 3).orElseThrow();
    assertThat(grid.time()).isEqualTo(2);
    assertThat(grid.flattened(processor.process(three).frames()))
        .isEqualTo(grid.flattened(processor.process(four).frames()));
  }

  /// Files are looked for in the order of the reference, and an older one for pictures serves both.
  @Test
  void settingsAreFoundWhereTheyAre() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"qwen3_vl\"}");
    Files.writeString(
        folder.resolve("preprocessor_config.json"),
        "{\"image_processor_type\": \"Qwen2VLImageProcessor\", \"min_pixels\": 99}");
    VideoProcessorSettings older = VideoProcessor.load(folder).settings();
    assertThat(older.type()).isEqualTo(VideoProcessorType.QWEN2_VL);
    assertThat(older.resizing().size()).isEqualTo(new SizeRule.PixelRange(99, 28 * 28 * 768, 28));
    Files.writeString(
        folder.resolve("preprocessor_config.json"),
        "{\"image_processor_type\": \"Qwen2VLImageProcessorFast\"}");
    assertThat(VideoProcessor.load(folder).settings().type())
        .isEqualTo(VideoProcessorType.QWEN3_VL);
    Files.writeString(
        folder.resolve("video_preprocessor_config.json"),
        "{\"video_processor_type\": \"LlavaOnevisionVideoProcessor\", \"size\": 30}");
    VideoProcessorSettings own = VideoProcessor.load(folder).settings();
    assertThat(own.type()).isEqualTo(VideoProcessorType.LLAVA_ONEVISION);
    assertThat(own.resizing().size()).isEqualTo(new SizeRule.ShortestEdge(30));
    Files.writeString(
        folder.resolve("processor_config.json"),
        "{\"video_processor\": {\"video_processor_type\": \"InternVLVideoProcessor\", \"size\": 30}}");
    VideoProcessorSettings nested = VideoProcessor.load(folder).settings();
    assertThat(nested.type()).isEqualTo(VideoProcessorType.INTERNVL);
    assertThat(nested.resizing().size()).isEqualTo(new SizeRule.Exact(30, 30));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'video_processor_type': 'VivitVideoProcessor'} | UNSUPPORTED_MODEL | VivitVideoProcessor",
        "{'image_processor_type': 'CLIPImageProcessor'} | UNSUPPORTED_MODEL | no video_processor_type",
        "{'video_processor_type': 'InternVLVideoProcessor', 'do_center_crop': true} "
            + "| BAD_CHECKPOINT | crop_size",
        "{'video_processor_type': 'Qwen2VLVideoProcessor', 'max_video_tokens': 0} "
            + "| BAD_CHECKPOINT | max_video_tokens",
        "{'video_processor_type': 'Qwen3VLVideoProcessor', 'size': {'height': 4, 'width': 4}} "
            + "| UNSUPPORTED_MODEL | size",
        "{'video_processor_type': 'Qwen3VLVideoProcessor', 'size': {'shortest_edge': 4}} "
            + "| BAD_CHECKPOINT | size",
      })
  void settingsThatAreNotUnderstoodAreRefused(String json, ErrorCode code, String message) {
    requireRefused(() -> parse(json.replace('\'', '"')), code, message);
  }

  @Test
  void framesThatAreNoVideoAreRefused() {
    VideoProcessor processor = parse("{\"video_processor_type\": \"Qwen3VLVideoProcessor\"}");
    requireRefused(() -> processor.process(List.of()), ErrorCode.BAD_REQUEST, "needs frames");
    requireRefused(
        () -> processor.process(frames(1, 40, 40, 1)), ErrorCode.BAD_REQUEST, "too short");
    List<RgbImage> different = List.of(Fixtures.random(40, 40, 1), Fixtures.random(40, 41, 1));
    requireRefused(
        () -> processor.process(different), ErrorCode.BAD_REQUEST, "frame 2 of the video");
  }

  private static void requireRefused(Runnable action, ErrorCode code, String message) {
    Throwable thrown = catchThrowable(action::run);
    assertThat(thrown).isInstanceOf(LynceusException.class).hasMessageContaining(message);
    assertThat(((LynceusException) thrown).code()).isEqualTo(code);
    assertThat(((LynceusException) thrown).nextStep()).isNotBlank();
  }

  private static List<RgbImage> frames(int count, int width, int height, long seed) {
    List<RgbImage> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      frames.add(Fixtures.random(width, height, seed + i));
    }
    return frames;
  }

  private static VideoProcessor parse(String json) {
    return VideoProcessor.of(JsonMapper.shared().readTree(json), "settings");
  }
}
