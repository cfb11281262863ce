package dev.lynceus.bench.fuzz;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/// The control of the frame: each case does one of the things that the frame must see, or none of
/// them. It is no part of `all`; a test runs it.
final class ControlFuzz implements FuzzKind {
  static final String NAME = "controls";

  /// What case k does and how it must be judged.
  static final List<Verdict> EXPECTED =
      List.of(
          Verdict.TAKEN,
          Verdict.REFUSED,
          Verdict.ABORT,
          Verdict.HANG,
          Verdict.MEMORY,
          Verdict.STACK_TRACE,
          Verdict.INTERNAL_ERROR,
          Verdict.INTERNAL_ERROR,
          Verdict.INTERNAL_ERROR,
          Verdict.TAKEN);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String about() {
    return "what the frame must see";
  }

  @Override
  public int seconds() {
    return 1;
  }

  @Override
  public int megabytes() {
    return 100;
  }

  @Override
  public FuzzCase make(long seed, int index, Path folder) {
    return new FuzzCase("control " + index, () -> act(index));
  }

  private static void act(int index) {
    switch (index) {
      case 1 ->
          throw new LynceusException(ErrorCode.BAD_REQUEST, "no such thing", "Ask for another.");
      case 2 -> Runtime.getRuntime().halt(134);
      case 3 -> {
        while (!Thread.currentThread().isInterrupted()) {
          Thread.onSpinWait();
        }
      }
      case 4 -> {
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment memory = arena.allocate(200L << 20);
          memory.fill((byte) 1);
        }
      }
      case 5 -> new IllegalStateException("printed and forgotten").printStackTrace();
      case 6 -> throw new IllegalArgumentException("not of the house");
      case 7 -> throw new LynceusException(ErrorCode.INTERNAL, "a defect", "Report it.");
      case 8 -> throw new LynceusException(ErrorCode.BAD_REQUEST, "null", "Ask for another.");
      default -> {
        // The worker after the others must still work.
      }
    }
  }
}
