package dev.lynceus.lab.measure;

import dev.lynceus.lab.measure.WordReport.Kind;
import dev.lynceus.method.AnswerWords;
import dev.lynceus.method.FirstOrder;
import dev.lynceus.method.RowTrace;
import dev.lynceus.method.Target;
import dev.lynceus.method.WordChoice;
import dev.lynceus.method.WordChoice.Weighed;
import dev.lynceus.method.score.Share;
import dev.lynceus.pupil.world.Colour;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.tap.TokenMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Whether [WordChoice] opens on a decisive word of an answer, where it is known which words those
/// are: `brown` in `The color of the car is brown.` Where two colours are compared, the colours
/// that the answer names before its `yes` or `no` decide it too: that word follows from them. Only
/// right answers count, because of others it is not known what decides them.
public final class WordStudy {
  private static final int MOST = 48;
  private static final Set<String> COLOURS =
      Arrays.stream(Colour.values()).map(Colour::word).collect(Collectors.toUnmodifiableSet());

  private final LoadedModel model;
  private final long seed;
  private final Progress progress;

  public WordStudy(LoadedModel model, long seed, Progress progress) {
    this.model = model;
    this.seed = seed;
    this.progress = progress;
  }

  /// One right answer.
  ///
  /// @param decisive whether the chosen word is one
  /// @param raised whether the word is one to which the visual tokens bring most, first order
  /// @param part share of the answer's words that are decisive
  private record Opened(boolean decisive, boolean raised, double part, WordChoice.Reason reason) {}

  /// Measures.
  ///
  /// @param scenes each is asked one question of every kind that it allows
  public WordReport measure(int scenes) {
    Exam exam = new Exam(new World(seed, SceneRecipe.FREE));
    Map<Question.Kind, List<Opened>> opened = new EnumMap<>(Question.Kind.class);
    int[] asked = new int[Question.Kind.values().length];
    for (int number = 0; number < scenes; number++) {
      Scene scene = exam.scene(number);
      try (Pictures pictures = new Pictures(model, List.of(scene))) {
        for (Question question : exam.questions(number, scene)) {
          if (question.kind() != Question.Kind.DESCRIBE) {
            asked[question.kind().ordinal()]++;
            opened(Exchange.about(pictures, 0, question), decisive(question))
                .ifPresent(one ->
                    opened.computeIfAbsent(question.kind(), kind -> new ArrayList<>()).add(one));
          }
        }
      }
      progress.at("words", number + 1L, scenes);
    }
    List<Kind> kinds = new ArrayList<>();
    opened.forEach((kind, all) ->
        kinds.add(
            new Kind(
                kind,
                asked[kind.ordinal()],
                share(all, all.stream().filter(Opened::decisive).count()),
                share(all, all.stream().filter(Opened::raised).count()),
                all.stream().mapToDouble(Opened::part).average().orElse(0),
                share(
                    all,
                    all.stream()
                        .filter(one -> one.reason() == WordChoice.Reason.PICTURE)
                        .count()))));
    return new WordReport(model.name(), seed, scenes, kinds);
  }

  private static Share share(List<Opened> all, long hits) {
    return Share.of((int) hits, all.size());
  }

  private Optional<Opened> opened(Exchange exchange, Set<String> also) {
    int firstRow = exchange.prompt().length() - 1;
    try (Generation generation =
        model.generate(
            exchange.prompt(),
            GenerationOptions.greedy(MOST),
            RowTrace.plan(model.model().decoder().config(), firstRow))) {
      Generation.Answer answer = generation.answer();
      if (!Arrays.equals(answer.ids(), exchange.answer())) {
        return Optional.empty();
      }
      AnswerWords words = new AnswerWords(model.tokenizer(), answer.ids(), firstRow);
      WordChoice choice =
          WordChoice.of(
              generation.run(),
              words,
              answer.ids(),
              answer.logProbabilities(),
              firstRow,
              exchange.prompt().question());
      boolean[] decisive = new boolean[choice.words().size()];
      double[] raised = new double[decisive.length];
      int[] image = generation.run().tokens().positions(TokenMap.Role.IMAGE);
      for (int i = 0; i < decisive.length; i++) {
        Weighed word = choice.words().get(i);
        decisive[i] =
            also.contains(word.text())
                || word.first() < exchange.keyEnd()
                    && word.first() + word.tokens() > exchange.keyStart();
        double[] brought = FirstOrder.positions(generation.run(), target(word, answer, firstRow));
        raised[i] = IntStream.of(image).mapToDouble(p -> brought[p]).sum();
      }
      int before =
          IntStream.range(0, raised.length)
              .reduce((a, b) -> raised[b] > raised[a] ? b : a)
              .orElse(0);
      return Optional.of(
          new Opened(
              decisive[choice.chosen()],
              decisive[before],
              IntStream.range(0, decisive.length).filter(i -> decisive[i]).count()
                  / (double) decisive.length,
              choice.reason()));
    }
  }

  /// Words from which the decisive one follows.
  private static Set<String> decisive(Question question) {
    return question.kind() == Question.Kind.SAME ? COLOURS : Set.of();
  }

  private static Target target(Weighed word, Generation.Answer answer, int firstRow) {
    return new Target(
        word.text(),
        IntStream.range(word.first(), word.first() + word.tokens())
            .mapToObj(i -> new Target.Aim(firstRow + i, answer.ids()[i], OptionalInt.empty()))
            .toList());
  }
}
