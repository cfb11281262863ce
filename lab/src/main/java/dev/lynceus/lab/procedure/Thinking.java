package dev.lynceus.lab.procedure;

import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.experiment.Outcome;
import dev.lynceus.lab.experiment.Procedure;
import dev.lynceus.lab.experiment.UnitRow;
import dev.lynceus.lab.strategy.AnswerJudge;
import dev.lynceus.lab.strategy.Asking;
import dev.lynceus.lab.strategy.Speaker;
import dev.lynceus.lab.strategy.Wordings;
import dev.lynceus.lab.think.Plan;
import dev.lynceus.lab.think.ThinkPrompts;
import dev.lynceus.lab.think.ThinkReport;
import dev.lynceus.lab.think.ThinkSettings;
import dev.lynceus.lab.think.ThinkStudy;
import dev.lynceus.run.Candidates;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Questions are answered by chains of pictures, beside the direct answer and a chain in words.
final class Thinking implements Procedure.Step {

  private final Template template;
  private final AnswerJudge judge;
  private final Map<String, String> prompts;
  private final int tokens;
  private final ThinkSettings settings;
  private final Boxes boxes;

  Thinking(Settings read) {
    template = new Template(read.text("prompt", "{question}"));
    judge = read.choice("judge", AnswerJudge.AUTO);
    tokens = read.whole("tokens", 64, 1, 4096);
    prompts = read.prompts(ThinkPrompts.STEPS);
    boxes = read.choice("boxes", Boxes.MAP);
    String plan = read.text("plan", "");
    String map = read.text("map", "");
    settings =
        new ThinkSettings(
            read.choice("planning", ThinkSettings.Planning.RULES),
            plan.isEmpty()
                ? Optional.empty()
                : Optional.of(plan.contains("[") ? Plan.parse(plan) : Plan.named(plan)),
            read.choice("shown", ThinkSettings.Shown.TEXT),
            read.texts("choices"),
            read.choice("by", Candidates.By.SUM),
            map.isEmpty() ? Optional.empty() : Optional.of(map),
            Optional.empty(),
            read.whole("controls", 0, 0, 100),
            0);
  }

  @Override
  public Outcome apply(LoadedModel model, Example example, long seed) {
    Asked asked = Asked.of(model, example, template, example.choices());
    RgbImage image = asked.only("Steps are made of one picture.");
    List<String> labels = settings.labels().isEmpty() ? example.choices() : settings.labels();
    ThinkReport report =
        new ThinkStudy(
                new Speaker(Asking.of(model), tokens, Progress.NONE),
                Wordings.of(ThinkPrompts.STEPS, model, prompts),
                asked.question(),
                image,
                new ThinkSettings(
                    settings.planning(),
                    settings.plan(),
                    settings.shown(),
                    labels.size() < 2 ? List.of() : labels,
                    settings.by(),
                    settings.map(),
                    boxes.of(example, image, seed),
                    settings.controls(),
                    seed))
            .think();
    UnitRow.At at = asked.at(seed);
    List<UnitRow> units = new ArrayList<>();
    units.add(UnitRow.of(at, "questions", report.questions()));
    units.add(UnitRow.of(at, "steps", report.steps().size()));
    units.add(
        UnitRow.of(
            at,
            "decorative",
            report.steps().stream()
                .mapToDouble(one -> one.decorative() ? 1 : 0)
                .average()
                .orElse(Double.NaN)));
    for (ThinkReport.Step step : report.steps()) {
      units.add(UnitRow.named(at, "rationale", step.what(), "dropped", step.dropped()));
      units.add(UnitRow.named(at, "rationale", step.what(), "random", step.random()));
    }
    String answer = report.way("thought").answer();
    Boolean correct = null;
    if (!example.answers().isEmpty()) {
      for (ThinkReport.Way way : report.ways()) {
        double score = judge.score(way.answer(), example.answers());
        boolean thought = way.name().equals("thought");
        units.add(UnitRow.of(at, thought ? "score" : "score_" + way.name(), score));
      }
      correct = judge.score(answer, example.answers()) >= .5;
    }
    return new Outcome(
        asked.row(seed, answer, new int[0], correct, null), units, List.of(), List.of());
  }
}
