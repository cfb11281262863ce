package dev.lynceus.cli;

import dev.lynceus.lab.train.StageTrainer;
import dev.lynceus.lab.train.TrainingListener;
import dev.lynceus.lab.train.TrainingLog;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// A stage that is trained at the command line: shows the progress, keeps the losses, writes the
/// checkpoint.
final class TrainingRun implements TrainingListener {
  private final Console console;
  private final boolean quiet;
  private final ProgressLine progress;
  private final Path folder;
  private final String stage;
  private final TrainingLog log;
  private double seconds;

  /// @param folder of the training
  /// @param stage its name
  TrainingRun(Console console, boolean quiet, ProgressLine progress, Path folder, String stage) {
    this.console = console;
    this.quiet = quiet;
    this.progress = progress;
    this.folder = folder;
    this.stage = stage;
    this.log = new TrainingLog(folder, stage);
  }

  /// Trains.
  ///
  /// @param steps of the whole stage
  /// @param until stop after this step at the latest
  void train(StageTrainer trainer, long steps, long until) {
    trainer.train(this, until, () -> false);
    if (trainer.done() < steps) {
      console.out().println(stage + ": stopped after step " + trainer.done());
      return;
    }
    Path checkpoint = folder.resolve(stage);
    trainer.export(checkpoint);
    console.out().println(stage + ": " + checkpoint + ", losses in " + draw());
    console.out().flush();
  }

  /// Draws the losses.
  ///
  /// @return the file of the drawing
  Path draw() {
    return log.draw();
  }

  @Override
  public void steps(
      long done, long all, double loss, Map<String, Double> right, double sinceStart, double rate) {
    seconds = sinceStart;
    log.add(done, "train", loss, right, seconds);
    progress.at(
        String.format(
            Locale.ROOT,
            "%s: loss %.4f, %.1f steps/s, %.0f s left, step",
            stage,
            loss,
            rate,
            (all - done) / rate),
        done,
        all);
  }

  @Override
  public void evaluated(long done, double loss, Map<String, Double> right) {
    log.add(done, "held-out", loss, right, seconds);
    progress.clear();
    if (!quiet) {
      console
          .err()
          .println(
              String.format(
                  Locale.ROOT,
                  "%s, step %d, held out: loss %.4f  %s",
                  stage,
                  done,
                  loss,
                  right.entrySet().stream()
                      .map(entry ->
                          String.format(Locale.ROOT, "%s %.3f", entry.getKey(), entry.getValue()))
                      .collect(Collectors.joining("  "))));
      console.err().flush();
    }
  }
}
