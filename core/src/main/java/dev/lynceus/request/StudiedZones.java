package dev.lynceus.request;

import dev.lynceus.method.Finding;
import dev.lynceus.method.KeyWord;
import dev.lynceus.method.reader.Squad;
import dev.lynceus.method.zone.PassageZones;
import dev.lynceus.method.zone.PictureZones;
import dev.lynceus.method.zone.ZoneStudy;
import dev.lynceus.method.zone.ZoneWords;
import dev.lynceus.run.LoadedModel;
import java.util.List;
import java.util.Optional;

/// What the looks between zones are worth.
///
/// @param answer of the model to a question about pictures; empty of passages
/// @param conclusion what the study shows, in a sentence
public record StudiedZones(Optional<String> answer, String conclusion, ZoneStudy study)
    implements Finding {

  static StudiedZones of(Task<?> task, ZonesRequest request, Running running) {
    LoadedModel model = task.model();
    Question question = request.question();
    if (question.passage().isPresent()) {
      ZoneStudy study =
          PassageZones.study(
              model,
              List.of(new Squad.Item("", question.text(), question.passage().get(), List.of())),
              request.language(),
              request.options(),
              running.progress());
      return new StudiedZones(Optional.empty(), ZoneWords.conclusion(study), study);
    }
    KeyWord word =
        KeyWord.find(
            model,
            task.prompt(),
            request.target(),
            request.maxTokens().orElseGet(() -> Explained.usual(model, task.prompt().length())));
    ZoneStudy study =
        PictureZones.study(
            model,
            List.of(
                new PictureZones.Asked(
                    word.prompt(),
                    word.target(),
                    word.answer(),
                    Box.in(task.pictures(), request.box()))),
            request.options(),
            running.progress());
    return new StudiedZones(Optional.of(word.answer()), ZoneWords.conclusion(study), study);
  }
}
