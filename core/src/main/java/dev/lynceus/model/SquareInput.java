package dev.lynceus.model;

import dev.lynceus.model.vit.VitConfig;
import java.util.List;

/// Views that a tower takes one by one, all of one size.
///
/// @param views of all pictures
/// @param features positions of a view that the projector reads
/// @param projected visual tokens that it makes of a view
record SquareInput(int views, VitConfig config, int features, int projected) implements TowerInput {

  @Override
  public int inputs() {
    return views;
  }

  @Override
  public int positions() {
    return config.positions();
  }

  @Override
  public int patches() {
    return config.grid() * config.grid();
  }

  @Override
  public long[] pixels() {
    return new long[] {views, config.channels(), config.imageSize(), config.imageSize()};
  }

  @Override
  public int side() {
    return config.patchSize();
  }

  @Override
  public int rows(int view) {
    return config.grid();
  }

  @Override
  public int columns(int view) {
    return config.grid();
  }

  @Override
  public int start(int view) {
    // A side may have pixels beyond its last patch.
    return view * config.channels() * config.imageSize() * config.imageSize();
  }

  @Override
  public Seat seat(int view, int row, int column) {
    return new Seat(view, row * config.grid() + column);
  }

  @Override
  public float[] numbers(List<float[]> views) {
    float[] all = new float[views.stream().mapToInt(view -> view.length).sum()];
    int at = 0;
    for (float[] view : views) {
      System.arraycopy(view, 0, all, at, view.length);
      at += view.length;
    }
    return all;
  }

  @Override
  public double[] pictures(double[] numbers) {
    return numbers;
  }
}
