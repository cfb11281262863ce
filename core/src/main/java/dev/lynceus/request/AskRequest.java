package dev.lynceus.request;

import java.util.List;
import java.util.OptionalInt;

/// Answers.
///
/// @param maxTokens most tokens of the answer; empty = what the checkpoint says, else 64
/// @param choice how its tokens are chosen
/// @param stop texts that end it
/// @param weigh whether each token is also weighed, while the answer is written: how probable it is
///   where no other position may look at the pictures. It takes as long as the answer
public record AskRequest(
    ModelSpec model,
    Question question,
    @Setting(least = 1, most = 1_000_000) OptionalInt maxTokens,
    @Setting(otherwise = "greedy") Choice choice,
    List<String> stop,
    @Setting(otherwise = "false") boolean weigh)
    implements Request<Answered> {
  public AskRequest {
    stop = List.copyOf(stop);
  }
}
