package dev.lynceus.verify;

import dev.lynceus.image.ProcessedImage;
import dev.lynceus.method.match.MatchMap;
import dev.lynceus.method.match.MatchScores;
import dev.lynceus.model.match.Matcher;
import dev.lynceus.run.Lease;
import dev.lynceus.run.LoadedMatcher;
import dev.lynceus.run.Sight;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Captured;
import dev.lynceus.tap.Labels;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Safetensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Compares a model for matching stage by stage: for all pairs pixels, ids, vectors and scores; for
/// the first picture and the first text the states of every pass and the gradients of the score.
///
/// @param pairs what the reference is about
/// @param reference the values
record MatchStages(MatchCase pairs, Judge judge, Judge gradients, Safetensors reference) {
  private static final Pattern OF_PASS =
      Pattern.compile("(vision|itm|itc|itc_image|itc_text)\\.(.+)");
  private static final Pattern NUMBERED = Pattern.compile("(.+)\\.(\\d{1,4})");
  private static final Pattern OF_TEXT =
      Pattern.compile("text\\.(\\d{1,4})\\.(input_ids|attention_mask)");
  private static final String SLOPES = "itm.grad_cross_attentions";

  List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(NaturalOrder.INSTANCE);
    names.addAll(reference.names());
    try (Scope scope = Scope.open();
        Passes passes = Passes.of(this, names)) {
      for (String name : names) {
        try (Scope inner = Scope.open()) {
          checks.add(check(name, passes));
        }
      }
    }
    return checks;
  }

  private Check check(String name, Passes passes) {
    Tensor expected = reference.tensor(name);
    java.util.regex.Matcher numbered = NUMBERED.matcher(name);
    String list = numbered.matches() ? numbered.group(1) : name;
    int number = numbered.matches() ? Integer.parseInt(numbered.group(2)) : 0;
    Optional<Captured.Key> key = key(name);
    if (key.isPresent()) {
      Captured captured = passes.of(pass(name));
      return judge.tensor(name, captured.get(key.get().point(), key.get().layer()), expected);
    }
    if (isBeyond(name)) {
      return beyond(name, expected);
    }
    java.util.regex.Matcher text = OF_TEXT.matcher(name);
    if (text.matches()) {
      return ofText(name, Integer.parseInt(text.group(1)), text.group(2), expected);
    }
    return switch (list) {
      case SLOPES -> slope(name, number, expected);
      case "pixel_values" ->
          number < pairs.pictures().size()
              ? judge.tensor(name, pixels(pairs.pictures().get(number)), expected)
              : skipped(name, expected, "no picture of that number");
      case "itm_logits" -> numbers(judge, name, pairs.logits(), expected);
      case "itc_scores" ->
          numbers(
              judge,
              name,
              pairs.scores().pairs().stream().mapToDouble(MatchScores.Pair::cosine).toArray(),
              expected);
      case "image_features" ->
          numbers(
              judge,
              name,
              some(numbered.matches(), number, pairs.pictures()).stream()
                  .flatMap(sight -> Arrays.stream(pairs.model().vectors(sight)))
                  .flatMapToDouble(Arrays::stream)
                  .toArray(),
              expected);
      case "text_features" ->
          numbers(
              judge,
              name,
              some(numbered.matches(), number, pairs.texts()).stream()
                  .map(pairs.model()::vector)
                  .flatMapToDouble(Arrays::stream)
                  .toArray(),
              expected);
      default -> skipped(name, expected, "no stage of that name");
    };
  }

  private static <T> List<T> some(boolean one, int number, List<T> all) {
    return !one ? all : number < all.size() ? List.of(all.get(number)) : List.of();
  }

  private Check ofText(String name, int number, String what, Tensor expected) {
    if (number >= pairs.texts().size()) {
      return skipped(name, expected, "no text of that number");
    }
    int[] ids = pairs.texts().get(number).tokens().ids();
    int[] ours = ids.clone();
    if (what.equals("attention_mask")) {
      Arrays.fill(ours, 1);
    }
    return judge.ids(name, ours, expected.toInts(), expected.shape());
  }

  private Check slope(String name, int layer, Tensor expected) {
    if (pairs.model().computeType().isHalf()) {
      return skipped(name, expected, "gradients are compared in float32 and float64 only");
    }
    Matcher model = pairs.model().model();
    if (layer >= model.layers(model.reader()) || !model.reads(layer)) {
      return beyond(name, expected);
    }
    int at = (int) IntStream.range(0, layer).filter(model::reads).count();
    return gradients.tensor(
        name,
        MatchMap.slopes(pairs.model(), pairs.pictures().getFirst(), pairs.texts().getFirst())
            .get(at)
            .gradient(),
        expected);
  }

  private static Tensor pixels(Sight sight) {
    ProcessedImage view = sight.picture().onlyView();
    return Tensor.of(view.pixels(), view.channels(), view.height(), view.width());
  }

  private Check beyond(String name, Tensor expected) {
    return new Check(
        judge.file(),
        name,
        expected.shape(),
        Double.NaN,
        Double.NaN,
        Verdict.FAIL,
        "this model has no such layer");
  }

  private Check skipped(String name, Tensor expected, String reason) {
    return Check.skipped(judge.file(), name, expected.shape(), reason);
  }

  private static Check numbers(Judge judge, String name, double[] ours, Tensor expected) {
    return expected.numel() == ours.length
        ? judge.tensor(name, Tensor.of(ours, expected.shape()), expected)
        : judge.tensor(name, Tensor.of(ours, ours.length), expected);
  }

  /// Compares numbers row by row.
  static Check numbers(Judge judge, String name, double[] ours, double[] theirs) {
    try (Scope scope = Scope.open()) {
      return judge.tensor(name, Tensor.of(ours, ours.length), Tensor.of(theirs, theirs.length));
    }
  }

  // ---- passes ----------------------------------------------------------------------------------

  /// The passes of the model.
  private enum Pass {
    /// A picture with a text beside it, tower included.
    TOGETHER,
    /// A picture alone.
    PICTURE,
    /// A text alone.
    TEXT
  }

  private static Pass pass(String name) {
    return name.startsWith("itc_image.")
        ? Pass.PICTURE
        : name.startsWith("itc") ? Pass.TEXT : Pass.TOGETHER;
  }

  /// The activation that a name means in its pass.
  private Optional<Captured.Key> key(String name) {
    java.util.regex.Matcher of = OF_PASS.matcher(name);
    if (!of.matches()) {
      return Optional.empty();
    }
    Matcher model = pairs.model().model();
    return stages(model).activation(stage(of)).filter(key -> model.has(key.point()));
  }

  /// The name by which the stages of other models know it.
  private String stage(java.util.regex.Matcher of) {
    String reader = pairs.model().model().reader() == Stack.QFORMER ? "qformer." : "question.";
    return of.group(1).equals("vision") ? of.group() : reader + of.group(2);
  }

  private boolean isBeyond(String name) {
    java.util.regex.Matcher of = OF_PASS.matcher(name);
    return of.matches() && stages(pairs.model().model()).beyond(stage(of));
  }

  private static StageNames stages(Matcher model) {
    return new StageNames(
        0, model.layers(Stack.VISION), model.layers(Stack.QFORMER), model.layers(Stack.ENCODER));
  }

  /// What was seen in each of them.
  private record Passes(Captured together, Captured picture, Captured text)
      implements AutoCloseable {

    static Passes of(MatchStages stages, Iterable<String> names) {
      MatchCase pairs = stages.pairs;
      LoadedMatcher loaded = pairs.model();
      Matcher model = loaded.model();
      Sight sight = pairs.pictures().getFirst();
      TokenMap words = pairs.texts().getFirst().tokens();
      try (Lease lease = loaded.lease()) {
        Captured together =
            loaded
                .run(sight, pairs.texts().getFirst(), stages.plan(names, Pass.TOGETHER), List.of())
                .captured();
        Captured picture =
            looked(
                stages.plan(names, Pass.PICTURE),
                model.labels(TokenMap.NONE),
                tap ->
                    model.pictures(
                        model.seen(
                            List.of(sight.picture()),
                            loaded.computeType(),
                            sight.flow(),
                            Tap.idle()),
                        tap));
        Captured text =
            looked(
                stages.plan(names, Pass.TEXT),
                Labels.of(point -> words),
                tap -> model.texts(List.of(words), loaded.computeType(), tap));
        return new Passes(together, picture, text);
      }
    }

    private static Captured looked(Capture plan, Labels labels, Consumer<Tap> pass) {
      Tap tap = Tap.of(plan, List.of(), labels);
      try (Scope scope = Scope.open()) {
        pass.accept(tap);
        return tap.finish();
      }
    }

    Captured of(Pass pass) {
      return switch (pass) {
        case TOGETHER -> together;
        case PICTURE -> picture;
        case TEXT -> text;
      };
    }

    @Override
    public void close() {
      together.close();
      picture.close();
      text.close();
    }
  }

  private Capture plan(Iterable<String> names, Pass pass) {
    Capture plan = Capture.NONE;
    for (String name : names) {
      Optional<Captured.Key> key = pass(name) == pass ? key(name) : Optional.empty();
      if (key.isPresent()) {
        Capture.Request request = Capture.request(key.get().point());
        plan = plan.and(key.get().point().perLayer() ? request.layers(key.get().layer()) : request);
      }
    }
    return plan;
  }
}
