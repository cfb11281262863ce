package dev.lynceus.method;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;

/// How much an explanation tells.
///
/// @param target what to explain
/// @param start words that the answer begins with; may be empty
/// @param maxTokens most tokens of the generated answer
/// @param words most targets to explain of the model's own answer
/// @param heads heads that are explained position by position
/// @param positions positions listed per head
/// @param listed words in each list
/// @param neurons neurons listed
/// @param seed seed of the run; every step of an explanation is deterministic, it is recorded for
///   the record
/// @param command the command line that makes this explanation again
public record ExplainOptions(
    TargetSpec target,
    String start,
    int maxTokens,
    int words,
    int heads,
    int positions,
    int listed,
    int neurons,
    long seed,
    String command) {

  /// The defaults of the command line.
  public static final ExplainOptions DEFAULT =
      new ExplainOptions(new TargetSpec.OwnAnswer(), "", 32, 12, 6, 10, 8, 12, 0, "");

  public ExplainOptions {
    if (maxTokens < 1 || words < 1 || heads < 1 || positions < 1 || listed < 1 || neurons < 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "an explanation needs at least one token, word, head, position and listed word",
          "Use numbers above zero.");
    }
  }

  public ExplainOptions target(TargetSpec value) {
    return new ExplainOptions(
        value, start, maxTokens, words, heads, positions, listed, neurons, seed, command);
  }

  public ExplainOptions start(String value) {
    return new ExplainOptions(
        target, value, maxTokens, words, heads, positions, listed, neurons, seed, command);
  }

  public ExplainOptions maxTokens(int value) {
    return new ExplainOptions(
        target, start, value, words, heads, positions, listed, neurons, seed, command);
  }

  public ExplainOptions words(int value) {
    return new ExplainOptions(
        target, start, maxTokens, value, heads, positions, listed, neurons, seed, command);
  }

  public ExplainOptions heads(int value) {
    return new ExplainOptions(
        target, start, maxTokens, words, value, positions, listed, neurons, seed, command);
  }

  public ExplainOptions seed(long value) {
    return new ExplainOptions(
        target, start, maxTokens, words, heads, positions, listed, neurons, value, command);
  }

  public ExplainOptions command(String value) {
    return new ExplainOptions(
        target, start, maxTokens, words, heads, positions, listed, neurons, seed, value);
  }
}
