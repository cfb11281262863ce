package dev.lynceus.studio;

import java.util.List;
import java.util.Optional;

/// A run of the library as lists tell it.
///
/// @param id its name in addresses
/// @param kind which request it is
/// @param state how far it is
/// @param model that was asked
/// @param question that was asked
/// @param pictures of the question, by their sums
/// @param subject the same for all runs about one question to one model
/// @param summary what came of it, in a sentence; empty before the end
/// @param tags by which it is found
/// @param note what a reader wrote about it
/// @param created when it was asked for
/// @param seconds that it took; empty before the end
/// @param bytes of its result
/// @param command the command line that does the same
/// @param error why there is no result
public record RunInfo(
    String id,
    String kind,
    RunState state,
    String model,
    String question,
    List<String> pictures,
    String subject,
    String summary,
    List<String> tags,
    String note,
    String created,
    Optional<Double> seconds,
    long bytes,
    String command,
    Optional<Problem> error) {
  public RunInfo {
    pictures = List.copyOf(pictures);
    tags = List.copyOf(tags);
  }

  /// The same in another state.
  RunInfo is(RunState now, Optional<Problem> why) {
    return new RunInfo(
        id, kind, now, model, question, pictures, subject, summary, tags, note, created, seconds,
        bytes, command, why);
  }

  /// The same with a result.
  RunInfo done(String what, double took, long size) {
    return new RunInfo(
        id,
        kind,
        RunState.DONE,
        model,
        question,
        pictures,
        subject,
        what,
        tags,
        note,
        created,
        Optional.of(took),
        size,
        command,
        Optional.empty());
  }

  /// The same with other words of a reader.
  RunInfo labelled(List<String> newTags, String newNote) {
    return new RunInfo(
        id, kind, state, model, question, pictures, subject, summary, newTags, newNote, created,
        seconds, bytes, command, error);
  }
}
