package dev.lynceus.method.evidence;

import dev.lynceus.method.Progress;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a question takes for granted, asked of the model itself.
final class Granted {
  private final AskBack back;
  private final @Nullable Thresholds thresholds;
  private final Progress progress;

  Granted(LoadedModel model, @Nullable Thresholds thresholds, Progress progress) {
    this.back = new AskBack(model);
    this.thresholds = thresholds;
    this.progress = progress;
  }

  /// A thing of the question. The model is asked whether it is there.
  Evidence.Asked thing(String thing, Evidence.Held held, Prompt prompt) {
    progress.at("things", 0, 0);
    double presence = back.presence(thing, prompt.pictures());
    Evidence.Asked scores = new Evidence.Asked(thing, held, presence, Verdict.UNCALIBRATED.label());
    return thresholds == null
        ? scores
        : new Evidence.Asked(thing, held, presence, thresholds.asked(scores).label());
  }

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
      progress.at("premises", granted.size(), premises.attributes().size());
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
