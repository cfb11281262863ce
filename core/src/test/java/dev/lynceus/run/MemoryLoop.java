package dev.lynceus.run;

import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Target;
import dev.lynceus.method.attention.AttentionExplainer;
import dev.lynceus.method.attention.AttentionOptions;
import dev.lynceus.method.attention.Sinks;
import dev.lynceus.method.attention.VisualRedistribution;
import dev.lynceus.method.causal.ActivationPatching;
import dev.lynceus.method.causal.AttributionPatching;
import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.CausalTracing;
import dev.lynceus.method.causal.Component;
import dev.lynceus.method.causal.Corruption;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.causal.Measures;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.method.gradient.IntegratedPixels;
import dev.lynceus.method.relevancy.RelevancyMaps;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// A program of its own that does the same many times and prints by how many bytes its resident
/// memory grew each time. Run with a heap of fixed size and without the collector's help for native
/// memory, so that nothing hides a leak.
public final class MemoryLoop {
  private static final int WARM_UP = 40;
  private static final int ROUNDS = 200;

  private final LoadedModel model;
  private final Batch batch;
  private final List<Tensor> leaked = new ArrayList<>();

  private MemoryLoop(LoadedModel model) {
    this.model = model;
    List<Prompt> prompts = new ArrayList<>();
    for (int row = 0; row < 4; row++) {
      prompts.add(
          model.raw(
              "see <image> " + "what color is the dog ".repeat(15 + row % 2),
              TinyModels.picture(model, row)));
    }
    // One activation of the residual stream has 4 * 103 * 32 * 4 = 52,736 bytes: 200 of them are 10
    // MiB.
    this.batch = Batch.of(prompts, Batch.Padding.LEFT, 3);
  }

  public static void main(String[] arguments) throws IOException {
    try (LoadedModel model = TinyModels.load(Path.of(arguments[0]), Family.LLAVA_CLIP)) {
      MemoryLoop loop = new MemoryLoop(model);
      for (String what :
          List.of(
              "run",
              "generate",
              "replay",
              "sweep",
              "causal",
              "attention",
              "gradient",
              "fail",
              "leak")) {
        // The leak is the control that growth would be seen.
        for (int i = 0; i < WARM_UP; i++) {
          loop.round(what.equals("leak") ? "run" : what);
        }
        long before = resident();
        for (int i = 0; i < ROUNDS; i++) {
          loop.round(what);
        }
        System.out.println(what + " " + (resident() - before));
      }
      loop.leaked.forEach(Tensor::close);
    }
  }

  private void round(String what) {
    Capture plan = Capture.of("resid_pre", "blocks.1.attn.hook_pattern", "vision.z", "hook_logits");
    switch (what) {
      case "run" -> model.run(batch, plan, List.of()).close();
      case "leak" -> {
        try (Run run = model.run(batch, plan, List.of())) {
          leaked.add(run.get(Point.RESID_PRE, 1).own());
        }
      }
      case "generate" -> {
        try (Generation generation =
            model.generate(
                batch,
                GenerationOptions.greedy(3),
                Capture.of("resid_pre", "blocks.1.attn.hook_pattern"),
                List.of(),
                text -> {})) {
          generation.run().get(Point.PATTERN, 1).toFloats();
          generation.run().get(Point.RESID_PRE, 2).toFloats();
          generation.run().replay(Intervention.at(Point.Z, 2, new Op.Zero())).close();
        }
      }
      case "replay" -> {
        try (Run run = model.run(batch, Capture.of("resid_pre"), List.of());
            Run one =
                run.replay(
                    List.of(Intervention.at(Point.Z, 2, new Op.Noise(3, 1)).heads(1)), plan);
            Run two = one.replay(Intervention.at(Point.PROJECTOR_OUT, 0, new Op.Scale(2)))) {
          two.logits().toFloats();
        }
      }
      case "sweep" -> sweep();
      case "causal" -> causal();
      case "attention" -> attention();
      case "gradient" -> gradient();
      case "fail" -> fail();
      default -> throw new IllegalArgumentException(what);
    }
  }

  /// All that is told about attention, with a score taken apart.
  private void attention() {
    AttentionOptions options =
        new AttentionOptions(
            Optional.empty(),
            2,
            List.of(),
            Optional.of("image"),
            new Sinks.Settings(new int[] {3}, OptionalDouble.of(1)),
            Optional.of(new VisualRedistribution(0.5, 0)),
            Optional.of(AttentionOptions.Why.parse("2.1@most")),
            2);
    new AttentionExplainer(model, options, Progress.NONE).explain(batch.prompts().getFirst());
  }

