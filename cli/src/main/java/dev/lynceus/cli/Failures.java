package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.NativeLibraries;
import java.io.PrintStream;
import java.util.Locale;

/// Tells users what went wrong: what, what to do next, and an exit status. Never a stack trace,
/// unless they ask for it.
final class Failures {
  static final String STACKTRACE = "--stacktrace";

  private static final int LONGEST = 2000;

  private Failures() {}

  /// Writes two lines about a failure.
  ///
  /// @param stacktrace whether the stack trace follows
  /// @return the exit status
  static int report(Throwable failure, boolean stacktrace, PrintStream err) {
    LynceusException known = known(failure);
    say(err, String.valueOf(known.getMessage()), known.nextStep());
    if (stacktrace) {
      failure.printStackTrace(err);
    }
    return known.code().exitStatus();
  }

  /// The form of every error message.
  static void say(PrintStream err, String message, String nextStep) {
    err.println("lynceus: " + shortened(message).replace("\n", "\\n"));
    if (!nextStep.isBlank()) {
      err.println("  " + nextStep);
    }
  }

  /// What somebody else chose may be in a message, and of any length.
  private static String shortened(String message) {
    int more = message.codePointCount(0, message.length()) - LONGEST;
    return more <= 0
        ? message
        : message.substring(0, message.offsetByCodePoints(0, LONGEST))
            + "… ("
            + more
            + " characters more)";
  }

  private static LynceusException known(Throwable failure) {
    return switch (failure) {
      case LynceusException known -> known;
      case OutOfMemoryError full when isJavaHeap(full) ->
          new LynceusException(
              ErrorCode.OUT_OF_MEMORY,
              "the Java heap is full",
              "Ask for less (fewer --words, --heads), or enlarge it: LYNCEUS_JAVA_OPTS=-Xmx4g.",
              full);
      case OutOfMemoryError full -> tooLarge(full);
      case RuntimeException refused when isAllocation(refused) -> tooLarge(refused);
      case LinkageError unlinked -> NativeLibraries.notLoaded(unlinked);
      default ->
          new LynceusException(
              ErrorCode.INTERNAL,
              "internal error: " + firstLine(failure),
              "This is a defect of Lynceus; " + STACKTRACE + " shows where it happened.",
              failure);
    };
  }

  private static boolean isJavaHeap(OutOfMemoryError full) {
    String message = String.valueOf(full.getMessage());
    return message.contains("Java heap")
        || message.contains("array size")
        || message.contains("GC");
  }

  /// libtorch's own words for an allocation that the system refused.
  private static boolean isAllocation(RuntimeException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.contains("DefaultCPUAllocator")
        || message.contains("allocate memory")
        || message.contains("out of memory")
        || message.contains("std::bad_alloc");
  }

  private static LynceusException tooLarge(Throwable cause) {
    return new LynceusException(
        ErrorCode.OUT_OF_MEMORY,
        "this machine has not enough memory for the run",
        "Close other programs, choose a smaller model, or ask about fewer or smaller pictures.",
        cause);
  }

  private static String firstLine(Throwable failure) {
    String message = String.valueOf(failure.getMessage()).strip();
    String line = message.lines().findFirst().orElse("");
    String name = failure.getClass().getSimpleName();
    return failure.getMessage() == null
        ? name.toLowerCase(Locale.ROOT).isEmpty() ? failure.getClass().getName() : name
        : name + ": " + line;
  }
}
