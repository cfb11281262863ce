package dev.lynceus.image;

/// How the views of one picture lie in it. It follows from the picture's size and the settings
/// alone ([ImageProcessor#layout]), so that placeholders can be counted before any pixel is
/// computed.
public sealed interface ViewLayout {

  /// How many views there are, at least one.
  int views();

  /// One view.
  record Whole() implements ViewLayout {
    @Override
    public int views() {
      return 1;
    }
  }

  /// Equally large tiles row by row, and the whole picture before or after them.
  ///
  /// @param whole where the view of the whole picture stands
  record Tiles(int rows, int columns, Side whole) implements ViewLayout {
    /// Where the view of the whole picture stands among the views.
    public enum Side {
      /// It is the first view.
      FIRST,
      /// It is the last view.
      LAST
    }

    /// Tiles, without the whole picture.
    public int count() {
      return rows * columns;
    }

    @Override
    public int views() {
      return count() + 1;
    }
  }

  /// The whole picture, then its crops row by row, each resized by itself; those at the right or
  /// lower edge may show less of the picture than the others.
  record Crops(int rows, int columns) implements ViewLayout {
    /// Crops, without the whole picture.
    public int count() {
      return rows * columns;
    }

    @Override
    public int views() {
      return count() + 1;
    }
  }

  /// The frames of a video, each a view of its own.
  record Frames(int count) implements ViewLayout {
    @Override
    public int views() {
      return count;
    }
  }

  /// One view of a size of its own, in patches.
  record Patched(PatchGrid grid) implements ViewLayout {
    @Override
    public int views() {
      return 1;
    }
  }
}
