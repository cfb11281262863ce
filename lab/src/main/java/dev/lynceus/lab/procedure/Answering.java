package dev.lynceus.lab.procedure;

import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.experiment.Outcome;
import dev.lynceus.lab.experiment.Procedure;
import dev.lynceus.lab.experiment.UnitRow;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tap.Capture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// The model answers, and the answer is judged.
final class Answering implements Procedure {
  static final String NAME = "answer";
  private static final int TOKENS = 64;

  private final Template template;
  private final AnswerJudge judge;
  private final int tokens;
  private final SequencedMap<String, String> settings;

  Answering(Map<String, String> given) {
    Settings read = new Settings(NAME, given);
    template = new Template(read.text("prompt", "{question}"));
    judge = read.choice("judge", AnswerJudge.AUTO);
    tokens = read.whole("tokens", TOKENS, 1, 4096);
    settings = read.all();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public SequencedMap<String, String> settings() {
    return settings;
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
