package dev.lynceus.studio;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import org.jspecify.annotations.Nullable;

/// What a client is told where something is refused: never where in the program it happened.
///
/// @param code a word for programs
/// @param message what is wrong
/// @param next what to do about it; may be empty
public record Problem(String code, String message, String next) {
  private static final int LONGEST = 2000;

  public Problem {
    message = shortened(message);
    next = shortened(next);
  }

  /// An answer other than success.
  static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final transient Problem problem;

    Refusal(int status, String code, String message, String next) {
      this(status, new Problem(code, message, next), null);
    }

    Refusal(int status, Problem problem, @Nullable Throwable cause) {
      super(problem.message(), cause);
      this.status = status;
      this.problem = problem;
    }

    int status() {
      return status;
    }

    Problem problem() {
      return problem;
    }
  }

  /// What is told of a failure.
  static Refusal of(Throwable failure) {
    return switch (failure) {
      case Refusal refusal -> refusal;
      case LynceusException known ->
          new Refusal(
              status(known.code()),
              new Problem(
                  known.code().name(), String.valueOf(known.getMessage()), known.nextStep()),
              known);
      case OutOfMemoryError full ->
          new Refusal(
              status(ErrorCode.OUT_OF_MEMORY),
              new Problem(
                  ErrorCode.OUT_OF_MEMORY.name(),
                  "this machine has not enough memory for that",
                  "Choose a smaller model, or ask for less."),
              full);
      default ->
          new Refusal(
              500,
              new Problem(
                  ErrorCode.INTERNAL.name(),
                  "internal error: " + failure.getClass().getSimpleName(),
                  "This is a defect of Lynceus; the terminal of the studio says more."),
              failure);
    };
  }

  static int status(ErrorCode code) {
    return switch (code) {
      case BAD_REQUEST, BAD_POINT, BAD_IMAGE -> 400;
      case MODEL_NOT_FOUND -> 404;
      case CANCELLED -> 409;
      case BAD_CHECKPOINT, UNSUPPORTED_MODEL, MISMATCH -> 422;
      case OUT_OF_MEMORY, NOT_WRITABLE -> 507;
      case INTERNAL -> 500;
    };
  }

  static Refusal notFound(String what) {
    return new Refusal(404, "NOT_FOUND", what, "");
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }
}
