package dev.lynceus.error;

/// What went wrong, in the terms of a user, and the exit status that the command line gives for it.
public enum ErrorCode {
  /// The request itself is wrong: an empty question, a missing option, a malformed intervention.
  BAD_REQUEST(2),
  /// No activation point of that name exists, or it exists but did not fire in this run.
  BAD_POINT(2),
  /// Not found: a checkpoint folder, a model in the local cache, or a file in it.
  MODEL_NOT_FOUND(3),
  /// A checkpoint is there but broken: truncated, half copied, inconsistent with its config.
  BAD_CHECKPOINT(4),
  /// A model type or a config value that this version does not know.
  UNSUPPORTED_MODEL(5),
  /// An image is missing, is no image, is truncated, or is larger than the limit.
  BAD_IMAGE(6),
  /// The run would need more memory than its budget or than the machine has.
  OUT_OF_MEMORY(7),
  /// A result could not be written where the user asked.
  NOT_WRITABLE(8),
  /// A comparison with reference values failed.
  MISMATCH(1),
  /// The user stopped the job.
  CANCELLED(130),
  /// A defect of Lynceus.
  INTERNAL(1);

  private final int exitStatus;

  ErrorCode(int exitStatus) {
    this.exitStatus = exitStatus;
  }

  /// The exit status of the command line for this error.
  public int exitStatus() {
    return exitStatus;
  }
}
