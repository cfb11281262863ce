package dev.lynceus.image;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an image processor does, as preprocessor settings tell it; the fields carry the names of
/// the file's keys. Steps come in this order: pad to a square, resize, centre crop, rescale,
/// normalise.
///
/// @param type the processor
/// @param doPad `do_pad`: with [ImageProcessorType#LLAVA] pad to a square with the mean colour; of
///   no effect elsewhere, because one picture alone has no batch to be padded to
/// @param doResize `do_resize`
/// @param size `size`
/// @param resample `resample`
/// @param doCenterCrop `do_center_crop`
/// @param cropSize `crop_size`
/// @param doRescale `do_rescale`
/// @param rescaleFactor `rescale_factor`, a 255th unless told otherwise
/// @param doNormalize `do_normalize`
/// @param imageMean `image_mean`, red, green, blue
/// @param imageStd `image_std`, red, green, blue
/// @param splitting `do_image_splitting` and `max_image_size`; null where a processor has none
/// @param imageGridPinpoints `image_grid_pinpoints`: the resolutions that
///   [ImageProcessorType#LLAVA_NEXT] may choose from, empty for the others
public record ImageProcessorSettings(
    ImageProcessorType type,
    boolean doPad,
    boolean doResize,
    SizeRule size,
    ResampleFilter resample,
    boolean doCenterCrop,
    Extent cropSize,
    boolean doRescale,
    double rescaleFactor,
    boolean doNormalize,
    List<Double> imageMean,
    List<Double> imageStd,
    @Nullable Splitting splitting,
    List<Extent> imageGridPinpoints) {

  /// How a picture is cut into tiles.
  ///
  /// @param on whether it is cut
  /// @param side of a tile, and of the whole picture beside them
  public record Splitting(boolean on, int side) {}

  private static final List<Double> CLIP_MEAN = List.of(0.48145466, 0.4578275, 0.40821073);
  private static final List<Double> CLIP_STD = List.of(0.26862954, 0.26130258, 0.27577711);
  private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);
  private static final Extent CROP = new Extent(224, 224);

  /// Copies the lists.
  public ImageProcessorSettings {
    imageMean = List.copyOf(imageMean);
    imageStd = List.copyOf(imageStd);
    imageGridPinpoints = List.copyOf(imageGridPinpoints);
    if (imageMean.size() != 3 || imageStd.size() != 3) {
      throw new IllegalArgumentException("mean and standard deviation need three values each");
    }
  }

  /// What the reference processor of this type does where its settings say nothing.
  public static ImageProcessorSettings defaults(ImageProcessorType type) {
    return switch (type) {
      case CLIP, LLAVA -> clip(type, List.of());
      case LLAVA_NEXT ->
          clip(
              type,
              List.of(
                  new Extent(336, 672),
                  new Extent(672, 336),
                  new Extent(672, 672),
                  new Extent(1008, 336),
                  new Extent(336, 1008)));
      case SIGLIP ->
          new ImageProcessorSettings(
              type,
              false,
              true,
              new SizeRule.Exact(224, 224),
              ResampleFilter.BICUBIC,
              false,
              CROP,
              true,
              1.0 / 255,
              true,
              HALF,
              HALF,
              null,
              List.of());
      case IDEFICS3, SMOLVLM ->
          new ImageProcessorSettings(
              type,
              true,
              true,
              new SizeRule.LongestEdge(4 * 364),
              ResampleFilter.LANCZOS,
              false,
              CROP,
              true,
              1.0 / 255,
              true,
              HALF,
              HALF,
              new Splitting(true, 364),
              List.of());
    };
  }

  private static ImageProcessorSettings clip(ImageProcessorType type, List<Extent> pinpoints) {
    return new ImageProcessorSettings(
        type,
        type == ImageProcessorType.LLAVA_NEXT,
        true,
        new SizeRule.ShortestEdge(224),
        ResampleFilter.BICUBIC,
        true,
        CROP,
        true,
        1.0 / 255,
        true,
        CLIP_MEAN,
        CLIP_STD,
        null,
        pinpoints);
  }
}
