package dev.lynceus.method;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.AnswerListener;
import dev.lynceus.run.Progress;
import java.util.LinkedHashMap;
import java.util.Map;

/// Where the seconds of one explanation go, and whether it shall go on: told of every step, it
/// passes it on, and stops the work where it was cancelled.
final class Laps implements Progress {
  private final Progress progress;
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private long mark = System.nanoTime();

  Laps(Progress progress) {
    this.progress = progress;
  }

  /// @throws LynceusException CANCELLED
  @Override
  public void at(String stage, long done, long total) {
    if (progress.cancelled()) {
      throw new LynceusException(
          ErrorCode.CANCELLED,
          "the explanation was stopped at " + stage,
          "Run it again to begin anew.");
    }
    progress.at(stage, done, total);
  }

  @Override
  public boolean cancelled() {
    return progress.cancelled();
  }

  /// Asks after every pass of an answer whether to go on.
  AnswerListener answering(int most) {
    return new AnswerListener() {
      @Override
      public void text(String more) {}

      @Override
      public void passed(int tokens) {
        at("answer", tokens, most);
      }
    };
  }

  /// A stage is over: what passed since the last one was its time.
  void lap(String stage) {
    long now = System.nanoTime();
    seconds.merge(stage, (now - mark) / 1e9, Double::sum);
    mark = now;
  }

  /// Seconds of each stage, in order.
  Map<String, Double> seconds() {
    return new LinkedHashMap<>(seconds);
  }
}
