package dev.lynceus.lab.procedure;

import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.experiment.Outcome;
import dev.lynceus.lab.experiment.Procedure;
import dev.lynceus.lab.experiment.UnitRow;
import dev.lynceus.lab.strategy.AnswerJudge;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tap.Capture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The model answers, and the answer is judged.
final class Answering implements Procedure.Step {
  private static final int TOKENS = 64;

  private final Template template;
  private final AnswerJudge judge;
  private final int tokens;

  Answering(Settings read) {
    template = new Template(read.text("prompt", "{question}"));
    judge = read.choice("judge", AnswerJudge.AUTO);
    tokens = read.whole("tokens", TOKENS, 1, 4096);
  }

  @Override
  public Outcome apply(LoadedModel model, Example example, long seed) {
    Asked asked = Asked.of(model, example, template, example.choices());
    try (Generation generation =
        model.generate(asked.prompt(), GenerationOptions.greedy(tokens), Capture.NONE)) {
      Generation.Answer answer = generation.answer();
      String text = answer.text().strip();
      double sum = Arrays.stream(answer.logProbabilities()).sum();
      List<UnitRow> units = new ArrayList<>();
      units.add(UnitRow.of(asked.at(seed), "log_probability", sum));
      Boolean correct = null;
      if (!example.answers().isEmpty()) {
        double score = judge.score(text, example.answers());
        correct = score >= .5;
        units.add(UnitRow.of(asked.at(seed), "score", score));
      }
      return new Outcome(
          asked.row(seed, text, answer.ids(), correct, sum), units, List.of(), List.of());
    }
  }
}
