package dev.lynceus.lab.procedure;

import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.experiment.Outcome;
import dev.lynceus.lab.experiment.Procedure;
import dev.lynceus.lab.experiment.UnitRow;
import dev.lynceus.lab.strategy.AnswerJudge;
import dev.lynceus.lab.strategy.Asking;
import dev.lynceus.lab.strategy.Speaker;
import dev.lynceus.lab.strategy.Wordings;
import dev.lynceus.lab.vote.Ensemble;
import dev.lynceus.lab.vote.VotePrompts;
import dev.lynceus.lab.vote.VoteReport;
import dev.lynceus.lab.vote.VoteSettings;
import dev.lynceus.lab.vote.VoteStudy;
import dev.lynceus.lab.vote.Weight;
import dev.lynceus.run.Candidates;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Explanations are drawn and vote; every way to decide is judged beside the others.
final class Voting implements Procedure.Step {
  private static final String SCORE = "score";

  private final Template template;
  private final AnswerJudge judge;
  private final VoteSettings settings;
  private final Map<String, String> prompts;
  private final int tokens;

  Voting(Settings read) {
    template = new Template(read.text("prompt", "{question}"));
    judge = read.choice("judge", AnswerJudge.AUTO);
    tokens = read.whole("tokens", 64, 1, 4096);
    prompts = read.prompts(VotePrompts.STEPS);
    String map = read.text("map", "");
    settings =
        new VoteSettings(
            read.whole("samples", 9, 1, 1000),
            read.number("temperature", VoteSettings.USUAL.temperature(), 0, 100),
            0,
            read.number("gamma", 1, 0, 1000),
            Weight.named(read.text("weights", "score")),
            read.texts("choices"),
            read.choice("by", Candidates.By.SUM),
            read.choice("answers", VoteSettings.Answers.SEEN),
            List.of(),
            Optional.empty(),
            map.isEmpty() ? Optional.empty() : Optional.of(map));
  }

  @Override
  public Outcome apply(LoadedModel model, Example example, long seed) {
    Asked asked = Asked.of(model, example, template, example.choices());
    List<String> labels = settings.labels().isEmpty() ? example.choices() : settings.labels();
    VoteReport report =
        new VoteStudy(
                new Speaker(Asking.of(model), tokens, Progress.NONE),
                Wordings.of(VotePrompts.STEPS, model, prompts),
                asked.question(),
                asked.images(),
                settings
                    .withLabels(labels.size() < 2 ? List.of() : labels)
                    .withDraws(settings.samples(), settings.temperature(), seed))
            .hold();
    UnitRow.At at = asked.at(seed);
    List<UnitRow> units = new ArrayList<>();
    units.add(UnitRow.of(at, "inconsistent", report.inconsistency()));
    units.add(UnitRow.of(at, "questions", report.questions()));
    units.add(
        UnitRow.of(
            at,
            "disagree",
            report.samples().stream().map(VoteReport.Sample::argmax).distinct().count() > 1
                ? 1
                : 0));
    for (VoteReport.Sample one : report.samples()) {
      units.add(
          UnitRow.named(at, "sample", Integer.toString(one.number()), "weight", one.weight()));
    }
    Boolean correct = null;
    String answer = report.total("ease").answer();
    if (!example.answers().isEmpty()) {
      for (VoteReport.Total total : report.totals()) {
        double score = judge.score(total.answer(), example.answers());
        boolean ease = total.name().equals("ease");
        units.add(UnitRow.of(at, ease ? SCORE : SCORE + "_" + total.name(), score));
      }
      correct = judge.score(answer, example.answers()) >= .5;
      List<Boolean> right =
          report.samples().stream()
              .map(one -> judge.score(one.argmax(), example.answers()) >= .5)
              .toList();
      for (int j = 0; j < right.size(); j++) {
        units.add(
            UnitRow.named(at, "sample", Integer.toString(j), "correct", right.get(j) ? 1 : 0));
      }
      units.add(
          UnitRow.of(
              at,
              "weight_auc",
              Ensemble.area(
                  report.samples().stream().map(VoteReport.Sample::weight).toList(), right)));
    }
    return new Outcome(
        asked.row(seed, answer, new int[0], correct, null), units, List.of(), List.of());
  }
}
