package dev.lynceus.image;

import dev.lynceus.error.LynceusException;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Turns a picture into what a vision tower takes, as a checkpoint's settings tell. A family whose
/// processor only has another name needs a line in [ImageProcessorType]; one that makes views in a
/// way of its own needs a record in [Cutting] and a class here.
///
/// Results are equal, bit for bit, to those of transformers 5.18 with its Pillow backend (the slow
/// processors of older releases compute the same). Its torchvision backend (the processors whose
/// names ended in `Fast`) resizes in another fixed point and folds rescaling into the
/// normalisation, so that its values differ in the last places and, at some pixels, by levels of
/// 255.
public sealed interface ImageProcessor
    permits SingleViewProcessor,
        AnyResImageProcessor,
        SplittingImageProcessor,
        BestGridImageProcessor,
        PanAndScanImageProcessor,
        PatchImageProcessor {

  /// The settings in use.
  ImageProcessorSettings settings();

  /// How the views of a picture of this size lie, without computing them.
  ///
  /// @throws LynceusException `BAD_IMAGE` if the picture is too elongated or too small
  ViewLayout layout(Extent picture, InPrompt place);

  /// Whether it sees a picture that has company in its prompt in another way than one alone.
  default boolean mindsCompany() {
    return false;
  }

  /// What the tower sees of `image`.
  ///
  /// @throws LynceusException `BAD_IMAGE` if the picture is too elongated or too small
  ProcessedPicture process(RgbImage image, InPrompt place);

  /// The views of a picture that is alone in its prompt, at least one.
  ///
  /// @throws LynceusException `BAD_IMAGE` if the picture is too elongated or too small
  default List<ProcessedImage> views(RgbImage image) {
    return process(image, InPrompt.ALONE).views();
  }

  /// A processor of these settings.
  ///
  /// @throws LynceusException `UNSUPPORTED_MODEL` if the settings do not fit each other
  static ImageProcessor of(ImageProcessorSettings settings) {
    return switch (settings.cutting()) {
      case Cutting.Uncut _ -> new SingleViewProcessor(settings);
      case Cutting.Pinpoints pinpoints -> new AnyResImageProcessor(settings, pinpoints);
      case Cutting.Split split -> new SplittingImageProcessor(settings, split);
      case Cutting.BestGrid grid -> new BestGridImageProcessor(settings, grid);
      case Cutting.PanAndScan scan -> new PanAndScanImageProcessor(settings, scan);
      case Cutting.Patches patches -> new PatchImageProcessor(settings, patches);
    };
  }

  /// A processor of the settings in `json`; errors call them `source`.
  ///
  /// @throws LynceusException `UNSUPPORTED_MODEL` for an unknown processor or an unknown way to
  ///   resize, `BAD_CHECKPOINT` for malformed settings
  static ImageProcessor of(JsonNode json, String source) {
    return of(
        new SettingsParser(json, source)
            .parse(null, SettingsFiles.text(json, "processor_class").orElse("")));
  }

  /// The processor of a checkpoint folder: the `image_processor` part of `processor_config.json` if
  /// it has one, else `preprocessor_config.json`. Settings that name no processor get the one that
  /// belongs to the `model_type` in `config.json`.
  ///
  /// @throws LynceusException `MODEL_NOT_FOUND` if there are no settings, else as for JSON
  static ImageProcessor load(Path checkpoint) {
    SettingsFiles files = new SettingsFiles(checkpoint);
    SettingsFiles.Found found = files.ofImages();
    return of(
        new SettingsParser(found.json(), found.source())
            .parse(
                files.modelType().flatMap(ImageProcessorType::ofModel).orElse(null),
                files.processorClass(found.json()).orElse("")));
  }
}
