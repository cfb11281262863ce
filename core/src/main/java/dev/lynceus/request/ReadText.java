package dev.lynceus.request;

import dev.lynceus.method.Finding;
import dev.lynceus.method.reader.MaskedWords;
import dev.lynceus.method.reader.PassageReading;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.tap.TokenMap;
import java.util.List;
import java.util.Optional;

/// What a model that reads found.
///
/// @param answer the piece of the passage, none where it holds no answer; empty where words were
///   taken out
/// @param reading of a passage
/// @param places that words were taken out of
/// @param words how probable each word of a whole text is
public record ReadText(
    Optional<String> answer,
    Optional<PassageReading> reading,
    List<MaskedWords.Place> places,
    List<MaskedWords.Said> words)
    implements Finding {
  public ReadText {
    places = List.copyOf(places);
    words = List.copyOf(words);
  }

  static ReadText of(Task<?> task, ReadRequest request, Running running) {
    LoadedModel model = task.model();
    if (!request.masked()) {
      PassageReading reading =
          PassageReading.of(
              model,
              request.question().text(),
              request.question().passage().orElseThrow(),
              request.windows().options(request.threshold()),
              running.progress());
      return new ReadText(
          Optional.of(reading.answer()), Optional.of(reading), List.of(), List.of());
    }
    Prompt prompt = task.prompt();
    boolean open = prompt.tokens().positions(TokenMap.Role.MASK).length > 0;
    return new ReadText(
        Optional.empty(),
        Optional.empty(),
        open ? MaskedWords.of(model, prompt, request.top()) : List.of(),
        open ? List.of() : MaskedWords.likelihood(model, prompt));
  }
}
