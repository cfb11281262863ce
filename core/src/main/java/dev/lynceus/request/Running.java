package dev.lynceus.request;

import dev.lynceus.run.Cost;
import dev.lynceus.run.Limits;
import dev.lynceus.run.Progress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;

/// How a request is run: what changes no number of its result.
///
/// @param progress told how far it is, and asked before every pass whether it shall go on
/// @param words told the text of an answer as it is written
/// @param notes told what should be known, a sentence each
/// @param costs told what a sweep will cost, before it begins
/// @param limits how large the batches of a sweep may become
/// @param ledger file that keeps what is done of a sweep, so that it can go on
/// @param command how the result is made again, as results tell it; empty for none
/// @param line another command line about the same question, from its verb and the word that it
///   measures; empty for that of the question
/// @param aside given what a method made on its way
public record Running(
    Progress progress,
    Consumer<String> words,
    Consumer<String> notes,
    Consumer<Cost> costs,
    Limits limits,
    Optional<Path> ledger,
    String command,
    Optional<BinaryOperator<String>> line,
    Consumer<Object> aside) {

  /// Nobody is told.
  public static final Running QUIET =
      new Running(
          Progress.NONE,
          text -> {},
          note -> {},
          cost -> {},
          Limits.DEFAULT,
          Optional.empty(),
          "",
          Optional.empty(),
          made -> {});

  /// The same, watched by somebody who may stop it.
  public Running watched(Progress watcher) {
    return new Running(watcher, words, notes, costs, limits, ledger, command, line, aside);
  }

  /// The same with another way to make the result again.
  public Running command(String text) {
    return new Running(progress, words, notes, costs, limits, ledger, text, line, aside);
  }

  /// The same with somebody who is told an answer as it is written.
  public Running words(Consumer<String> reader) {
    return new Running(progress, reader, notes, costs, limits, ledger, command, line, aside);
  }

  /// The same with somebody who is told notes.
  public Running notes(Consumer<String> reader) {
    return new Running(progress, words, reader, costs, limits, ledger, command, line, aside);
  }

  /// The same with somebody who is told costs.
  public Running costs(Consumer<Cost> reader) {
    return new Running(progress, words, notes, reader, limits, ledger, command, line, aside);
  }

  /// The same with batches of another size.
  public Running limits(Limits other) {
    return new Running(progress, words, notes, costs, other, ledger, command, line, aside);
  }

  /// The same, keeping what is done of a sweep.
  public Running ledger(Optional<Path> file) {
    return new Running(progress, words, notes, costs, limits, file, command, line, aside);
  }

  /// The same with other command lines.
  public Running line(BinaryOperator<String> lines) {
    return new Running(
        progress, words, notes, costs, limits, ledger, command, Optional.of(lines), aside);
  }

  /// The same with somebody who is given what a method made on its way: regions that were hidden, a
  /// direction that was found.
  public Running aside(Consumer<Object> taker) {
    return new Running(progress, words, notes, costs, limits, ledger, command, line, taker);
  }
}
