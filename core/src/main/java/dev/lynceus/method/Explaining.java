package dev.lynceus.method;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Explanation.Answer;
import dev.lynceus.method.Explanation.AnswerToken;
import dev.lynceus.method.Explanation.ImageView;
import dev.lynceus.method.Explanation.WordExplanation;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// One explanation on its way, from a prompt to an [Explanation].
final class Explaining {
  private final LoadedModel model;
  private final ExplainOptions options;
  private final Laps laps;
  private final Prompt prompt;

  Explaining(LoadedModel model, ExplainOptions options, Laps laps, Prompt prompt) {
    this.model = model;
    this.options = options;
    this.laps = laps;
    this.prompt = prompt;
  }

  Explanation explanation() {
    laps.at("answer", 0, 0);
    laps.lap("prepare");
    return switch (options.target()) {
      case TargetSpec.Answer given -> forced(ids(given.text()), null);
      case TargetSpec.NextToken next -> own(GenerationOptions.next());
      case TargetSpec.OwnAnswer answer -> own(GenerationOptions.greedy(options.maxTokens()));
      case TargetSpec.Word word -> own(GenerationOptions.greedy(options.maxTokens()));
      case TargetSpec.Contrast contrast -> own(GenerationOptions.greedy(options.maxTokens()));
    };
  }

  private int[] ids(String text) {
    return model.tokenizer().wordIds(text).stream().mapToInt(Integer::intValue).toArray();
  }

  /// Generates the answer and explains words of it.
  private Explanation own(GenerationOptions how) {
    int firstRow = prompt.length() - 1;
    try (Generation generation =
        model.generate(
            prompt,
            how,
            SeeingMap.plan(prompt, firstRow, model.model().decoder().config()),
            laps.answering(how.maxTokens()))) {
      laps.lap("answer");
      Run run = generation.run();
      Generation.Answer answer = generation.answer();
      AnswerWords words = new AnswerWords(model.tokenizer(), answer.ids(), firstRow);
      WordChoice choice =
          WordChoice.of(
              run, words, answer.ids(), answer.logProbabilities(), firstRow, prompt.question());
      laps.lap("without picture");
      List<Target> targets =
          switch (options.target()) {
            case TargetSpec.Word word -> {
              int[] group = words.find(word.word());
              yield group == null ? List.of() : List.of(words.target(group));
            }
            case TargetSpec.Contrast contrast -> {
              int[] group = words.find(contrast.word());
              int row = group == null ? firstRow : firstRow + group[0];
              yield List.of(
                  AnswerWords.contrast(
                      model.tokenizer(), row, contrast.word(), contrast.against()));
            }
            case TargetSpec.OwnAnswer all -> ranked(words, choice);
            case TargetSpec.NextToken next -> nextToken(answer, words, firstRow);
            case TargetSpec.Answer given -> List.of();
          };
      if (targets.isEmpty()) {
        TargetSpec.Word absent = (TargetSpec.Word) options.target();
        return forced(ids(absent.word()), answer);
      }
      boolean own = options.target() instanceof TargetSpec.OwnAnswer;
      int first = targets.getFirst().aims().getFirst().row() - firstRow;
      return assemble(
          run,
          answer.ids(),
          answer.logProbabilities(),
          answer.text(),
          targets,
          own
              ? choice
              : options.target() instanceof TargetSpec.NextToken
                  ? choice.next()
                  : choice.asked(first),
          answer);
    }
  }

  /// The most probable next token, also where it ends the text and so is no part of an answer.
  private List<Target> nextToken(Generation.Answer answer, AnswerWords words, int firstRow) {
    if (!words.groups().isEmpty()) {
      return List.of(words.target(words.groups().getFirst()));
    }
    int id = answer.closing().orElseThrow();
    return List.of(Target.token(new Words(model.tokenizer()).text(id).strip(), firstRow, id));
  }

