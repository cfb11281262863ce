package dev.lynceus.bench.fuzz;

import dev.lynceus.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/// One kind of input that strangers may give: makes cases of it and runs them.
///
/// A kind has a constructor without arguments, and one line in [FuzzKinds]. It is made once in each
/// worker, so what it reads in its constructor is read once.
public interface FuzzKind {
  /// How the command line names it, in lower case.
  String name();

  /// What its cases are, in one line for the report.
  String about();

  /// Makes a case. The same seed and number make the same case, in any order and any process: take
  /// every random choice from `Fuzz.random(name(), seed, index)`.
  ///
  /// @param folder an empty folder of this case; what fails is kept with what lies in it
  FuzzCase make(long seed, int index, Path folder) throws IOException;

  /// The codes of a [dev.lynceus.error.LynceusException] that are a right answer to such input.
  default Set<ErrorCode> refusals() {
    return EnumSet.of(
        ErrorCode.BAD_REQUEST,
        ErrorCode.BAD_POINT,
        ErrorCode.BAD_CHECKPOINT,
        ErrorCode.MODEL_NOT_FOUND,
        ErrorCode.UNSUPPORTED_MODEL,
        ErrorCode.BAD_IMAGE,
        ErrorCode.NOT_WRITABLE);
  }

  /// Seconds of processor time that a case may take. One that stands still is ended after six times
  /// as many by the clock.
  default int seconds() {
    return 10;
  }

  /// MiB by which the memory of the process may grow during a case. The heap is 256 MiB.
  default int megabytes() {
    return 600;
  }
}
