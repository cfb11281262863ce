package dev.lynceus.lab.procedure;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.data.LabelledRegion;
import dev.lynceus.lab.experiment.Outcome;
import dev.lynceus.lab.experiment.Procedure;
import dev.lynceus.lab.experiment.UnitRow;
import dev.lynceus.lab.picture.Region;
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
import java.util.SplittableRandom;

/// Questions are answered by chains of pictures, beside the direct answer and a chain in words.
final class Thinking implements Procedure.Step {

  /// Where steps look that have no place of their own.
  enum Boxes {
    /// Where a map of the direct answer is strongest.
    MAP,
    /// At the first region of the example.
    TRUTH,
    /// At a box of the size of that region, anywhere.
    RANDOM
  }

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
    if (asked.images().size() != 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%s has %d pictures".formatted(example.origin(), asked.images().size()),
          "Steps are made of one picture.");
    }
    List<String> labels = settings.labels().isEmpty() ? example.choices() : settings.labels();
    ThinkReport report =
        new ThinkStudy(
                new Speaker(Asking.of(model), tokens, Progress.NONE),
                Wordings.of(ThinkPrompts.STEPS, model, prompts),
                asked.question(),
                asked.images().getFirst(),
                new ThinkSettings(
                    settings.planning(),
                    settings.plan(),
                    settings.shown(),
                    labels.size() < 2 ? List.of() : labels,
                    settings.by(),
                    settings.map(),
                    box(example, asked.images().getFirst(), seed),
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

  private Optional<Region.Box> box(Example example, RgbImage image, long seed) {
    if (boxes == Boxes.MAP) {
      return Optional.empty();
    }
    LabelledRegion region =
        example.regions().stream()
            .findFirst()
            .orElseThrow(() ->
                new LynceusException(
                    ErrorCode.BAD_REQUEST,
                    example.origin() + " has no region",
                    "Use boxes=map, or a data set with regions."));
    double wide = region.x1() - region.x0();
    double high = region.y1() - region.y0();
    if (boxes == Boxes.TRUTH) {
      return Optional.of(new Region.Box(region.x0(), region.y0(), region.x1(), region.y1()));
    }
    SplittableRandom random = new SplittableRandom(seed * 31 + example.id().hashCode());
    double x = random.nextDouble() * (image.width() - wide);
    double y = random.nextDouble() * (image.height() - high);
    return Optional.of(new Region.Box(x, y, x + wide, y + high));
  }
}
