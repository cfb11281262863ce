package dev.lynceus.model.qwenvl;

import dev.lynceus.image.PatchGrid;
import dev.lynceus.model.TowerInput;
import dev.lynceus.tap.TokenMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The patches of some pictures as one sequence: one picture after the other, squares of patches
/// that become a visual token next to each other. In a tower with windows those of a window follow
/// each other.
///
/// @param grids one for each picture
/// @param order for each visual token in the order of the tower its number in that of the pictures
/// @param windows lengths of the windows in patches, one after the other; of the pictures without
/// @param back for each visual token in the order of the pictures its number in that of the tower
record PatchInput(List<PatchGrid> grids, int[] order, int[] windows, int[] back)
    implements TowerInput {

  /// Finds the order. Source: `get_vision_window_index` of transformers 5.18.
  ///
  /// @param window visual tokens to a side of a window; 0 without windows
  static PatchInput of(List<PatchGrid> grids, int window) {
    List<Integer> order = new ArrayList<>();
    List<Integer> windows = new ArrayList<>();
    int first = 0;
    for (PatchGrid grid : grids) {
      int rows = grid.mergedRows();
      int columns = grid.mergedColumns();
      int high = window == 0 ? rows : window;
      int wide = window == 0 ? columns : window;
      for (int time = 0; time < grid.time(); time++) {
        for (int top = 0; top < rows; top += high) {
          for (int left = 0; left < columns; left += wide) {
            int before = order.size();
            for (int row = top; row < Math.min(rows, top + high); row++) {
              for (int column = left; column < Math.min(columns, left + wide); column++) {
                order.add(first + (time * rows + row) * columns + column);
              }
            }
            windows.add((order.size() - before) * grid.merge() * grid.merge());
          }
        }
      }
      first += grid.tokens();
    }
    int[] back = new int[order.size()];
    for (int i = 0; i < back.length; i++) {
      back[order.get(i)] = i;
    }
    return new PatchInput(List.copyOf(grids), ints(order), ints(windows), back);
  }

  private static int[] ints(List<Integer> numbers) {
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }

  /// Lengths of the parts that see each other where no windows are in the way: a picture, or a step
  /// in time of a video.
  int[] whole() {
    return grids.stream()
        .flatMapToInt(
            grid -> IntStream.generate(() -> grid.rows() * grid.columns()).limit(grid.time()))
        .toArray();
  }

  /// Patches to a visual token.
  private int square() {
    return grids.isEmpty() ? 1 : grids.getFirst().merge() * grids.getFirst().merge();
  }

  /// For each patch in the order of the tower its number in that of the pictures.
  int[] patchOrder() {
    int square = square();
    return Arrays.stream(order)
        .flatMap(token -> IntStream.range(token * square, (token + 1) * square))
        .toArray();
  }

  /// Where the patches lie, in the order of the tower: all rows, then all columns.
  int[][] places() {
    int[][] places = new int[2][positions()];
    int at = 0;
    for (int patch : patchOrder()) {
      int picture = 0;
      int number = patch;
      while (number >= grids.get(picture).patches()) {
        number -= grids.get(picture++).patches();
      }
      PatchGrid.Place place = grids.get(picture).place(number);
      places[0][at] = place.row();
      places[1][at++] = place.column();
    }
    return places;
  }

  /// What the patches are, in the order of the tower or of the pictures.
  ///
  /// @param tower whether in that of the tower
  TokenMap patchMap(List<TokenMap.ImageGrid> pictures, boolean tower) {
    return map(
        pictures,
        grids.stream().mapToInt(PatchGrid::patches).toArray(),
        tower ? patchOrder() : IntStream.range(0, positions()).toArray());
  }

  /// What the visual tokens are, in the order of the tower.
  TokenMap tokenMap(List<TokenMap.ImageGrid> pictures) {
    return map(pictures, grids.stream().mapToInt(PatchGrid::tokens).toArray(), order);
  }

  private static TokenMap map(List<TokenMap.ImageGrid> pictures, int[] sizes, int[] order) {
    List<TokenMap.Spot> spots = new ArrayList<>();
    for (int number : order) {
      int picture = 0;
      int within = number;
      while (within >= sizes[picture]) {
        within -= sizes[picture++];
      }
      spots.add(new TokenMap.Spot(-1, TokenMap.Role.IMAGE, within, picture));
    }
    return new TokenMap(spots, pictures);
  }

  @Override
  public int inputs() {
    return grids.isEmpty() ? 0 : 1;
  }

  @Override
  public int positions() {
    return grids.stream().mapToInt(PatchGrid::patches).sum();
  }

  @Override
  public int patches() {
    return positions();
  }

  @Override
  public int features() {
    return positions();
  }

  @Override
  public int projected() {
    return order.length;
  }

  @Override
  public long[] pixels() {
    if (grids.isEmpty()) {
      return new long[] {0, 0, 0, 0};
    }
    PatchGrid first = grids.getFirst();
    return new long[] {positions(), 3L * first.temporal(), first.side(), first.side()};
  }

  @Override
  public int views() {
    return grids.size();
  }

  @Override
  public int side() {
    return grids.getFirst().side();
  }

  @Override
  public int rows(int view) {
    return grids.get(view).rows();
  }

  @Override
  public int columns(int view) {
    return grids.get(view).columns();
  }

  @Override
  public Seat seat(int view, int row, int column) {
    int square = square();
    int first = grids.subList(0, view).stream().mapToInt(PatchGrid::patches).sum();
    int patch = first + grids.get(view).index(new PatchGrid.Place(0, row, column));
    return new Seat(0, back[patch / square] * square + patch % square);
  }

  @Override
  public float[] numbers(List<float[]> views) {
    long[] shape = pixels();
    float[] all = new float[Math.toIntExact(shape[0] * shape[1] * shape[2] * shape[3])];
    each((at, view, from) -> all[at] = views.get(view)[from]);
    return all;
  }

  @Override
  public double[] pictures(double[] numbers) {
    double[] all = new double[start(views())];
    each((at, view, from) -> all[start(view) + from] += numbers[at]);
    return all;
  }

  @FunctionalInterface
  private interface Visitor {
    /// A number of the tower's input, and that of a view which stands there.
    void at(int at, int view, int from);
  }

  private void each(Visitor visitor) {
    int at = 0;
    for (int view = 0; view < grids.size(); view++) {
      PatchGrid grid = grids.get(view);
      int width = grid.columns() * grid.side();
      int plane = width * grid.rows() * grid.side();
      for (int patch = 0; patch < grid.patches(); patch++) {
        PatchGrid.Place place = grid.place(patch);
        for (int channel = 0; channel < 3; channel++) {
          for (int frame = 0; frame < grid.temporal(); frame++) {
            for (int y = 0; y < grid.side(); y++) {
              int row = channel * plane + (place.row() * grid.side() + y) * width;
              for (int x = 0; x < grid.side(); x++) {
                visitor.at(at++, view, row + place.column() * grid.side() + x);
              }
            }
          }
        }
      }
    }
  }
}
