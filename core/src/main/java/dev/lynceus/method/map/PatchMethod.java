package dev.lynceus.method.map;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Target;
import dev.lynceus.method.gradient.IntegratedGradients;
import dev.lynceus.model.Model;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.TokenMap;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A method that says of each patch how much it mattered for a word. All of them can be drawn side
/// by side and scored against the truth; to add one, write its file and its line in [#ALL].
public interface PatchMethod {

  /// All methods, the baselines last.
  List<PatchMethod> ALL =
      List.of(
          new SeeingHeadsMap(),
          new LogIncreaseMap(),
          new SeeingHeadMap(),
          new TopHeadsMap(),
          new AverageAttentionMap(),
          new SinkFreeAttentionMap(),
          new ValueWeightedAttentionMap(),
          new OcclusionMap(),
          new RiseMap(),
          new SaliencyMap(),
          new InputGradientMap(),
          new IntegratedGradientsMap(),
          new IntegratedPixelsMap(),
          new SmoothGradMap(),
          new GradCamMap(),
          new AttentionGradientMap(),
          new RelevancyMap(),
          new ComposedRelevancyMap(),
          new RolloutMap(),
          new RandomMap(),
          new CentreMap());

  /// Methods that are made only where they are named: they take hours on a large model, or are
  /// variants of others.
  List<PatchMethod> NAMED =
      List.of(
          new AttentionFlowMap(),
          new SeeingIncreaseMap(),
          new SeeingGradientMap(),
          IntegratedGradientsMap.of(1, IntegratedGradients.Baseline.MEAN),
          IntegratedGradientsMap.of(4, IntegratedGradients.Baseline.MEAN),
          IntegratedGradientsMap.of(16, IntegratedGradients.Baseline.MEAN),
          IntegratedGradientsMap.of(48, IntegratedGradients.Baseline.MEAN),
          IntegratedGradientsMap.of(16, IntegratedGradients.Baseline.ZERO));

  /// The name on the command line.
  String name();

  /// The name as pages show it, for example `Integrated gradients`.
  default String title() {
    return name().substring(0, 1).toUpperCase(Locale.ROOT) + name().substring(1).replace('-', ' ');
  }

  /// Whether it knows nothing of the model: what is no better tells nothing.
  default boolean baseline() {
    return false;
  }

  /// All methods that know something of the model.
  static List<PatchMethod> informed() {
    return ALL.stream().filter(method -> !method.baseline()).toList();
  }

  /// Whether a name is that of a baseline.
  static boolean isBaseline(String name) {
    return ALL.stream().anyMatch(method -> method.baseline() && method.name().equals(name));
  }

  /// What a value of the map is, in a few words that can follow the name; says its unit where it
  /// has one.
  String what();

  /// Who described it.
  String source();

  /// Passes that one map needs beside the clean run.
  ///
  /// @param patches of the picture
  Passes passes(int patches);

  /// How far back into the model a method looks.
  enum Reach {
    /// To the visual tokens: it makes no difference where they come from.
    DECODER,
    /// Through projector and tower to the picture, which must be part of the run.
    TOWER
  }

  /// How far back into the model it looks.
  default Reach reach() {
    return Reach.DECODER;
  }

  /// Whether it works where pictures are read by cross-attention, and no visual tokens stand among
  /// the words (BLIP).
  default boolean readsFeatures() {
    return false;
  }

  /// Methods for a model.
  ///
  /// @param chosen of which those are taken that work on it, if they are all that there are
  /// @throws LynceusException UNSUPPORTED_MODEL if one was named that does not work on it
  static List<PatchMethod> on(Model model, List<PatchMethod> chosen) {
    boolean reads = model instanceof VisionLanguageModel eyes && eyes.reading().isPresent();
    if (!reads) {
      return chosen;
    }
    List<PatchMethod> fitting = chosen.stream().filter(PatchMethod::readsFeatures).toList();
    if (!chosen.equals(ALL) && fitting.size() < chosen.size()) {
      throw new LynceusException(
          ErrorCode.UNSUPPORTED_MODEL,
          "this model reads pictures by cross-attention, for which there are no maps by "
              + chosen.stream()
                  .filter(method -> !method.readsFeatures())
                  .map(PatchMethod::name)
                  .collect(Collectors.joining(", ")),
          "Use "
              + ALL.stream()
                  .filter(PatchMethod::readsFeatures)
                  .map(PatchMethod::name)
                  .collect(Collectors.joining(", "))
              + ".");
    }
    return fitting;
  }

  /// What the clean run must keep.
  ///
  /// @param firstRow the row that predicts the word
  default Capture capture(LoadedModel model, int firstRow) {
    return Capture.NONE;
  }

  /// What the clean run of a prompt must keep, for methods that read more than the last row.
  ///
  /// @param prompt up to the word: its last row predicts it
  default Capture capture(LoadedModel model, Prompt prompt) {
    return capture(model, prompt.length() - 1);
  }

  /// The map.
  ///
  /// @param run one prompt, with what [#capture] asks for
  /// @param target the word
  /// @param view where the patches lie in the sequence and on the picture
  /// @param random for what is left to chance
  PatchMap map(Run run, Target target, TokenMap.View view, SplittableRandom random);

  /// Methods by their names.
  ///
  /// @param names separated by commas, or `all`
  /// @throws LynceusException BAD_REQUEST if there is no such method
  static List<PatchMethod> named(String names) {
    if (names.equals("all")) {
      return ALL;
    }
    return Stream.of(names.split(",", -1)).map(String::strip).map(PatchMethod::one).toList();
  }

  private static PatchMethod one(String name) {
    return Stream.concat(ALL.stream(), NAMED.stream())
        .filter(method -> method.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new LynceusException(
                ErrorCode.BAD_REQUEST,
                "there is no method '" + name + "' that maps patches",
                "Use all, "
                    + Stream.concat(ALL.stream(), NAMED.stream())
                        .map(PatchMethod::name)
                        .collect(Collectors.joining(", "))
                    + "."));
  }
}
