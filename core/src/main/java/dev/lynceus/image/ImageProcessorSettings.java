package dev.lynceus.image;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an image processor does, as preprocessor settings tell it. Steps come in this order: pad to
/// a square, cut, resize, crop the centre, normalise.
///
/// @param type the processor
/// @param padsToSquare `do_pad` of [ImageProcessorType#LLAVA]: pad to a square with the mean
///   colour. Elsewhere `do_pad` has no effect, because one picture alone has no batch to be padded
///   to
/// @param resizing how pictures are resized
/// @param centreCrop `crop_size`; null where `do_center_crop` is off, or the processor does not
///   crop
/// @param normalisation from bytes to numbers
/// @param cutting how one picture becomes views
public record ImageProcessorSettings(
    ImageProcessorType type,
    boolean padsToSquare,
    Resizing resizing,
    @Nullable Extent centreCrop,
    Normalisation normalisation,
    Cutting cutting) {

  /// How pictures are resized.
  ///
  /// @param on `do_resize`: whether a view is resized. A processor that cuts resizes for that also
  ///   where this is off
  /// @param size `size`
  /// @param filter `resample`
  public record Resizing(boolean on, SizeRule size, ResampleFilter filter) {}

  /// From bytes to the numbers that a tower takes.
  ///
  /// @param rescales `do_rescale`
  /// @param factor `rescale_factor`, a 255th unless told otherwise
  /// @param normalises `do_normalize`
  /// @param mean `image_mean`, red, green, blue
  /// @param deviation `image_std`, red, green, blue
  public record Normalisation(
      boolean rescales,
      double factor,
      boolean normalises,
      List<Double> mean,
      List<Double> deviation) {
    /// Copies the lists.
    public Normalisation {
      mean = List.copyOf(mean);
      deviation = List.copyOf(deviation);
      if (mean.size() != 3 || deviation.size() != 3) {
        throw new IllegalArgumentException("mean and standard deviation need three values each");
      }
    }
  }

  /// What the reference processor of this type does where its settings say nothing.
  public static ImageProcessorSettings defaults(ImageProcessorType type) {
    return DefaultSettings.of(type);
  }
}
