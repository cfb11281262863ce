package dev.lynceus.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// What the processor can do that decides how products are best computed.
public final class Processor {

  /// Instructions that multiply bfloat16 numbers, as Linux names them: of Intel's and AMD's
  /// processors, and of ARM's.
  private static final Set<String> BFLOAT16 = Set.of("avx512_bf16", "amx_bf16", "bf16");

  private static final boolean MULTIPLIES_BFLOAT16 = multipliesBfloat16(Kernel.lines("cpuinfo"));

  private Processor() {}

  /// Whether it multiplies bfloat16 numbers by instructions of their own. False where the system
  /// does not tell; products are then computed in float32, which is right everywhere.
  public static boolean multipliesBfloat16() {
    return MULTIPLIES_BFLOAT16;
  }

  /// The same by the lines of `/proc/cpuinfo`.
  static boolean multipliesBfloat16(List<String> lines) {
    return lines.stream()
        .map(line -> line.split(":", 2))
        .filter(pair -> pair.length == 2)
        .filter(pair -> pair[0].strip().equals("flags") || pair[0].strip().equals("Features"))
        .flatMap(pair -> Arrays.stream(pair[1].strip().split(" ")))
        .anyMatch(BFLOAT16::contains);
  }
}
