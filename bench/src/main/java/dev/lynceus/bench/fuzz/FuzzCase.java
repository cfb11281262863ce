package dev.lynceus.bench.fuzz;

/// One case that was made and waits to be run.
///
/// @param description what was done to what, in one line, for who reads the report
/// @param body runs it; returns where the input was taken, throws where it was refused
public record FuzzCase(String description, Body body) {
  /// What a case does.
  @FunctionalInterface
  public interface Body {
    void run() throws Exception;
  }
}
