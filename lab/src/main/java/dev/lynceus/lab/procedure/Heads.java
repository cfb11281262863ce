package dev.lynceus.lab.procedure;

import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.experiment.Outcome;
import dev.lynceus.lab.experiment.Procedure;
import dev.lynceus.lab.experiment.UnitRow;
import dev.lynceus.lab.strategy.AnswerJudge;
import dev.lynceus.method.KeyWord;
import dev.lynceus.method.LogIncrease;
import dev.lynceus.method.Target;
import dev.lynceus.method.TargetSpec;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Run;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How much each head and each layer raises the log probability of the word of the answer that the
/// picture raised most.
final class Heads implements Procedure.Step {
  private final Template template;
  private final int tokens;

  Heads(Settings read) {
    template = new Template(read.text("prompt", "{question}"));
    tokens = read.whole("tokens", 32, 1, 4096);
  }

  @Override
  public Outcome apply(LoadedModel model, Example example, long seed) {
    Asked asked = Asked.of(model, example, template, example.choices());
    KeyWord word = KeyWord.find(model, asked.prompt(), new TargetSpec.OwnAnswer(), tokens);
    Target.Aim aim = word.target().aims().getFirst();
    int step = aim.row() - (asked.prompt().length() - 1);
    LogIncrease method = new LogIncrease();
    try (Run run =
        model.run(
            word.prompt(),
            method.capture(new Run.Shape(model.model().decoder().config()), aim.row()))) {
      LogIncrease.Result found = method.explain(run, word.target(), Progress.NONE);
      List<UnitRow> units = new ArrayList<>();
      UnitRow.At at = asked.at(seed);
      for (int layer = 0; layer < found.heads().length; layer++) {
        for (int head = 0; head < found.heads()[layer].length; head++) {
          units.add(
              UnitRow.head(at, step, layer, head, "log_increase", found.heads()[layer][head]));
        }
      }
      return new Outcome(
          asked.row(seed, word.answer(), new int[] {aim.id()}, correct(example, word), null),
          units,
          List.of(),
          List.of());
    }
  }

  private static @Nullable Boolean correct(Example example, KeyWord word) {
    return example.answers().isEmpty()
        ? null
        : AnswerJudge.AUTO.score(word.answer(), example.answers()) >= .5;
  }
}
