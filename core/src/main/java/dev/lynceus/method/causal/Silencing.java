package dev.lynceus.method.causal;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.attention.HeadRef;
import dev.lynceus.run.Batch;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Stack;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/// Silences some heads together: what they write is zero at all positions, of the prompt and of the
/// answer. Beside them random heads, as many of each layer: that a model fails without some heads
/// shows little unless it does well without others of the same layers.
///
/// @param stack whose heads they are
/// @param heads that are silenced
/// @param draws how many sets of random heads
/// @param seed of them
/// @param maxTokens most tokens of the answers
public record Silencing(Stack stack, List<HeadRef> heads, int draws, long seed, int maxTokens) {
  /// How often a set is drawn anew that was drawn before.
  private static final int TRIES = 20;

  /// A set of heads, silenced.
  ///
  /// @param measured what is measured then
  /// @param answer what the model answers then
  public record Without(List<HeadRef> heads, Measures measured, String answer) {
    public Without {
      heads = List.copyOf(heads);
    }
  }

  /// What silencing did.
  ///
  /// @param clean with all heads
  /// @param answer what the model answers with all heads
  /// @param without without the heads that were named
  /// @param randoms without as many random heads of the same layers, none of them among those;
  ///   where a layer has too few others, all of these
  public record Result(Measures clean, String answer, Without without, List<Without> randoms) {
    public Result {
      randoms = List.copyOf(randoms);
    }
  }

  public Silencing {
    heads = heads.stream().distinct().toList();
    if (heads.isEmpty() || draws < 0 || maxTokens < 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%d heads to silence, beside %d random sets".formatted(heads.size(), draws),
          "Name at least one head, written layer.head, for example 3.1.");
    }
  }

  /// What the run must keep.
  public Capture capture(LoadedModel model) {
    return Sweep.base(model);
  }

  /// Silences them.
  ///
  /// @param run at whose last row the readout measures
  /// @param asked the question alone, which the model answers
  /// @throws LynceusException BAD_REQUEST for a head that there is not; CANCELLED
  public Result explain(Run run, Prompt asked, Readout readout, Job job) {
    LoadedModel model = run.model();
    StackHeads named = new StackHeads(stack, heads).in(model.model());
    List<List<HeadRef>> sets = new ArrayList<>(List.of(heads));
    sets.addAll(randoms(named, model.model().requireShape(stack).heads().count()));
    List<List<Intervention>> replays =
        sets.stream().map(set -> new StackHeads(stack, set).changes()).toList();
    List<Measures> measured = job.run("silencing", run, replays, readout);
    List<Without> all = new ArrayList<>();
    String clean = answer(model, asked, List.of());
    for (int i = 0; i < sets.size(); i++) {
      job.at("answers", i, sets.size());
      all.add(new Without(sets.get(i), measured.get(i), answer(model, asked, replays.get(i))));
    }
    return new Result(readout.of(run), clean, all.getFirst(), all.subList(1, all.size()));
  }

  /// Sets of other heads, as many of each layer, none twice where there are enough.
  private List<List<HeadRef>> randoms(StackHeads named, int count) {
    Set<List<HeadRef>> drawn = new LinkedHashSet<>();
    Random random = new Random(seed);
    for (int i = 0; i < draws * TRIES && drawn.size() < draws; i++) {
      List<HeadRef> set = new ArrayList<>();
      named
          .byLayer()
          .forEach((layer, own) -> {
            List<HeadRef> others =
                new ArrayList<>(
                    IntStream.range(0, count)
                        .mapToObj(head -> new HeadRef(layer, head))
                        .filter(head -> !own.contains(head))
                        .toList());
            Collections.shuffle(others, random);
            others.stream()
                .limit(own.size())
                .sorted(java.util.Comparator.comparingInt(HeadRef::head))
                .forEach(set::add);
          });
      if (!set.isEmpty()) {
        drawn.add(set);
      }
    }
    return List.copyOf(drawn);
  }

  private String answer(LoadedModel model, Prompt prompt, List<Intervention> changes) {
    try (var generation =
        model.generate(
            Batch.of(prompt),
            GenerationOptions.greedy(maxTokens),
            Capture.NONE,
            changes,
            text -> {})) {
      return generation.answer().text().strip();
    }
  }
}
