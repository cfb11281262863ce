package dev.lynceus.verify;

import dev.lynceus.method.causal.ActivationPatching;
import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.Component;
import dev.lynceus.method.causal.Corruption;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.run.Batch;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Captured;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.Safetensors;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Compares causal tracing of a model that reads pictures by cross-attention (BLIP; Palit et al.,
/// arXiv 2308.14179) with `methods.safetensors`: the picture or the question corrupted, one state
/// of the question's encoder or of the decoder set back to what it was.
///
/// @param id the first token of the answer
record ReadTraceValues(LoadedModel model, Prompt prompt, Safetensors reference, int id) {
  private static final Pattern TRACE = Pattern.compile("trace\\.(image|question|shrink)\\.(.+)");
  private static final Pattern STATE = Pattern.compile("(encoder|decoder)_(.+)");
  private static final Pattern SEEN =
      Pattern.compile("(question|decoder)\\.cross_attentions\\.(\\d{1,4})");
  private static final Pattern CLEAN = Pattern.compile("clean\\.(.+)");

  /// What published code multiplies the features with.
  private static final double SHRUNK = 0.7691;

  /// A value by its name, empty if there is none of that name.
  Optional<Tensor> value(String name) {
    Matcher trace = TRACE.matcher(name);
    if (trace.matches()) {
      return corrupted(trace.group(1), trace.group(2));
    }
    Matcher clean = CLEAN.matcher(name);
    if (clean.matches()) {
      return seen(clean.group(1))
          .map(key -> {
            try (Run run = model.run(prompt, capture(key))) {
              return run.get(key.point(), key.layer()).copy();
            }
          });
    }
    if (name.equals("clean_first_step_logits")) {
      try (Run run = model.run(prompt, Capture.NONE)) {
        return Optional.of(run.logits().select(0, 0).copy());
      }
    }
    return Optional.empty();
  }

  private static Capture capture(Captured.Key key) {
    return Capture.of(Capture.request(key.point()).layers(key.layer()));
  }

  private static Optional<Captured.Key> seen(String name) {
    Matcher matcher = SEEN.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Stack stack = matcher.group(1).equals("question") ? Stack.ENCODER : Stack.DECODER;
    Point point = Point.of(stack, Site.CROSS_PATTERN);
    return Optional.of(new Captured.Key(point, Integer.parseInt(matcher.group(2))));
  }

  private Corruption corruption(String which) {
    if (which.equals("shrink")) {
      return new Corruption.Shrunk(SHRUNK);
    }
    Tensor noise = reference.tensor("noise." + which);
    return new Corruption.Added(Values.of(noise.to(DType.FLOAT32).unsqueeze(0)));
  }

  private static String where(String which) {
    return which.equals("question") ? "all" : "image";
  }

  private Optional<Tensor> corrupted(String which, String rest) {
    Optional<Captured.Key> key = seen(rest);
    Matcher state = STATE.matcher(rest);
    Capture plan =
        key.map(ReadTraceValues::capture)
            .orElseGet(() -> state.matches() ? patching(state).capture(model) : Capture.NONE);
    try (Run clean = model.run(prompt, patching("encoder", "layer").capture(model).and(plan));
        Run broken =
            model.run(Batch.of(prompt), plan, corruption(which).changes(clean, where(which), 0))) {
      if (key.isPresent()) {
        return Optional.of(broken.get(key.get().point(), key.get().layer()).copy());
      }
      return switch (rest) {
        case "corrupt_prob" -> Optional.of(vector(probability(broken)));
        case "corrupt_logits" -> Optional.of(broken.logits().select(0, 0).copy());
        case "encoder_layer_all_positions" -> Optional.of(everywhere(clean, broken));
        default -> state.matches() ? Optional.of(cells(clean, broken, state)) : Optional.empty();
      };
    }
  }

  private static ActivationPatching patching(Matcher state) {
    return patching(state.group(1), state.group(2));
  }

  private static ActivationPatching patching(String stack, String state) {
    boolean windowed = state.endsWith("_window3");
    Component site =
        switch (state.replace("_window3", "")) {
          case "self" -> Component.AFTER_ATTENTION;
          case "cross" -> Component.AFTER_CROSS;
          case "self_term" -> Component.ATTENTION;
          case "cross_term" -> Component.CROSS_ATTENTION;
          case "mlp_term" -> Component.FEED_FORWARD;
          default -> Component.LAYER;
        };
    return new ActivationPatching(site, "all", windowed ? 3 : 1)
        .in(stack.equals("encoder") ? Stack.ENCODER : Stack.DECODER);
  }

  /// `[layers, positions]`; of the decoder, which has one, `[layers]`.
  private Tensor cells(Run clean, Run broken, Matcher state) {
    ActivationPatching patching = patching(state);
    Readout readout = Readout.of(clean, OptionalInt.of(id), OptionalInt.empty());
    CausalMap map = patching.explain(broken, clean, readout, Job.QUIET);
    // For whole layers the input of the first comes before them.
    int first = patching.site() == Component.LAYER ? 1 : 0;
    double[] found =
        map.cells().stream()
            .skip(first)
            .flatMap(List::stream)
            .mapToDouble(cell -> cell.probability())
            .toArray();
    int layers = map.rows().size() - first;
    return state.group(1).equals("encoder")
        ? Tensor.of(found, layers, map.columns().size())
        : Tensor.of(found, layers);
  }

  /// What leaves a whole layer of the encoder, `[layers]`.
  private Tensor everywhere(Run clean, Run broken) {
    Point state = Point.of(Stack.ENCODER, Site.RESID_POST);
    double[] found = new double[model.model().layers(Stack.ENCODER)];
    for (int l = 0; l < found.length; l++) {
      Intervention back =
          Intervention.at(state, l, new Op.Patch(Values.of(clean.get(state, l))))
              .at(Positions.all());
      try (Run restored = broken.replay(back)) {
        found[l] = probability(restored);
      }
    }
    return vector(found);
  }

  private double probability(Run run) {
    return Torch.softmax(run.logits().reshape(-1).to(DType.FLOAT64), -1).select(0, id).item();
  }

  private static Tensor vector(double... values) {
    return Tensor.of(values, values.length);
  }
}
