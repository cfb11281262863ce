package dev.lynceus.image;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.List;

/// The patches of a picture or video of any size, as the towers of Qwen-VL take them.
///
/// Patches that become one visual token stand next to each other: the order is time, then squares
/// of `merge` x `merge` patches row by row, then the patches of a square row by row. Source:
/// `patchify` of Qwen2VLImageProcessor, Qwen2VLVideoProcessor and Qwen3VLVideoProcessor of
/// transformers 5.18.
///
/// @param time steps in time: 1 for a picture, else a step for every `temporal` frames
/// @param rows rows of patches, a multiple of `merge`
/// @param columns columns of patches, a multiple of `merge`
/// @param side pixels of a side of a patch
/// @param temporal frames in one patch
/// @param merge patches of a side of the squares that become one visual token
public record PatchGrid(int time, int rows, int columns, int side, int temporal, int merge) {
  private static final int CHANNELS = 3;

  /// Refuses grids that are empty or not made of whole squares.
  public PatchGrid {
    if (Math.min(Math.min(time, side), Math.min(temporal, merge)) < 1
        || rows < merge
        || columns < merge
        || rows % merge != 0
        || columns % merge != 0) {
      throw new IllegalArgumentException(
          "no grid: %d x %d x %d patches in squares of %d".formatted(time, rows, columns, merge));
    }
  }

  /// A patch by its place.
  ///
  /// @param time step in time
  /// @param row from the top
  /// @param column from the left
  public record Place(int time, int row, int column) {}

  /// The grid of `frames` frames (1 for a picture) of the size `resized`; the last frame is
  /// repeated until the last step in time is full.
  ///
  /// @throws LynceusException `BAD_IMAGE` if whole squares of patches do not fill the size, which
  ///   comes of settings that switch the resizing off; or if there were too many patches
  static PatchGrid of(Extent resized, int frames, Cutting.Patches patches) {
    int unit = patches.unit();
    if (resized.height() % unit != 0 || resized.width() % unit != 0) {
      throw new LynceusException(
          ErrorCode.BAD_IMAGE,
          "an image of %d x %d pixels is not made of squares of %d pixels, and do_resize is off"
              .formatted(resized.width(), resized.height(), unit),
          "Give an image whose sides are multiples of " + unit + " pixels.");
    }
    PatchGrid grid =
        new PatchGrid(
            Math.ceilDiv(frames, patches.temporal()),
            resized.height() / patches.side(),
            resized.width() / patches.side(),
            patches.side(),
            patches.temporal(),
            patches.merge());
    long pixels = (long) resized.height() * resized.width();
    if (pixels * grid.time() * patches.temporal() * CHANNELS > Integer.MAX_VALUE - 8) {
      throw new LynceusException(
          ErrorCode.BAD_IMAGE,
          "%d frames of %d x %d pixels are too many patches"
              .formatted(frames, resized.width(), resized.height()),
          "Give fewer frames, or smaller ones.");
    }
    return grid;
  }

  /// Patches in all.
  public int patches() {
    return time * rows * columns;
  }

  /// Visual tokens in all: squares of patches.
  public int tokens() {
    return patches() / (merge * merge);
  }

  /// Rows of visual tokens.
  public int mergedRows() {
    return rows / merge;
  }

  /// Columns of visual tokens.
  public int mergedColumns() {
    return columns / merge;
  }

  /// Numbers of one flattened patch.
  public int patchWidth() {
    return CHANNELS * temporal * side * side;
  }

  /// Where the patch of that index lies.
  public Place place(int index) {
    if (index < 0 || index >= patches()) {
      throw new IndexOutOfBoundsException("patch " + index + " of " + patches());
    }
    int square = index / (merge * merge);
    int inside = index % (merge * merge);
    int inTime = square % (mergedRows() * mergedColumns());
    return new Place(
        square / (mergedRows() * mergedColumns()),
        inTime / mergedColumns() * merge + inside / merge,
        inTime % mergedColumns() * merge + inside % merge);
  }

  /// The index of the patch at a place, the inverse of [#place].
  public int index(Place place) {
    if (place.time < 0
        || place.time >= time
        || place.row < 0
        || place.row >= rows
        || place.column < 0
        || place.column >= columns) {
      throw new IndexOutOfBoundsException(place + " of " + this);
    }
    int square =
        (place.time * mergedRows() + place.row / merge) * mergedColumns() + place.column / merge;
    return square * merge * merge + place.row % merge * merge + place.column % merge;
  }

  /// The patches as rows of numbers, `pixel_values` of the reference.
  ///
  /// @param frames the picture, or the frames in order; the last is repeated until the last step in
  ///   time is full
  /// @return `[patches, 3 * temporal * side * side]`, row by row: within a patch channel, frame,
  ///   row, column
  public float[] flattened(List<ProcessedImage> frames) {
    if (Math.ceilDiv(frames.size(), temporal) != time) {
      throw new IllegalArgumentException(frames.size() + " frames in " + this);
    }
    float[] all = new float[patches() * patchWidth()];
    int at = 0;
    for (int index = 0; index < patches(); index++) {
      Place place = place(index);
      for (int channel = 0; channel < CHANNELS; channel++) {
        for (int step = 0; step < temporal; step++) {
          int frame = Math.min(place.time * temporal + step, frames.size() - 1);
          at = copy(frames.get(frame), channel, place, all, at);
        }
      }
    }
    return all;
  }

  private int copy(ProcessedImage view, int channel, Place place, float[] to, int start) {
    if (view.height() != rows * side || view.width() != columns * side) {
      throw new IllegalArgumentException(
          "a view of %d x %d pixels in %s".formatted(view.height(), view.width(), this));
    }
    int at = start;
    for (int y = 0; y < side; y++) {
      int row = channel * view.height() + place.row * side + y;
      System.arraycopy(view.pixels(), row * view.width() + place.column * side, to, at, side);
      at += side;
    }
    return at;
  }
}
