package dev.lynceus.method.causal;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.Batch;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Positions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Steering: adds a direction to a model's states with growing strength, and random directions of
/// the same length beside it. That a direction changes an answer shows little unless random ones of
/// its length do not.
///
/// @param strengths what the direction is multiplied with; 0 changes nothing
/// @param positions where it is added (see [Positions#parse(String)]); `last` goes on with every
///   generated token
/// @param randoms how many random directions
/// @param seed of the first of them
/// @param maxTokens most tokens of the answers
public record Steering(
    List<Double> strengths, String positions, int randoms, long seed, int maxTokens) {

  /// What a strength does.
  ///
  /// @param strength what the direction was multiplied with
  /// @param steered what the next token is then
  /// @param answer what the model answers then
  /// @param randoms the same for each random direction
  public record Step(double strength, Measures steered, String answer, List<Measures> randoms) {
    public Step {
      randoms = List.copyOf(randoms);
    }
  }

  /// What steering did.
  ///
  /// @param what how the direction was found
  /// @param point where it was added
  /// @param length of the direction
  /// @param positions where it was added
  /// @param reading how well it tells the prompts apart that it was found on; empty where it was
  ///   not found on prompts, or on too few pictures
  /// @param clean without it
  /// @param steps one for each strength
  public record Result(
      String what,
      String point,
      double length,
      String positions,
      Optional<ReadingVector.Score> reading,
      Measures clean,
      List<Step> steps) {
    public Result {
      steps = List.copyOf(steps);
    }
  }

  public Steering {
    strengths = List.copyOf(strengths);
    if (strengths.isEmpty()
        || strengths.stream().anyMatch(s -> !Double.isFinite(s))
        || randoms < 0
        || maxTokens < 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "strengths %s with %d random directions".formatted(strengths, randoms),
          "Give at least one strength, and 0 or more random directions.");
    }
  }

  /// Steers a run.
  ///
  /// @param prompt of the run
  /// @param found the direction, and how well it reads
  public Result explain(
      Run run, Prompt prompt, ReadingVector.Found found, Readout readout, Job job) {
    Direction direction = found.direction();
    Places.of(run, positions);
    Positions where = Positions.parse(positions);
    List<Direction> all = new ArrayList<>();
    all.add(direction);
    for (int i = 0; i < randoms; i++) {
      all.add(direction.random(seed + i));
    }
    List<List<Intervention>> replays = new ArrayList<>();
    for (double strength : strengths) {
      all.forEach(one -> replays.add(List.of(one.times(strength, where))));
    }
    List<Measures> cells = job.run("strengths", run, replays, readout);
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < strengths.size(); i++) {
      job.at("answers", i, strengths.size());
      List<Measures> own = cells.subList(i * all.size(), (i + 1) * all.size());
      steps.add(
          new Step(
              strengths.get(i),
              own.getFirst(),
              answer(run.model(), prompt, direction.times(strengths.get(i), where)),
              own.subList(1, own.size())));
    }
    return new Result(
        direction.what(),
        direction.point().name(direction.layer()),
        direction.length(),
        positions,
        found.score(),
        readout.of(run),
        steps);
  }

  private String answer(LoadedModel model, Prompt prompt, Intervention change) {
    try (var generation =
        model.generate(
            Batch.of(prompt),
            GenerationOptions.greedy(maxTokens),
            Capture.NONE,
            List.of(change),
            text -> {})) {
      return generation.answer().text().strip();
    }
  }
}
