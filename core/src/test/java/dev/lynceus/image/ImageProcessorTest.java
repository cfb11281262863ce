package dev.lynceus.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// Processed pixels equal those of the reference bit for bit.
class ImageProcessorTest {
  private final ImageFileReader reader = new ImageFileReader();

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"llava-llama", "llava-qwen2-siglip", "llava-next"})
  void goldensAreEqual(String family) throws IOException {
    ImageProcessor processor =
        parse(Files.readString(Fixtures.file("golden/" + family + ".preprocessor_config.json")));
    SafetensorsFile cases =
        new SafetensorsFile(Fixtures.file("golden/" + family + ".image_cases.safetensors"));
    List<String> names =
        cases.names().stream().filter(name -> name.endsWith(".pixel_values")).toList();
    assertThat(names).isNotEmpty();
    for (String name : names) {
      Path picture = Fixtures.file("golden/" + name.replace(".pixel_values", ""));
      requireEqual(processor.views(reader.read(picture)), cases.floats(name), name);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "llava-llama, hub",
    "llava-llama, v452",
    "llava-llama, v5",
    "llava-llama-bf16, hub",
    "llava-llama-fp16, hub",
    "llava-mistral-gqa, hub",
    "llava-gemma, hub",
    "llava-qwen2-siglip, hub",
    "llava-next, hub"
  })
  void modelInputsOfTheSharedGoldensAreEqual(String family, String layout) throws IOException {
    Path goldens = Fixtures.shared("goldens");
    SafetensorsFile expected =
        new SafetensorsFile(goldens.resolve(family).resolve("expected.safetensors"));
    ImageProcessor processor = ImageProcessor.load(goldens.resolve(family).resolve(layout));
    RgbImage picture = reader.read(goldens.resolve("images/photo.png"));
    requireEqual(processor.views(picture), expected.floats("pixel_values"), family);
  }

  private static void requireEqual(List<ProcessedImage> views, float[] expected, String what) {
    int at = 0;
    for (ProcessedImage view : views) {
      for (float value : view.pixels()) {
        if (at >= expected.length || value != expected[at]) {
          throw new AssertionError(what + " differs at " + at);
        }
        at++;
      }
    }
    assertThat(at).as(what).isEqualTo(expected.length);
  }

  @Test
  void manySettingsGiveWhatTheReferenceGives() throws IOException {
    for (String[] row : Fixtures.table("processor_cases.txt", 8)) {
      RgbImage image =
          Fixtures.random(
              Integer.parseInt(row[0]), Integer.parseInt(row[1]), Long.parseLong(row[2]));
      ProcessedPicture picture = parse(row[7]).process(image, InPrompt.ALONE);
      List<ProcessedImage> views = picture.views();
      assertThat(parse(row[7]).layout(new Extent(image.height(), image.width()), InPrompt.ALONE))
          .as(row[7])
          .isEqualTo(picture.layout());
      assertThat(views).as(row[7]).hasSize(Integer.parseInt(row[3]));
      assertThat(views.getFirst().height() + " " + views.getFirst().width())
          .as(row[7])
          .isEqualTo(row[4] + " " + row[5]);
      assertThat(Fixtures.sha256(views)).as(row[7]).isEqualTo(row[6]);
    }
  }

  @Test
  void aWrongOrderOfArithmeticWouldBeSeen() {
    // Negative control: folding the rescaling into mean and deviation is not equal in float.
    ImageProcessor processor = parse("{\"image_processor_type\": \"CLIPImageProcessor\"}");
    RgbImage image = Fixtures.random(300, 260, 3);
    ProcessedImage view = processor.views(image).getFirst();
    int different = 0;
    for (int i = 0; i < 224 * 224; i++) {
      int v = view.seen().samples()[3 * i] & 0xff;
      float folded = (v - (float) 0.48145466 * 255f) / ((float) 0.26862954 * 255f);
      different += folded == view.pixels()[i] ? 0 : 1;
    }
    assertThat(different).isPositive();
  }

  @Test
  void olderLayoutsMeanTheSame() {
    ImageProcessorSettings expected =
        parse(
                """
                {"image_processor_type": "CLIPImageProcessor", "size": {"shortest_edge": 336},
                 "crop_size": {"height": 336, "width": 336}, "resample": 3}
                """)
            .settings();
    for (String older :
        List.of(
            """
            {"feature_extractor_type": "CLIPFeatureExtractor", "size": 336, "crop_size": 336,
             "do_resize": true, "do_center_crop": true, "do_normalize": true, "resample": 3,
             "image_mean": [0.48145466, 0.4578275, 0.40821073],
             "image_std": [0.26862954, 0.26130258, 0.27577711]}
            """,
            """
            {"image_processor_type": "CLIPImageProcessorFast", "size": {"shortest_edge": 336},
             "crop_size": [336, 336], "data_format": "channels_first", "device": null}
            """)) {
      assertThat(parse(older).settings()).isEqualTo(expected);
    }
    assertThat(expected.normalisation().factor()).isEqualTo(1.0 / 255);
  }

  @Test
  void theNestedLayoutComesFirst() throws IOException {
    Files.writeString(
        folder.resolve("preprocessor_config.json"),
        "{\"image_processor_type\": \"CLIPImageProcessor\"}");
    Files.writeString(folder.resolve("processor_config.json"), "{\"patch_size\": 14}");
    assertThat(ImageProcessor.load(folder).settings().type()).isEqualTo(ImageProcessorType.CLIP);
    Files.writeString(
        folder.resolve("processor_config.json"),
        "{\"image_processor\": {\"image_processor_type\": \"SiglipImageProcessor\"}}");
    assertThat(ImageProcessor.load(folder).settings().type()).isEqualTo(ImageProcessorType.SIGLIP);
  }

  @Test
  void settingsWithoutATypeFollowTheModel() throws IOException {
    Files.writeString(folder.resolve("preprocessor_config.json"), "{\"size\": 56}");
    requireRefused(ErrorCode.UNSUPPORTED_MODEL, "names no image_processor_type");
    Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"llava\"}");
    assertThat(ImageProcessor.load(folder).settings().type()).isEqualTo(ImageProcessorType.LLAVA);
  }

  /// Early files of Qwen2.5-VL name a processor that never was one, and some classes that join
  /// tokenizer and processor pass settings that go before those in files.
  @Test
  void namesAndClassesOfCheckpointsAreFollowed() throws IOException {
    Path settings = folder.resolve("preprocessor_config.json");
    Files.writeString(settings, "{\"image_processor_type\": \"Qwen2_5_VLImageProcessor\"}");
    assertThat(ImageProcessor.load(folder).settings().type())
        .isEqualTo(ImageProcessorType.QWEN2_VL);
    Path config = folder.resolve("config.json");
    Files.writeString(settings, "{\"crop_to_patches\": false}");
    Files.writeString(config, "{\"model_type\": \"internvl\"}");
    assertThat(ImageProcessor.load(folder).settings().cutting())
        .isEqualTo(new Cutting.BestGrid(true, 1, 12));
    Files.writeString(config, "{\"model_type\": \"got_ocr2\"}");
    assertThat(ImageProcessor.load(folder).settings().cutting())
        .isEqualTo(new Cutting.BestGrid(false, 1, 12));
    Files.writeString(settings, "{\"do_pan_and_scan\": true}");
    Files.writeString(config, "{\"model_type\": \"gemma3\"}");
    assertThat(ImageProcessor.load(folder).settings().cutting())
        .isEqualTo(new Cutting.PanAndScan(false, 256, 4, 1.2));
    Files.writeString(
        folder.resolve("processor_config.json"), "{\"processor_class\": \"SomeProcessor\"}");
    assertThat(ImageProcessor.load(folder).settings().cutting())
        .isEqualTo(new Cutting.PanAndScan(true, 256, 4, 1.2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'image_processor_type': 'FuyuImageProcessor'} | UNSUPPORTED_MODEL | FuyuImageProcessor",
        "{'feature_extractor_type': 'BeitFeatureExtractor'} | UNSUPPORTED_MODEL |"
            + " BeitFeatureExtractor",
        "{'image_processor_type': 'CLIPImageProcessor', 'size': {'longest_edge': 5}} "
            + "| UNSUPPORTED_MODEL | longest_edge",
        "{'image_processor_type': 'CLIPImageProcessor', 'resample': 9} "
            + "| UNSUPPORTED_MODEL | resample 9",
        "{'image_processor_type': 'CLIPImageProcessor', 'size': 0} | BAD_CHECKPOINT | size",
        "{'image_processor_type': 'CLIPImageProcessor', 'size': null} | BAD_CHECKPOINT | size",
        "{'image_processor_type': 'CLIPImageProcessor', 'size': 1e9} | BAD_CHECKPOINT | size",
        "{'image_processor_type': 'CLIPImageProcessor', 'size': 2147483647} | BAD_CHECKPOINT | at most 8192",
        "{'image_processor_type': 'CLIPImageProcessor', 'crop_size': {'height': 1000000, 'width': 1000000}} "
            + "| BAD_CHECKPOINT | at most 8192",
        "{'image_processor_type': 'CLIPImageProcessor', 'image_mean': [1, 2]} "
            + "| BAD_CHECKPOINT | image_mean",
        "{'image_processor_type': 'CLIPImageProcessor', 'do_resize': 'yes'} "
            + "| BAD_CHECKPOINT | do_resize",
        "{'image_processor_type': 'SiglipImageProcessor', 'do_center_crop': true} "
            + "| BAD_CHECKPOINT | crop_size",
        "{'image_processor_type': 'LlavaNextImageProcessor', 'image_grid_pinpoints': [[300, 336]]} "
            + "| UNSUPPORTED_MODEL | 300 x 336",
        "{'image_processor_type': 'LlavaOnevisionImageProcessor', 'size': 20, "
            + "'image_grid_pinpoints': [[40, 30]]} | UNSUPPORTED_MODEL | 40 x 30",
        "{'image_processor_type': 'LlavaOnevisionImageProcessor', 'image_grid_pinpoints': []} "
            + "| BAD_CHECKPOINT | image_grid_pinpoints",
        "{'image_processor_type': 'LlavaOnevisionImageProcessor', "
            + "'size': {'max_height': 4, 'max_width': 4}} | UNSUPPORTED_MODEL | size",
        "{'image_processor_type': 'LlavaOnevisionImageProcessor', 'do_normalize': false, "
            + "'image_mean': null} | BAD_CHECKPOINT | image_mean",
        "{'image_processor_type': 'LlavaImageProcessor', 'do_pad': true, "
            + "'image_mean': [0.5, 1.2, 0.5]} | BAD_CHECKPOINT | image_mean",
        "{'image_processor_type': 'Qwen2VLImageProcessor', 'patch_size': 0} "
            + "| BAD_CHECKPOINT | patch_size",
        "{'image_processor_type': 'Qwen2VLImageProcessor', 'patch_size': 14.5} "
            + "| BAD_CHECKPOINT | patch_size",
        "{'image_processor_type': 'Qwen2VLImageProcessor', 'merge_size': 0} "
            + "| BAD_CHECKPOINT | merge_size",
        "{'image_processor_type': 'Qwen2VLImageProcessor', 'temporal_patch_size': -2} "
            + "| BAD_CHECKPOINT | temporal_patch_size",
        "{'image_processor_type': 'Qwen2VLImageProcessor', 'patch_size': 8192} "
            + "| BAD_CHECKPOINT | patch_size times merge_size",
        "{'image_processor_type': 'Qwen2VLImageProcessor', 'min_pixels': 0} "
            + "| BAD_CHECKPOINT | min_pixels",
        "{'image_processor_type': 'Qwen2VLImageProcessor', 'min_pixels': 400, 'max_pixels': 300} "
            + "| BAD_CHECKPOINT | not 400 above 300",
        "{'image_processor_type': 'Qwen2VLImageProcessor', 'min_pixels': 99999999999, "
            + "'max_pixels': 99999999999} | BAD_CHECKPOINT | at most 67108864 pixels",
        "{'image_processor_type': 'Qwen2VLImageProcessor', 'max_pixels': '9'} "
            + "| BAD_CHECKPOINT | max_pixels",
        "{'image_processor_type': 'Qwen2VLImageProcessor', 'size': 56} | BAD_CHECKPOINT | size",
        "{'image_processor_type': 'Qwen2VLImageProcessor', 'size': {'min_pixels': 4, "
            + "'max_pixels': 9}} | UNSUPPORTED_MODEL | min_pixels",
        "{'image_processor_type': 'GotOcr2ImageProcessor', 'min_patches': 5, 'max_patches': 4} "
            + "| BAD_CHECKPOINT | not 5 above 4",
        "{'image_processor_type': 'GotOcr2ImageProcessor', 'max_patches': 1000000} "
            + "| BAD_CHECKPOINT | max_patches",
        "{'image_processor_type': 'GotOcr2ImageProcessor', 'crop_to_patches': true, "
            + "'size': {'shortest_edge': 9}} | UNSUPPORTED_MODEL | crop_to_patches",
        "{'image_processor_type': 'Gemma3ImageProcessor', 'pan_and_scan_min_crop_size': 0} "
            + "| BAD_CHECKPOINT | pan_and_scan_min_crop_size",
        "{'image_processor_type': 'Gemma3ImageProcessor', 'pan_and_scan_max_num_crops': 0} "
            + "| BAD_CHECKPOINT | pan_and_scan_max_num_crops",
        "{'image_processor_type': 'Gemma3ImageProcessor', 'pan_and_scan_min_ratio_to_activate': "
            + "'wide'} | BAD_CHECKPOINT | pan_and_scan_min_ratio_to_activate",
        "{'image_processor_type': 'BlipImageProcessor', 'do_center_crop': true} "
            + "| BAD_CHECKPOINT | crop_size",
        "{'image_processor_type': 'ViTImageProcessor', 'size': {'longest_edge': 9}} "
            + "| UNSUPPORTED_MODEL | longest_edge",
        "[1] | BAD_CHECKPOINT | settings",
        "{'image_processor_type': | BAD_CHECKPOINT | not valid JSON"
      })
  void settingsThatAreNotUnderstoodAreRefused(String json, ErrorCode code, String message)
      throws IOException {
    Files.writeString(folder.resolve("preprocessor_config.json"), json.replace('\'', '"'));
    requireRefused(code, message);
  }

  @Test
  void aFolderWithoutSettingsIsRefused() {
    requireRefused(ErrorCode.MODEL_NOT_FOUND, "preprocessor_config.json");
  }

  private void requireRefused(ErrorCode code, String message) {
    Throwable thrown = catchThrowable(() -> ImageProcessor.load(folder));
    assertThat(thrown).isInstanceOf(LynceusException.class).hasMessageContaining(message);
    assertThat(((LynceusException) thrown).code()).isEqualTo(code);
    assertThat(((LynceusException) thrown).nextStep()).isNotBlank();
  }

  static ImageProcessor parse(String json) {
    return ImageProcessor.of(JsonMapper.shared().readTree(json), "settings");
  }
}
