package dev.lynceus.run;

import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What a reader should know about how an answer came about, one sentence each.
final class ChoiceNotes {
  private static final int LISTED = 5;

  private ChoiceNotes() {}

  /// What lies outside of what the model was made for, settings that decided or were left out, the
  /// lack of a template, and tokens that the model held less probable than another.
  static List<String> of(LoadedModel model, Prompt prompt, Generation.Answer answer) {
    List<String> notes = new ArrayList<>(prompt.outside());
    notes.addAll(model.settings().notes(false));
    if (!prompt.question().isEmpty()) {
      notes.addAll(template(model));
    }
    notes.addAll(overruled(model.tokenizer(), answer));
    return notes;
  }

  /// Says that the checkpoint of a model with pictures has no chat template.
  static List<String> template(LoadedModel model) {
    boolean reads = model.model() instanceof VisionLanguageModel eyes && eyes.reading().isPresent();
    return model.processor().isEmpty() || reads
        ? List.of()
        : model.template().substitute().stream()
            .map(form -> "no chat template in the checkpoint: " + form + " is used")
            .toList();
  }

  /// Says which tokens a setting chose, not the model alone.
  static List<String> overruled(Tokenizer tokenizer, Generation.Answer answer) {
    int[] places = answer.overruled();
    if (places.length == 0) {
      return List.of();
    }
    String which =
        IntStream.of(places)
            .limit(LISTED)
            .mapToObj(i ->
                "'%s' (the model: '%s')"
                    .formatted(
                        tokenizer.shown(answer.ids()[i]),
                        tokenizer.shown(answer.mostProbable()[i])))
            .collect(Collectors.joining(", "));
    String more = places.length > LISTED ? " and %d more".formatted(places.length - LISTED) : "";
    return List.of(
        "%d of %d tokens were chosen by these settings, not as the most probable: %s%s"
            .formatted(places.length, answer.ids().length, which, more));
  }
}