  /// A trace of as many replays as make 500 in four rounds, and estimates with re-tests.
  private void causal() {
    ActivationPatching patching = new ActivationPatching(Component.ATTENTION, "0:40", 2);
    AttributionPatching estimates =
        new AttributionPatching(Component.KEY, "image", AttributionPatching.Form.ATP_STAR, 3, 5, 1);
    Corruption corruption = new Corruption.Multiplied(2);
    try (Run clean = model.run(batch.prompts().getFirst(), both(patching, estimates))) {
      Readout readout = Readout.of(clean, OptionalInt.empty(), OptionalInt.empty());
      CausalMap map =
          new CausalTracing(corruption, "image", patching, CausalTracing.Direction.DENOISING, 1, 7)
              .explain(clean, readout, Job.QUIET);
      if (map.rows().size() * map.columns().size() * 4 < 480) {
        throw new IllegalStateException("too few replays");
      }
      try (Run broken =
          model.run(
              clean.batch(), estimates.capture(model), corruption.changes(clean, "image", 7))) {
        estimates.explain(broken, clean, readout, Measures.Metric.LOGIT, Job.QUIET);
      }
    }
  }

  private Capture both(ActivationPatching patching, AttributionPatching estimates) {
    Capture all = patching.capture(model);
    for (Capture.Request request : estimates.capture(model).requests()) {
      if (all.requests().stream().noneMatch(other -> other.point() == request.point())) {
        all = all.and(request);
      }
    }
    return all;
  }

  /// Gradients to visual tokens, to all attention, and to the pixels.
  private void gradient() {
    Prompt prompt = batch.prompts().getFirst();
    Target target = Target.token("", prompt.length() - 1, 9);
    try (Run run = model.run(prompt, Capture.NONE)) {
      new RelevancyMaps().explain(run, target, Progress.NONE);
      new IntegratedPixels(IntegratedPixels.Baseline.BLANK, 2, 2).explain(run, target);
    }
  }

  /// Batches that begin before the decoder, in its middle and at its last row, and one that fails.
  private void sweep() {
    try (Run run = model.run(batch, Sweep.base(model), List.of())) {
      int last = batch.length() - 1;
      List<List<Intervention>> replays = new ArrayList<>();
      for (int layer = 0; layer < TinyModels.LAYERS; layer++) {
        replays.add(List.of(Intervention.at(Point.Z, layer, new Op.Zero()).at(Positions.last())));
        replays.add(
            List.of(Intervention.at(Point.RESID_POST, layer, new Op.Zero()).at(Positions.of(50))));
      }
      replays.add(List.of(Intervention.at(Point.PROJECTOR_OUT, 0, new Op.Scale(2))));
      Sweep.of(run, replays, new Reader.Logits(Tensor::toDoubles)).run(Progress.NONE, Ledger.NONE);
      Capture plan = Capture.of(Capture.request(Point.PATTERN).layers(1).at(Positions.of(last)));
      Reader reader = new Reader.Activations(plan, kept -> kept.get(Point.PATTERN, 1).toDoubles());
      Sweep.of(run, replays.subList(0, 2), reader).run(Progress.NONE, Ledger.NONE);
      replays.add(List.of(Intervention.at(Point.MLP_OUT, 2, new Op.Set(Values.of(1, 2, 3)))));
      refused(() ->
          Sweep.of(run, replays, new Reader.Logits(Tensor::toDoubles))
              .run(Progress.NONE, Ledger.NONE));
    }
  }

  /// Fails late in the prompt, late in an answer, and late in a replay.
  private void fail() {
    Capture plan = Capture.of("resid_pre", "pattern");
    Intervention misfit = Intervention.at(Point.MLP_OUT, 2, new Op.Set(Values.of(1, 2, 3)));
    refused(() -> model.run(batch, plan, List.of(misfit)).close());
    Intervention broken =
        Intervention.at(Point.RESID_POST, 2, new Op.Scale(Double.NaN))
            .at(new Positions.Range(batch.length() + 1, batch.length() + 3));
    refused(() ->
        model
            .generate(batch, GenerationOptions.greedy(3), plan, List.of(broken), text -> {})
            .close());
    try (Run run = model.run(batch, Capture.of("resid_pre"), List.of())) {
      refused(() -> run.replay(List.of(misfit), plan).close());
    }
  }

  private static void refused(Runnable action) {
    try {
      action.run();
    } catch (LynceusException expected) {
      return;
    }
    throw new IllegalStateException("this should have failed");
  }

  /// Resident memory of this process in bytes, without what was freed and kept by the allocator: a
  /// leak could hide in it, and it comes and goes by itself.
  private static long resident() throws IOException {
    trim();
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    throw new IOException("no VmRSS");
  }

  /// Gives freed memory back, where the C library can.
  private static void trim() {
    Linker linker = Linker.nativeLinker();
    linker
        .defaultLookup()
        .find("malloc_trim")
        .ifPresent(function -> {
          try {
            MethodHandle trim =
                linker.downcallHandle(
                    function, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
            int ignored = (int) trim.invokeExact(0L);
          } catch (Throwable failure) {
            throw new IllegalStateException("malloc_trim failed", failure);
          }
        });
  }
}