  /// Words of the answer, the one to show first at the beginning.
  private List<Target> ranked(AnswerWords words, WordChoice choice) {
    int most = options.wordsOf(model.checkpoint().parameters());
    List<Target> targets =
        choice.ranked().stream().limit(most).map(word -> words.at(word.first())).toList();
    if (targets.isEmpty() && !words.groups().isEmpty()) {
      targets = List.of(words.target(words.groups().getFirst()));
    }
    if (targets.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the model answered nothing, so there is nothing to explain",
          "Explain the next token (--next-token), a word (--target), or begin the answer (--start).");
    }
    return targets;
  }

  /// Explains tokens that the model did not choose, by teacher forcing.
  ///
  /// @param own what the model answered instead, or null where it was not asked
  private Explanation forced(int[] ids, Generation.@Nullable Answer own) {
    int firstRow = prompt.length() - 1;
    Prompt longer = prompt.withAnswer(Arrays.copyOf(ids, ids.length - 1));
    try (Run run =
        model.run(longer, SeeingMap.plan(prompt, firstRow, model.model().decoder().config()))) {
      laps.lap("forward");
      laps.at("explain", 0, 0);
      List<Target.Aim> aims = new ArrayList<>();
      for (int i = 0; i < ids.length; i++) {
        aims.add(new Target.Aim(firstRow + i, ids[i], OptionalInt.empty()));
      }
      Target target = new Target(model.tokenizer().decode(ids).strip(), aims);
      AnswerWords words = new AnswerWords(model.tokenizer(), ids, firstRow);
      double[] logs = new double[ids.length];
      for (int i = 0; i < ids.length; i++) {
        logs[i] = logProbability(run, aims.get(i));
      }
      String text = own == null ? target.text() : own.text().strip();
      return assemble(
          run,
          ids,
          logs,
          text + (own == null ? "" : " (asked about: " + target.text() + ")"),
          List.of(target),
          WordChoice.of(run, words, ids, logs, firstRow, prompt.question()).asked(0),
          null);
    }
  }

  private double logProbability(Run run, Target.Aim aim) {
    try (Scope scope = Scope.open()) {
      Tensor last = new RowTrace(run, aim.row()).last();
      return FrozenLens.of(model.model().decoder(), last).values(last.unsqueeze(0), aim)[0];
    }
  }

  /// @param chosen how the model came to these tokens; null where they were given
  private Explanation assemble(
      Run run,
      int[] ids,
      double[] logs,
      String text,
      List<Target> targets,
      WordChoice choice,
      Generation.@Nullable Answer chosen) {
    WordExplainer explainer = new WordExplainer(run, options, laps);
    List<WordExplanation> words = targets.stream().map(explainer::explain).toList();
    laps.lap("explain");
    // What follows reads the residual stream only, and needs room for the scores of all words.
    run.forgetKeys();
    laps.at("patches", 0, 1);
    SeenPictures pictures = new SeenPictures(model, prompt, options.patches(), options.listed());
    List<ImageView> images = pictures.views(run, words.getFirst().row(), words.getFirst());
    laps.lap("patches");
    List<AnswerToken> tokens = new ArrayList<>();
    for (int i = 0; i < ids.length; i++) {
      tokens.add(
          new AnswerToken(
              prompt.length() + i,
              ids[i],
              shown(ids[i]),
              logs[i],
              explained(targets, prompt.length() - 1 + i),
              chosen == null || chosen.mostProbable()[i] == ids[i]
                  ? null
                  : shown(chosen.mostProbable()[i])));
    }
    return new Explanation(
        provenance(),
        new Explanation.Prompt(
            prompt.question().isEmpty() ? prompt.text() : prompt.question(),
            prompt.text(),
            model.model().decoder().config().layers(),
            model.model().decoder().config().heads(),
            pictures.tokens(prompt.tokens().withAnswer(ids))),
        images,
        new Answer(
            text.strip(),
            tokens,
            chosen == null ? prompt.outside() : model.notes(prompt, chosen),
            prompt.outside()),
        words,
        choice,
        List.of());
  }

  private static int explained(List<Target> targets, int row) {
    for (int i = 0; i < targets.size(); i++) {
      if (targets.get(i).aims().stream().anyMatch(aim -> aim.row() == row)) {
        return i;
      }
    }
    return -1;
  }

  private String shown(int id) {
    return new Words(model.tokenizer()).text(id);
  }

  private Provenance provenance() {
    return Provenance.of(model, options.seed(), options.command(), laps.seconds());
  }
}
