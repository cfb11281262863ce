package dev.lynceus.method.attention;

import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;

/// The attention probabilities of the rows that predict an answer, of every layer and head. Each
/// row sums to 1 over the positions up to it; later positions have 0.
public final class AttentionRows {
  private final int firstRow;
  private final float[][][][] rows;

  private AttentionRows(int firstRow, float[][][][] rows) {
    this.firstRow = firstRow;
    this.rows = rows;
  }

  /// What a run must keep.
  ///
  /// @param firstRow the row that predicts the first token of the answer
  public static Capture capture(int firstRow) {
    return Capture.of(Capture.request(Point.PATTERN).at(Positions.from(firstRow)));
  }

  /// Reads the rows of a run of one prompt.
  ///
  /// @param count how many rows from `firstRow` on
  public static AttentionRows of(Run run, int firstRow, int count) {
    int layers = run.model().model().decoder().config().layers();
    int heads = run.model().model().decoder().config().heads();
    float[][][][] rows = new float[count][layers][heads][];
    for (int l = 0; l < layers; l++) {
      var kept = run.get(Point.PATTERN, l);
      float[] all = kept.toFloats();
      int[] positions = run.captured().positions(Point.PATTERN, l);
      int width = (int) kept.size(3);
      for (int i = 0; i < positions.length; i++) {
        int row = positions[i] - firstRow;
        if (row < 0 || row >= count) {
          continue;
        }
        for (int h = 0; h < heads; h++) {
          float[] one = new float[run.batch().length()];
          System.arraycopy(all, (h * positions.length + i) * width, one, 0, width);
          rows[row][l][h] = one;
        }
      }
    }
    return new AttentionRows(firstRow, rows);
  }

  public int layers() {
    return rows[0].length;
  }

  public int heads() {
    return rows[0][0].length;
  }

  /// Positions of the sequence.
  public int length() {
    return rows[0][0][0].length;
  }

  /// Mean attention over some rows, one number for each position.
  ///
  /// @param some rows of the sequence, at least one
  public double[] mean(int[] some, int layer, int head) {
    double[] sum = new double[length()];
    for (int row : some) {
      float[] one = rows[row - firstRow][layer][head];
      for (int p = 0; p < one.length; p++) {
        sum[p] += one[p] / (double) some.length;
      }
    }
    return sum;
  }

  /// Mean attention over some rows to each of some positions.
  public double[] mean(int[] some, int layer, int head, int[] positions) {
    double[] all = mean(some, layer, head);
    double[] chosen = new double[positions.length];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = all[positions[i]];
    }
    return chosen;
  }

  /// Attention from some rows to some positions together, of every layer and head: the mean over
  /// the rows of the sum over the positions.
  public HeadGrid grid(String name, int[] some, int[] positions) {
    double[][] mass = new double[layers()][heads()];
    for (int l = 0; l < mass.length; l++) {
      for (int h = 0; h < mass[l].length; h++) {
        for (double value : mean(some, l, h, positions)) {
          mass[l][h] += value;
        }
      }
    }
    return HeadGrid.of(name, positions.length, mass);
  }
}
