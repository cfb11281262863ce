package dev.lynceus.request;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.Optional;

/// Finds the answer in a passage, or the words that were taken out of a text: for models that read.
///
/// @param question with the passage; the text alone where words were taken out
/// @param masked whether the text is one that words were taken out of
/// @param top words of a place
/// @param threshold by how much the score of no answer has to pass that of the best; empty = there
///   is always an answer
/// @param windows how a long passage is read
public record ReadRequest(
    ModelSpec model,
    Question question,
    @Setting(otherwise = "false") boolean masked,
    @Setting(otherwise = "5", least = 1, most = 10_000) int top,
    Optional<Double> threshold,
    PassageWindows windows)
    implements Request<ReadText> {
  public ReadRequest {
    if (!question.isBlind()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "there is a picture beside the text",
          "Leave it out: models that read see no pictures.");
    }
    if (masked == question.passage().isPresent()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          masked ? "there is a passage beside the text" : "there is no passage to read",
          masked
              ? "Give the text alone, with [MASK] where words were taken out."
              : "Give the question with its passage, or say that words were taken out (masked).");
    }
  }
}
