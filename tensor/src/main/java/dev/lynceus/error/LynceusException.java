package dev.lynceus.error;

import org.jspecify.annotations.Nullable;

/// The only exception that Lynceus throws on purpose. Its message names the thing that is wrong;
/// its [next step][#nextStep()] tells what to do about it.
///
/// ```java
/// throw new LynceusException(
///     ErrorCode.BAD_IMAGE, "cat.png is not an image that can be read", "Give a PNG, JPEG, WebP or GIF file.");
/// ```
public final class LynceusException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final String nextStep;

  public LynceusException(ErrorCode code, String message, String nextStep) {
    this(code, message, nextStep, null);
  }

  public LynceusException(
      ErrorCode code, String message, String nextStep, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.nextStep = nextStep;
  }

  /// What kind of error this is.
  public ErrorCode code() {
    return code;
  }

  /// One sentence that tells the user what to do next.
  public String nextStep() {
    return nextStep;
  }
}
