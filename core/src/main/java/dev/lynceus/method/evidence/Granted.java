package dev.lynceus.method.evidence;

import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a question takes for granted, asked of the model itself.
final class Granted {
  private final LoadedModel model;
  private final AskBack back;
  private final @Nullable Thresholds thresholds;
  private final Progress progress;

  Granted(LoadedModel model, @Nullable Thresholds thresholds, Progress progress) {
    this.model = model;
    this.back = new AskBack(model);
    this.thresholds = thresholds;
    this.progress = progress;
  }

  /// A thing of the question. The model is asked whether it is there.
  ///
  /// @param granted whether question or answer take it for granted
  Evidence.Asked thing(String thing, Evidence.@Nullable Held held, Prompt prompt, boolean granted) {
    progress.at("asking back", 0, 0);
    double presence = back.presence(thing, prompt.pictures());
    Evidence.Asked scores =
        new Evidence.Asked(
            thing, held, presence, granted, model.knows(thing), Verdict.UNCALIBRATED.label());
    Verdict verdict =
        !granted
            ? Verdict.OPEN
            : thresholds == null || !scores.known()
                ? Verdict.UNCALIBRATED
                : thresholds.asked(scores);
    return new Evidence.Asked(thing, held, presence, granted, scores.known(), verdict.label());
  }

  /// What words of the answer claim, by their numbers. Each thing is asked for once, and no
  /// question that is the prompt's own: its answer is what is judged.
  ///
  /// @param known things of the question, whose presence is not asked for again
  Map<Integer, Evidence.Claim> claims(Prompt prompt, List<Claims> claims, List<String> known) {
    Map<String, Evidence.Claim> there = new HashMap<>();
    Map<Premises.Attribute, Evidence.Claim> like = new HashMap<>();
    Map<Integer, Evidence.Claim> found = new HashMap<>();
    for (int i = 0; i < claims.size(); i++) {
      progress.at("asking back", i, claims.size());
      Claims claim = claims.get(i);
      Premises.Attribute attribute = claim.attribute();
      boolean any = known.contains(claim.thing()) || Premises.anything(claim.thing());
      Evidence.Claim first =
          any ? null : there.computeIfAbsent(claim.thing(), thing -> presence(prompt, thing));
      Evidence.Claim second =
          attribute == null || attribute.question().equalsIgnoreCase(prompt.question().strip())
              ? null
              : like.computeIfAbsent(attribute, one -> attribute(prompt, one));
      if (first != null && (second == null || first.odds() < second.odds())) {
        found.put(
            claim.word(),
            attribute == null
                ? first
                : new Evidence.Claim(
                    first.thing(),
                    attribute.attribute(),
                    first.asked(),
                    first.said(),
                    first.odds()));
      } else if (second != null) {
        found.put(claim.word(), second);
      }
    }
    return found;
  }

  private Evidence.Claim presence(Prompt prompt, String thing) {
    double odds = back.presence(thing, prompt.pictures());
    return new Evidence.Claim(
        thing, "", Things.question(thing), odds >= 0 ? "yes" : "no", bounded(odds));
  }

  private Evidence.Claim attribute(Prompt prompt, Premises.Attribute attribute) {
    AskBack.Attribute found = back.attribute(attribute, prompt.pictures());
    return new Evidence.Claim(
        attribute.thing(),
        attribute.attribute(),
        found.question(),
        found.said(),
        bounded(found.odds()));
  }

  /// Where no other word can stand, odds are without bound.
  private static double bounded(double odds) {
    return Math.clamp(odds, -SURE, SURE);
  }

  private static final double SURE = 50;

  /// Attributes that the question grants. Where it asks which thing has one, that thing is the
  /// first that the answer names and the question does not.
  ///
  /// @param said words of the answer, in small letters
  List<Evidence.Premise> attributes(Prompt prompt, Premises premises, List<String> said) {
    List<Evidence.Premise> granted = new ArrayList<>();
    for (Premises.Attribute attribute : premises.attributes()) {
      boolean named = attribute.thing().isEmpty();
      Optional<String> thing =
          named ? named(said, premises.things()) : Optional.of(attribute.thing());
      if (thing.isEmpty()) {
        continue;
      }
      progress.at("asking back", granted.size(), premises.attributes().size());
      AskBack.Attribute found = back.attribute(attribute.of(thing.get()), prompt.pictures());
      Verdict verdict =
          thresholds == null
              ? Verdict.UNCALIBRATED
              : thresholds.premise(found.odds(), found.effect());
      granted.add(
          new Evidence.Premise(
              thing.get(),
              attribute.attribute(),
              named,
              found.question(),
              found.said(),
              found.odds(),
              found.effect(),
              verdict.label()));
    }
    return granted;
  }

  private static Optional<String> named(List<String> said, List<String> things) {
    return said.stream()
        .filter(word -> Things.names(word) && !Premises.describes(word) && !things.contains(word))
        .findFirst();
  }
}
