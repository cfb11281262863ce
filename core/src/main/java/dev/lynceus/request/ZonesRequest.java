package dev.lynceus.request;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.TargetSpec;
import dev.lynceus.method.reader.Squad;
import dev.lynceus.method.zone.Knockout;
import dev.lynceus.method.zone.ZoneOptions;
import dev.lynceus.method.zone.ZoneOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Takes the looks between question and passage, or picture, question and answer away, layer by
/// layer.
///
/// @param target of pictures: the word that is studied
/// @param kind how looks are taken away
/// @param rows which rows lose them
/// @param whole what stands for the whole attention of a layer
/// @param window layers that are changed together
/// @param headsOf a layer whose heads are knocked out one by one, too
/// @param draws random looks beside each pair of zones
/// @param seed of these
/// @param language of a passage, by which answers are compared
/// @param order of pictures and question
/// @param box a region of the first picture that is a zone of its own, `[left, top, right, bottom]`
///   in its pixels; none = no region
/// @param windows how a long passage is read
/// @param maxTokens of pictures: most tokens of the answer; empty = what the checkpoint says, else
///   32
public record ZonesRequest(
    ModelSpec model,
    Question question,
    @Setting(otherwise = "own-answer") TargetSpec target,
    @Setting(otherwise = "mask") Knockout.Kind kind,
    @Setting(otherwise = "zone") Knockout.Rows rows,
    @Setting(otherwise = "context") Knockout.Whole whole,
    @Setting(otherwise = "1", least = 1, most = 10_000) int window,
    @Setting(least = 0, most = 100_000) OptionalInt headsOf,
    @Setting(otherwise = "1", least = 0, most = 10_000) int draws,
    @Setting(otherwise = "0") long seed,
    @Setting(otherwise = "en") Squad.Language language,
    @Setting(otherwise = "picture") ZoneOrder order,
    @Setting(least = 0, most = 1_000_000_000) List<Integer> box,
    PassageWindows windows,
    @Setting(least = 1, most = 1_000_000) OptionalInt maxTokens)
    implements Request<StudiedZones> {
  public ZonesRequest {
    box = Box.checked(box);
    if (order != ZoneOrder.PICTURE
        && (question.form() == Question.Form.RAW
            || !question.start().isEmpty()
            || !question.before().isEmpty())) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "another order of picture and question is that of one question in the chat template",
          "Leave out form, start and earlier turns, or the order.");
    }
  }

  /// What is knocked out.
  public ZoneOptions options() {
    return new ZoneOptions(
        kind,
        rows,
        whole,
        window,
        headsOf.isPresent() ? Optional.of(headsOf.getAsInt()) : Optional.empty(),
        draws,
        seed,
        windows.options(Optional.empty()));
  }
}
