package dev.lynceus.image;

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
}
