package dev.lynceus.lab.procedure;

import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.describe.Comparing;
import dev.lynceus.lab.describe.DescribePrompts;
import dev.lynceus.lab.describe.DescribeReport;
import dev.lynceus.lab.describe.DescribeSettings;
import dev.lynceus.lab.describe.DescribeStudy;
import dev.lynceus.lab.describe.Refining;
import dev.lynceus.lab.experiment.Outcome;
import dev.lynceus.lab.experiment.Procedure;
import dev.lynceus.lab.experiment.UnitRow;
import dev.lynceus.lab.strategy.AnswerJudge;
import dev.lynceus.lab.strategy.Asking;
import dev.lynceus.lab.strategy.Speaker;
import dev.lynceus.lab.strategy.Wordings;
import dev.lynceus.run.Candidates;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Pictures are described and answers read from the words, beside what is said with the picture.
final class Describing implements Procedure.Step {
  private final Template template;
  private final AnswerJudge judge;
  private final Map<String, String> prompts;
  private final int tokens;
  private final int loops;
  private final Refining.Keep keep;
  private final List<String> labels;
  private final Candidates.By by;

  Describing(Settings read) {
    template = new Template(read.text("prompt", "{question}"));
    judge = read.choice("judge", AnswerJudge.AUTO);
    tokens = read.whole("tokens", 64, 1, 4096);
    prompts = read.prompts(DescribePrompts.STEPS);
    loops = read.whole("loops", 1, 0, Refining.MOST);
    keep = read.choice("keep", Refining.Keep.BOTH);
    labels = read.texts("choices");
    by = read.choice("by", Candidates.By.SUM);
  }

  @Override
  public Outcome apply(LoadedModel model, Example example, long seed) {
    Asked asked = Asked.of(model, example, template, example.choices());
    List<String> among = labels.isEmpty() ? example.choices() : labels;
    DescribeSettings usual = DescribeSettings.USUAL;
    DescribeReport report =
        new DescribeStudy(
                new Speaker(Asking.of(model), tokens, Progress.NONE),
                Wordings.of(DescribePrompts.STEPS, model, prompts),
                asked.question(),
                asked.images(),
                new DescribeSettings(
                    loops,
                    keep,
                    among.size() < 2 ? List.of() : among,
                    by,
                    seed,
                    "",
                    List.of(),
                    0,
                    usual.selecting()),
                Optional.empty())
            .describe();
    UnitRow.At at = asked.at(seed);
    List<UnitRow> units = new ArrayList<>();
    units.add(UnitRow.of(at, "loops", report.ledger().rounds().size() - 1));
    units.add(UnitRow.of(at, "questions", report.questions()));
    report
        .comparison()
        .ifPresent(table -> {
          units.add(UnitRow.of(at, "refined_better", table.better()));
          units.add(UnitRow.of(at, "refined_worse", table.worse()));
          units.add(UnitRow.of(at, "position_bias", table.bias()));
          for (Comparing.Row row : table.rows()) {
            units.add(UnitRow.of(at, "refined_better_" + row.step(), won(row, "B")));
            units.add(UnitRow.of(at, "refined_worse_" + row.step(), won(row, "A")));
          }
        });
    String answer = report.way("described").answer();
    Boolean correct = null;
    if (!example.answers().isEmpty()) {
      for (DescribeReport.Way way : report.ways()) {
        double score = judge.score(way.answer(), example.answers());
        boolean described = way.name().equals("described");
        units.add(UnitRow.of(at, described ? "score" : "score_" + way.name(), score));
      }
      correct = judge.score(answer, example.answers()) >= .5;
    }
    return new Outcome(
        asked.row(seed, answer, new int[0], correct, null), units, List.of(), List.of());
  }

  /// 1 where the description of this letter is better in both orders.
  private static double won(Comparing.Row row, String letter) {
    return row.verdict().equals(letter) ? 1 : 0;
  }
}
