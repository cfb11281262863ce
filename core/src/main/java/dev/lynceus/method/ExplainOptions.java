package dev.lynceus.method;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.OptionalInt;

/// How much an explanation tells.
///
/// @param target what to explain
/// @param start words that the answer begins with; may be empty
/// @param maxTokens most tokens of the generated answer
/// @param words most targets to explain of the model's own answer; empty = as many as
///   [#wordsOf(long)] says
/// @param heads heads that are explained position by position
/// @param positions positions listed per head
/// @param listed words in each list
/// @param neurons neurons listed
/// @param patches which visual tokens are read in words
/// @param seed seed of the run; every step of an explanation is deterministic, it is recorded for
///   the record
/// @param command the command line that makes this explanation again
public record ExplainOptions(
    TargetSpec target,
    String start,
    int maxTokens,
    OptionalInt words,
    int heads,
    int positions,
    int listed,
    int neurons,
    PatchReading patches,
    long seed,
    String command) {

  /// Parameters from which a word costs what a reader would notice.
  private static final long LARGE = 1_000_000_000L;

  /// Which visual tokens are read in words.
  public enum PatchReading {
    /// None.
    NONE,
    /// As many as cost little beside the answer, those that bring the first word most; all of a
    /// small model. See [VisualWords].
    SHARE,
    /// All.
    ALL
  }

  /// The defaults of the command line.
  public static final ExplainOptions DEFAULT =
      new ExplainOptions(
          new TargetSpec.OwnAnswer(),
          "",
          32,
          OptionalInt.empty(),
          6,
          10,
          8,
          12,
          PatchReading.SHARE,
          0,
          "");

  public ExplainOptions {
    if (maxTokens < 1
        || words.orElse(1) < 1
        || heads < 1
        || positions < 1
        || listed < 1
        || neurons < 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "an explanation needs at least one token, word, head, position and listed word",
          "Use numbers above zero.");
    }
  }

  /// Most words that are explained of an answer, where the number was not given: 12, of a model of
  /// a billion parameters and more 3.
  public int wordsOf(long parameters) {
    return words.orElse(parameters < LARGE ? 12 : 3);
  }

  public ExplainOptions target(TargetSpec value) {
    return new ExplainOptions(
        value, start, maxTokens, words, heads, positions, listed, neurons, patches, seed, command);
  }

  public ExplainOptions start(String value) {
    return new ExplainOptions(
        target, value, maxTokens, words, heads, positions, listed, neurons, patches, seed, command);
  }

  public ExplainOptions maxTokens(int value) {
    return new ExplainOptions(
        target, start, value, words, heads, positions, listed, neurons, patches, seed, command);
  }

  public ExplainOptions words(int value) {
    return new ExplainOptions(
        target,
        start,
        maxTokens,
        OptionalInt.of(value),
        heads,
        positions,
        listed,
        neurons,
        patches,
        seed,
        command);
  }

  public ExplainOptions heads(int value) {
    return new ExplainOptions(
        target, start, maxTokens, words, value, positions, listed, neurons, patches, seed, command);
  }

  public ExplainOptions patches(PatchReading value) {
    return new ExplainOptions(
        target, start, maxTokens, words, heads, positions, listed, neurons, value, seed, command);
  }

  public ExplainOptions seed(long value) {
    return new ExplainOptions(
        target, start, maxTokens, words, heads, positions, listed, neurons, patches, value,
        command);
  }

  public ExplainOptions command(String value) {
    return new ExplainOptions(
        target, start, maxTokens, words, heads, positions, listed, neurons, patches, seed, value);
  }
}
