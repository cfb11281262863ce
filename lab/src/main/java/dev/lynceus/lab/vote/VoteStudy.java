package dev.lynceus.lab.vote;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.strategy.Choice;
import dev.lynceus.lab.strategy.Labels;
import dev.lynceus.lab.strategy.Speaker;
import dev.lynceus.lab.strategy.Wordings;
import dev.lynceus.run.Generation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Holds a vote on one question: explanations are drawn, an answer is read after each, and the
/// answers are added up in five ways.
///
/// ```java
/// Speaker speaker = new Speaker(Asking.of(model), 64, Progress.NONE);
/// Wordings wordings = Wordings.of(VotePrompts.STEPS, model, Map.of());
/// VoteReport report = new VoteStudy(speaker, wordings, question, List.of(image), VoteSettings.USUAL).hold();
/// ```
///
/// @param images of the question; none for a model of texts
public record VoteStudy(
    Speaker speaker,
    Wordings wordings,
    String question,
    List<RgbImage> images,
    VoteSettings settings) {
  private static final double[] GAMMAS = {0, .5, 1, 2, 4, 8};

  public VoteStudy {
    images = List.copyOf(images);
    if (images.isEmpty()
        && (settings.weights().contains(Weight.IMAGE) || settings.weights().contains(Weight.MAP))) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "without a picture no explanation can be weighed by one",
          "Use --weigh-by score, or none.");
    }
  }

  /// An explanation, and the answer that was drawn after it.
  private record Drawn(String explanation, int[] ids, String said) {}

  /// What follows from an explanation, whoever drew it.
  private record Judged(
      Choice choice, Optional<Double> score, Optional<Double> blank, Optional<Double> map) {

    double weight(List<Weight> weights) {
      double product = 1;
      for (Weight one : weights) {
        product *=
            switch (one) {
              case SCORE -> score.orElseThrow();
              case IMAGE -> Math.max(0, score.orElseThrow() - blank.orElseThrow());
              // An explanation that names nothing agrees with no map.
              case MAP -> map.filter(Double::isFinite).orElse(0.0);
            };
      }
      return product;
    }
  }

  /// Holds it.
  ///
  /// @throws LynceusException CANCELLED; UNSUPPORTED_MODEL where a model has no maps and they are
  ///   asked for
  public VoteReport hold() {
    List<String> notes = new ArrayList<>();
    String direct = speaker.say(words(VotePrompts.DIRECT, ""), images);
    String plain = speaker.say(words(VotePrompts.EXPLAIN, ""), images);
    String plainSaid = speaker.say(words(VotePrompts.ANSWER, plain), readFrom());
    List<Drawn> drawn = drawn();
    List<String> labels = labels(drawn, direct, plainSaid);
    Optional<MapAgreement> maps = maps();
    Map<String, Judged> judged = new HashMap<>();
    for (Drawn one : drawn) {
      if (!judged.containsKey(one.explanation())) {
        judged.put(one.explanation(), judge(one, labels, maps));
      }
    }
    Ensemble ensemble =
        new Ensemble(
            drawn.stream()
                .map(one -> {
                  Judged known = Objects.requireNonNull(judged.get(one.explanation()));
                  return new Ensemble.Vote(
                      Labels.meant(one.said(), labels),
                      known.choice().probabilities(),
                      known.weight(settings.weights()));
                })
                .toList(),
            settings.gamma());
    double[] ease = ensemble.ease();
    String winner = labels.get(Ensemble.best(ease));
    note(notes, drawn, ensemble, labels);
    return new VoteReport(
        question,
        direct,
        labels,
        settings.by().name().toLowerCase(java.util.Locale.ROOT),
        settings.answers().name().toLowerCase(java.util.Locale.ROOT),
        settings.temperature(),
        settings.seed(),
        settings.gamma(),
        settings.weights().stream().map(Weight::label).toList(),
        samples(drawn, judged, ensemble, labels, winner),
        totals(direct, plain, plainSaid, ensemble, labels),
        gammas(ensemble, labels),
        speaker.asked(),
        wordings.texts().entrySet().stream()
            .map(step -> new VoteReport.Prompted(step.getKey(), step.getValue()))
            .toList(),
        notes);
  }

  private String words(String step, String explanation) {
    return wordings.fill(step, Map.of("question", question, "explanation", explanation));
  }

  /// The pictures that an answer is read from.
  private List<RgbImage> readFrom() {
    return switch (settings.answers()) {
      case SEEN -> images;
      case TOLD -> speaker.speaksBlind() ? List.of() : blank();
    };
  }

  private List<RgbImage> blank() {
    return images.stream().map(Speaker::blank).toList();
  }

  private List<Drawn> drawn() {
    List<Drawn> drawn = new ArrayList<>();
    if (!settings.given().isEmpty()) {
      for (String explanation : settings.given()) {
        int[] ids =
            speaker.model().tokenizer().wordIds(explanation).stream()
                .mapToInt(Integer::intValue)
                .toArray();
        String said = speaker.say(words(VotePrompts.ANSWER, explanation), readFrom());
        drawn.add(new Drawn(explanation.strip(), ids, said));
      }
      return drawn;
    }
    for (long seed : Speaker.seeds(settings.seed(), settings.samples())) {
      Generation.Answer explanation =
          speaker.draw(words(VotePrompts.EXPLAIN, ""), images, settings.temperature(), seed);
      String text = explanation.text().strip();
      String said =
          speaker
              .draw(words(VotePrompts.ANSWER, text), readFrom(), settings.temperature(), ~seed)
              .text()
              .strip();
      drawn.add(new Drawn(text, explanation.ids(), said));
    }
    return drawn;
  }

  private List<String> labels(List<Drawn> drawn, String direct, String plain) {
    if (!settings.labels().isEmpty()) {
      return settings.labels();
    }
    // Of answers with the same words the most probable way to say it stands for all.
    List<String> said = new ArrayList<>(List.of(direct, plain));
    drawn.forEach(one -> said.add(one.said()));
    List<String> labels = Labels.of(said);
    if (labels.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the model answers nothing, so there is nothing to vote on",
          "Name the answers with --candidates.");
    }
    return labels;
  }

  private Optional<MapAgreement> maps() {
    return settings.weights().contains(Weight.MAP)
        ? Optional.of(
            new MapAgreement(
                speaker.model(),
                speaker.prompt(words(VotePrompts.DIRECT, ""), images),
                settings.map().orElse(""),
                speaker.tokens(),
                settings.seed()))
        : Optional.empty();
  }

  private Judged judge(Drawn one, List<String> labels, Optional<MapAgreement> maps) {
    Choice choice =
        speaker.choose(
            words(VotePrompts.ANSWER, one.explanation()), readFrom(), labels, settings.by());
    Weigher weigher = new Weigher(speaker, wordings, settings.scorer());
    boolean scores =
        settings.weights().contains(Weight.SCORE) || settings.weights().contains(Weight.IMAGE);
    Optional<Double> score =
        scores
            ? Optional.of(weigher.score(question, one.explanation(), choice.answer(), images))
            : Optional.empty();
    Optional<Double> blank =
        settings.weights().contains(Weight.IMAGE)
            ? Optional.of(weigher.score(question, one.explanation(), choice.answer(), blank()))
            : Optional.empty();
    Optional<Double> map =
        maps.map(agreement ->
            agreement.of(
                speaker, words(VotePrompts.EXPLAIN, ""), images, one.explanation(), one.ids()));
    return new Judged(choice, score, blank, map);
  }

  private List<VoteReport.Sample> samples(
      List<Drawn> drawn,
      Map<String, Judged> judged,
      Ensemble ensemble,
      List<String> labels,
      String winner) {
    double[] shares = ensemble.weights();
    double[] ease = ensemble.ease();
    int won = labels.indexOf(winner);
    Map<String, Double> blind = new HashMap<>();
    List<VoteReport.Sample> samples = new ArrayList<>();
    for (int j = 0; j < drawn.size(); j++) {
      Drawn one = drawn.get(j);
      Judged known = Objects.requireNonNull(judged.get(one.explanation()));
      int label = ensemble.votes().get(j).label();
      double[] without = drawn.size() < 2 ? new double[0] : ensemble.without(j).ease();
      Optional<Double> blank = Optional.empty();
      if (settings.answers() == VoteSettings.Answers.SEEN && !images.isEmpty()) {
        blank =
            Optional.of(
                blind.computeIfAbsent(
                    one.explanation(),
                    explanation ->
                        speaker
                            .choose(
                                words(VotePrompts.ANSWER, explanation),
                                blank(),
                                labels,
                                settings.by())
                            .of(winner)));
      }
      samples.add(
          new VoteReport.Sample(
              j,
              one.explanation(),
              one.said(),
              label < 0 ? "" : labels.get(label),
              known.choice().probabilities(),
              known.choice().answer(),
              label == known.choice().best(),
              known.score(),
              known.blank(),
              known.map().filter(Double::isFinite),
              ensemble.votes().get(j).weight(),
              shares[j],
              boxed(without),
              without.length == 0 ? Double.NaN : ease[won] - without[won],
              blank));
    }
    return samples;
  }

  private List<VoteReport.Total> totals(
      String direct, String plain, String plainSaid, Ensemble ensemble, List<String> labels) {
    Choice alone = speaker.choose(words(VotePrompts.DIRECT, ""), images, labels, settings.by());
    Choice greedy =
        speaker.choose(words(VotePrompts.ANSWER, plain), readFrom(), labels, settings.by());
    return List.of(
        total(
            "direct", "no explanation, most probable tokens", Labels.meant(direct, labels), alone),
        total(
            "greedy",
            "one explanation, most probable tokens",
            Labels.meant(plainSaid, labels),
            greedy),
        total(
            "majority",
            "most frequent drawn answer (self-consistency)",
            ensemble.majority(),
            labels),
        total("soft", "mean of the probabilities", ensemble.soft(), labels),
        total("ease", "mean of the probabilities by the weights", ensemble.ease(), labels));
  }

  private static VoteReport.Total total(String name, String what, int said, Choice choice) {
    return new VoteReport.Total(
        name, what, said < 0 ? choice.answer() : choice.labels().get(said), choice.probabilities());
  }

  private static VoteReport.Total total(
      String name, String what, double[] distribution, List<String> labels) {
    return new VoteReport.Total(
        name, what, labels.get(Ensemble.best(distribution)), boxed(distribution));
  }

  private static List<VoteReport.Exponent> gammas(Ensemble ensemble, List<String> labels) {
    List<VoteReport.Exponent> gammas = new ArrayList<>();
    for (double gamma : GAMMAS) {
      double[] ease = ensemble.withGamma(gamma).ease();
      int best = Ensemble.best(ease);
      gammas.add(new VoteReport.Exponent(gamma, labels.get(best), ease[best]));
    }
    return gammas;
  }

  private void note(List<String> notes, List<Drawn> drawn, Ensemble ensemble, List<String> labels) {
    if (drawn.size() > 1 && drawn.stream().map(Drawn::explanation).distinct().count() == 1) {
      notes.add(
          "All explanations are the same: there is nothing to weigh. A higher temperature draws others.");
    }
    long none = ensemble.votes().stream().filter(vote -> vote.label() < 0).count();
    if (none > 0) {
      notes.add(
          "%d of %d drawn answers %s none of the candidates, and count for nothing in the majority."
              .formatted(none, drawn.size(), none == 1 ? "is" : "are"));
    }
    if (ensemble.votes().stream().allMatch(vote -> vote.weight() == 0)) {
      notes.add("Every weight is 0, so they count as equal.");
    }
    if (settings.labels().isEmpty()) {
      notes.add(
          labels.size() == 1
              ? "Only one answer was drawn, so nothing is decided; --candidates names others."
              : "It is decided among the answers that were drawn; --candidates names others.");
    }
  }

  private static List<Double> boxed(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
