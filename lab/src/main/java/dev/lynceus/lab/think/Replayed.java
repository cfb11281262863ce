package dev.lynceus.lab.think;

import dev.lynceus.method.Unit;
import java.util.List;

/// What a replay of a record gave.
///
/// @param pictures whether every picture is the same, the original included
/// @param changed numbers of steps whose pictures differ
/// @param logs log probability of each candidate now
/// @param apart largest difference to the record
/// @param same whether pictures and numbers are the same, numbers to 1e-5
public record Replayed(
    boolean pictures,
    List<Integer> changed,
    @Unit("nats") List<Double> logs,
    @Unit("nats") double apart,
    boolean same) {
  /// Numbers that differ by less are the same: one processor adds in another order than another.
  static final double SAME = 1e-5;

  /// What it shows, in a sentence.
  public String conclusion() {
    return same
        ? "The record replays: the same pictures, and the same numbers."
        : !pictures
            ? changed.isEmpty()
                ? "The record does not replay: the original is another picture."
                : "The record does not replay: the picture%s of step %s differ%s."
                    .formatted(
                        changed.size() == 1 ? "" : "s",
                        String.join(", ", changed.stream().map(one -> one + 1 + "").toList()),
                        changed.size() == 1 ? "s" : "")
            : "The pictures are the same, and the numbers are not: they differ by %.2g nats."
                .formatted(apart);
  }
}
