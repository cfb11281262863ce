package dev.lynceus.lab.think;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.strategy.Speaker;
import dev.lynceus.lab.strategy.Wordings;
import dev.lynceus.run.Candidates;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Makes a plan.
///
/// @param speaker who is asked
/// @param wordings how
record Planner(Speaker speaker, Wordings wordings) {
  private static final String OPERATIONS =
      "crop {box, margin}, zoom {point, factor}, segment {pieces}, count {}, ruler {steps}, measure"
          + " {from, to}, colours {space: hsv, lab, grey, threshold or edges}, highlight {box}, compare"
          + " {first, second}, turn {quarters}";

  /// Operations that need no numbers, which a plan of names alone can hold.
  private static final List<String> SIMPLE =
      List.of("crop", "zoom", "segment", "count", "ruler", "colours", "highlight");

  /// What ends a plan of names.
  private static final String ENOUGH = "enough";

  /// A plan, and who made it.
  record Planned(Plan plan, String who) {}

  Planned plan(ThinkSettings settings, String question, RgbImage image) {
    if (settings.plan().isPresent()) {
      return new Planned(settings.plan().get(), "given");
    }
    return switch (settings.planning()) {
      case RULES -> new Planned(Plan.ofRules(question), "rules");
      case CHOSEN -> new Planned(chosen(question, image), "chosen");
      case MODEL -> written(question, image);
    };
  }

  private Planned written(String question, RgbImage image) {
    Map<String, String> places =
        Map.of(
            "question",
            question,
            "operations",
            OPERATIONS,
            "width",
            Integer.toString(image.width()),
            "height",
            Integer.toString(image.height()));
    String wrong;
    String said = "";
    try {
      said = speaker.say(wordings.fill(ThinkPrompts.PLAN, places), List.of(image));
      return new Planned(fitting(Plan.parse(said), image), "model");
    } catch (LynceusException first) {
      wrong = reason(first);
    }
    try {
      Map<String, String> again = new HashMap<>(places);
      again.put("plan", said);
      again.put("wrong", wrong);
      String repaired = speaker.say(wordings.fill(ThinkPrompts.REPAIR, again), List.of(image));
      return new Planned(fitting(Plan.parse(repaired), image), "model, after a repair");
    } catch (LynceusException second) {
      return new Planned(
          Plan.ofRules(question), "rules; the model's plan could not be read: " + reason(second));
    }
  }

  /// Why there is no plan; a job that was stopped stays stopped. A model may also have no room for
  /// the question.
  private static String reason(LynceusException wrong) {
    if (wrong.code() == ErrorCode.CANCELLED) {
      throw wrong;
    }
    return String.valueOf(wrong.getMessage());
  }

  /// A plan whose steps can be done with this picture.
  private static Plan fitting(Plan plan, RgbImage image) {
    for (Plan.Step step : plan.steps()) {
      if (!step.tool().waits()) {
        step.tool().apply(image);
      }
    }
    return plan;
  }

  private Plan chosen(String question, RgbImage image) {
    List<Plan.Step> steps = new ArrayList<>();
    List<String> left = new ArrayList<>(SIMPLE);
    while (steps.size() < Plan.MOST) {
      List<String> labels = new ArrayList<>(left);
      // One step at least: a plan of nothing is the direct answer.
      if (!steps.isEmpty()) {
        labels.add(ENOUGH);
      }
      String words =
          wordings.fill(
              ThinkPrompts.OPERATION,
              Map.of(
                  "question",
                  question,
                  "operations",
                  String.join(", ", labels),
                  "before",
                  steps.isEmpty()
                      ? "nothing"
                      : String.join(", ", steps.stream().map(Plan.Step::goal).toList())));
      String name =
          speaker
              .choose(words, List.of(image), labels, Candidates.By.MEAN, Candidates.Ending.OPEN)
              .answer();
      if (name.equals(ENOUGH)) {
        break;
      }
      left.remove(name);
      steps.add(
          Plan.parse("[{\"goal\": \"%s\", \"op\": \"%s\"}]".formatted(name, name))
              .steps()
              .getFirst());
    }
    return new Plan(steps);
  }
}
