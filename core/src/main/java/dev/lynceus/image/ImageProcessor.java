package dev.lynceus.image;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.file.InputFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Turns a picture into what a vision tower takes, as a checkpoint's settings tell.
///
/// Results are equal, bit for bit, to those of transformers 5.18 with its Pillow backend (the slow
/// processors of older releases compute the same). Its torchvision backend (the processors whose
/// names ended in `Fast`) resizes in another fixed point and folds rescaling into the
/// normalisation, so that its values differ in the last places and, at some pixels, by levels of
/// 255.
public sealed interface ImageProcessor
    permits SingleViewProcessor, LlavaNextImageProcessor, SplittingImageProcessor {

  /// The settings in use.
  ImageProcessorSettings settings();

  /// What the tower sees of `image`, at least one view; with tiles, first the whole picture, then
  /// the tiles row by row; for Idefics3 first the tiles, then the whole.
  ///
  /// @throws LynceusException `BAD_IMAGE` if the picture is too elongated to be resized
  List<ProcessedImage> views(RgbImage image);

  /// A processor of these settings.
  static ImageProcessor of(ImageProcessorSettings settings) {
    return switch (settings.type()) {
      case CLIP, SIGLIP, LLAVA -> new SingleViewProcessor(settings);
      case LLAVA_NEXT -> new LlavaNextImageProcessor(settings);
      case IDEFICS3, SMOLVLM -> new SplittingImageProcessor(settings);
    };
  }

  /// A processor of the settings in `json`; errors call them `source`.
  ///
  /// @throws LynceusException `UNSUPPORTED_MODEL` for an unknown processor or an unknown way to
  ///   resize, `BAD_CHECKPOINT` for malformed settings
  static ImageProcessor of(JsonNode json, String source) {
    return of(new SettingsParser(json, source).parse(null));
  }

  /// The processor of a checkpoint folder: the `image_processor` part of `processor_config.json` if
  /// it has one, else `preprocessor_config.json`. Settings that name no processor get the one that
  /// belongs to the `model_type` in `config.json`.
  ///
  /// @throws LynceusException `MODEL_NOT_FOUND` if there are no settings, else as for JSON
  static ImageProcessor load(Path checkpoint) {
    Path nested = checkpoint.resolve("processor_config.json");
    JsonNode processor = InputFile.isThere(nested) ? read(nested) : null;
    JsonNode settings = processor == null ? null : processor.get("image_processor");
    if (settings != null && settings.isNull()) {
      settings = null;
    }
    Path file = settings == null ? checkpoint.resolve("preprocessor_config.json") : nested;
    if (settings == null) {
      if (!InputFile.isThere(file)) {
        throw new LynceusException(
            ErrorCode.MODEL_NOT_FOUND,
            checkpoint + " holds no preprocessor_config.json",
            "Copy that file from the model's repository into the folder.");
      }
      settings = read(file);
    }
    return of(new SettingsParser(settings, file.toString()).parse(typeOfModel(checkpoint)));
  }

  private static @Nullable ImageProcessorType typeOfModel(Path checkpoint) {
    Path config = checkpoint.resolve("config.json");
    if (!InputFile.isThere(config)) {
      return null;
    }
    JsonNode modelType = read(config).get("model_type");
    Map<String, ImageProcessorType> types =
        Map.of(
            "clip", ImageProcessorType.CLIP,
            "vipllava", ImageProcessorType.CLIP,
            "siglip", ImageProcessorType.SIGLIP,
            "llava", ImageProcessorType.LLAVA,
            "llava_next", ImageProcessorType.LLAVA_NEXT,
            "idefics3", ImageProcessorType.IDEFICS3,
            "smolvlm", ImageProcessorType.SMOLVLM);
    return modelType == null ? null : types.get(modelType.asString());
  }

  private static JsonNode read(Path file) {
    try {
      return JsonMapper.shared().readTree(InputFile.SETTINGS.bytes(file));
    } catch (JacksonException e) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          file + " is not valid JSON",
          "Restore the file from the model's repository.",
          e);
    }
  }
}
