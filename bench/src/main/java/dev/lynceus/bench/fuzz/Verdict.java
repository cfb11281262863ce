package dev.lynceus.bench.fuzz;

/// How a case ended.
enum Verdict {
  /// The input was read and used.
  TAKEN(false),
  /// The input was refused with a code and words that fit.
  REFUSED(false),
  /// Another exception than that of the house, or a code that does not fit the input.
  INTERNAL_ERROR(true),
  /// Something printed a stack trace or a panic.
  STACK_TRACE(true),
  /// The process ended.
  ABORT(true),
  /// The case took longer than it may.
  HANG(true),
  /// The process grew by more than it may.
  MEMORY(true);

  private final boolean fault;

  Verdict(boolean fault) {
    this.fault = fault;
  }

  boolean isFault() {
    return fault;
  }

  /// The word of the report.
  String label() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }
}
