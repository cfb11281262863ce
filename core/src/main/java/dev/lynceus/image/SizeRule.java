package dev.lynceus.image;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;

/// To what size a picture is resized, as `size` in preprocessor settings tells.
public sealed interface SizeRule {

  /// The size for a picture of `height` x `width` pixels. A side of 0 can come out for extremely
  /// elongated pictures and is refused.
  ///
  /// @throws dev.lynceus.error.LynceusException `BAD_IMAGE` if a side would be 0
  Extent target(int height, int width);

  /// Exactly this size, whatever the aspect ratio.
  record Exact(int height, int width) implements SizeRule {
    @Override
    public Extent target(int imageHeight, int imageWidth) {
      return new Extent(height, width);
    }
  }

  /// The shorter side gets this length, the other follows the aspect ratio, rounded down.
  record ShortestEdge(int length) implements SizeRule {
    @Override
    public Extent target(int height, int width) {
      int shorter = Math.min(height, width);
      double product = (double) length * Math.max(height, width);
      int longer = Extent.side(product / shorter, height, width);
      return width <= height ? new Extent(longer, length) : new Extent(length, longer);
    }
  }

  /// The shorter side gets `shortest`, unless the longer would pass `longest`, which it then gets.
  record ShortestAndLongestEdge(int shortest, int longest) implements SizeRule {
    @Override
    public Extent target(int height, int width) {
      double shorter = Math.min(height, width);
      double longer = Math.max(height, width);
      boolean limited = longer / shorter * shortest > longest;
      double raw = limited ? longest * shorter / longer : shortest;
      int size = Extent.side(Math.rint(raw), height, width);
      boolean fits = Math.min(height, width) == size;
      if (fits) {
        return new Extent(height, width);
      }
      if (width < height) {
        return new Extent(Extent.side(raw * height / width, height, width), size);
      }
      return new Extent(size, Extent.side(raw * width / height, height, width));
    }
  }

  /// The longer side gets this length, the other follows the aspect ratio, rounded down and then up
  /// to an even number; no side is longer than 4,096.
  record LongestEdge(int length) implements SizeRule {
    private static final int MOST = 4096;

    @Override
    public Extent target(int imageHeight, int imageWidth) {
      double ratio = (double) imageWidth / imageHeight;
      int width = length;
      int height = length;
      if (imageWidth >= imageHeight) {
        height = even((int) (length / ratio));
      } else {
        width = even((int) (length * ratio));
      }
      height = Math.max(height, 1);
      width = Math.max(width, 1);
      double again = (double) width / height;
      if (width >= height && width > MOST) {
        width = MOST;
        height = (int) (MOST / again);
      } else if (height > width && height > MOST) {
        height = MOST;
        width = (int) (MOST * again);
      }
      return new Extent(Math.max(height, 1), Math.max(width, 1));
    }

    private static int even(int side) {
      return side + side % 2;
    }
  }

  /// The largest size within both limits that keeps the aspect ratio; small pictures grow.
  record MaxHeightWidth(int height, int width) implements SizeRule {
    @Override
    public Extent target(int imageHeight, int imageWidth) {
      double scale = Math.min((double) height / imageHeight, (double) width / imageWidth);
      return new Extent(
          Extent.side(imageHeight * scale, imageHeight, imageWidth),
          Extent.side(imageWidth * scale, imageHeight, imageWidth));
    }
  }

  /// Sides in multiples of `unit`, with the aspect ratio kept as far as that allows, and an area of
  /// `least` to `most` pixels. Source: `smart_resize` of Qwen2VLImageProcessor and
  /// Qwen3VLVideoProcessor of transformers 5.18.
  ///
  /// @param least pixels of the smallest picture
  /// @param most pixels of the largest picture
  /// @param unit pixels that divide both sides
  record PixelRange(long least, long most, int unit) implements SizeRule {
    private static final int MOST_ELONGATED = 200;

    /// The same with another largest picture.
    PixelRange withMost(long other) {
      return new PixelRange(least, other, unit);
    }

    @Override
    public Extent target(int height, int width) {
      return target(height, width, 1, 1);
    }

    /// The size of the frames of a video of which `least` and `most` count the pixels of all frames
    /// together.
    ///
    /// @param frames how many
    /// @param temporal frames that become one step in time
    Extent targetOfAll(int height, int width, int frames, int temporal) {
      double scale = Math.max((double) unit / height, (double) unit / width);
      return scale > 1
          ? target((int) (height * scale), (int) (width * scale), frames, temporal)
          : target(height, width, frames, temporal);
    }

    private Extent target(int height, int width, int frames, int temporal) {
      if ((double) Math.max(height, width) / Math.min(height, width) > MOST_ELONGATED) {
        throw new LynceusException(
            ErrorCode.BAD_IMAGE,
            "an image of %d x %d pixels is too elongated: one side is more than %d times the other"
                .formatted(width, height, MOST_ELONGATED),
            "Crop the image to the part of interest.");
      }
      long steps = (long) Math.rint((double) frames / temporal) * temporal;
      long nearest = steps * nearest(height) * nearest(width);
      double pixels = (double) frames * height * width;
      if (nearest > most) {
        double shrink = Math.sqrt(pixels / most);
        return new Extent(below(height / shrink), below(width / shrink));
      }
      if (nearest < least) {
        double grow = Math.sqrt(least / pixels);
        return new Extent(above(height * grow, height, width), above(width * grow, height, width));
      }
      return new Extent((int) nearest(height), (int) nearest(width));
    }

    private long nearest(int length) {
      return (long) Math.rint((double) length / unit) * unit;
    }

    private int below(double length) {
      return (int) Math.max(unit, Math.floor(length / unit) * unit);
    }

    private int above(double length, int height, int width) {
      return Extent.side(Math.ceil(length / unit) * unit, height, width);
    }
  }
}
