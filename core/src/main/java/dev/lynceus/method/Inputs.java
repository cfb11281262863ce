package dev.lynceus.method;

import dev.lynceus.model.Attends;
import dev.lynceus.model.Model;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.run.Entering;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/// What words and pictures put into a decoder: the input of its first layer, and, with DeepStack
/// (Qwen3-VL), what is added to the residual stream at visual tokens after the first layers. Who
/// takes a picture away at the first layer only leaves it in the others, so that methods that hide
/// visual tokens, corrupt them or carry them over change all that is listed here.
///
/// Where a decoder, or an encoder before it, reads pictures by cross-attention (BLIP), they enter
/// by the features of the tower, and positions of a picture are those.
public final class Inputs {
  private Inputs() {}

  /// What a run must keep to be read by [#of(Run)].
  public static Capture capture(Model model) {
    Capture stream = Capture.of(Capture.request(Point.EMBED_MERGED));
    int deep = model.decoder().deep();
    return deep == 0
        ? stream
        : stream.and(Capture.request(Point.ADDED).layers(IntStream.range(0, deep).toArray()));
  }

  /// What entered the decoder of a run, its changes made.
  ///
  /// @param run kept what [#capture(Model)] says
  public static Entering of(Run run) {
    List<Tensor> later = new ArrayList<>();
    for (int l = 0; l < run.entering().later().size(); l++) {
      later.add(run.get(Point.ADDED, l));
    }
    return new Entering(run.get(Point.EMBED_MERGED, 0), later);
  }

  /// What the positions of pictures are: those of the prompt, or, where pictures are read by
  /// cross-attention, those of the tower's features.
  public static TokenMap seen(Run run) {
    return seen(run.model().model(), run.batch().prompts().getFirst()).orElseGet(run::tokens);
  }

  /// The same of a prompt; empty where they are its own.
  public static Optional<TokenMap> seen(Model model, Prompt prompt) {
    return model instanceof VisionLanguageModel eyes && seesByReading(model)
        ? Optional.of(
            new TokenMap(
                eyes.featureMap().spots(), prompt.pictures().stream().map(eyes::grid).toList()))
        : Optional.empty();
  }

  private static boolean reads(Run run) {
    return seesByReading(run.model().model());
  }

  /// Whether a model reads pictures by cross-attention (BLIP), so that none of their tokens stand
  /// among its words.
  public static boolean seesByReading(Model model) {
    return model instanceof VisionLanguageModel eyes && eyes.reading().isPresent();
  }

  /// Whether a model reads what it is given whole: pictures and questions by cross-attention
  /// (BLIP), or a text by itself (BERT). Its passes go through
  /// [dev.lynceus.method.gradient.FlowGraph].
  public static boolean reads(Model model) {
    return seesByReading(model) || model.attends() == Attends.ALL;
  }

  /// One change of all by which pictures enter at some of their positions.
  public static List<Intervention> at(Run run, Positions positions, Op op) {
    return at(run, positions, input -> op);
  }

  /// A change of all by which pictures enter at some of their positions.
  ///
  /// @param op made for each: the number 0 is the input of the first layer, or the features where
  ///   they are read; 1 and on what is added after the first layer and on
  public static List<Intervention> at(Run run, Positions positions, Function<Integer, Op> op) {
    return reads(run)
        ? List.of(Intervention.at(Point.vision(Site.FEATURES), 0, op.apply(0)).at(positions))
        : entering(run, positions, op);
  }

  /// A change of all that enters the decoder itself at some of its positions.
  ///
  /// @param op made for each, as for [#at]
  public static List<Intervention> entering(
      Run run, Positions positions, Function<Integer, Op> op) {
    List<Intervention> changes = new ArrayList<>();
    changes.add(Intervention.at(Point.EMBED_MERGED, 0, op.apply(0)).at(positions));
    if (visual(run, positions)) {
      for (int l = 0; l < run.entering().later().size(); l++) {
        changes.add(Intervention.at(Point.ADDED, l, op.apply(l + 1)).at(positions));
      }
    }
    return changes;
  }

  /// Whether something is added later at one of the positions.
  private static boolean visual(Run run, Positions positions) {
    int length = run.batch().length();
    TokenMap tokens = run.batch().commonTokens();
    return tokens.spots().isEmpty()
        || IntStream.of(positions.within(0, length, tokens))
            .anyMatch(p -> tokens.spots().get(p).role() == TokenMap.Role.IMAGE);
  }

  /// One of what entered a run, before its changes: numbered as for [#at]. Features are those of a
  /// run that kept what sweeps need ([Sweep#base]), its changes made.
  public static Tensor input(Run run, int number) {
    if (reads(run)) {
      return run.get(Point.vision(Site.FEATURES), 0);
    }
    Entering all = run.entering();
    return number == 0 ? all.stream() : all.later().get(number - 1);
  }
}
