package dev.lynceus.lab.literacy;

/// A scale from 0 up, with a tick and a number at every step.
///
/// @param unit what all values are multiples of
/// @param perTick units between ticks
/// @param ticks steps from 0 to the end
public record Axis(int unit, int perTick, int ticks) {
  /// The value at the end.
  public int top() {
    return unit * perTick * ticks;
  }

  /// The value from one tick to the next.
  public int step() {
    return unit * perTick;
  }

  /// How many units there are.
  public int levels() {
    return perTick * ticks;
  }

  /// The number of the tick at or next to a value.
  int tick(int value) {
    return Math.clamp(Math.round((float) value / step()), 0, ticks);
  }
}
