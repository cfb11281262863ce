package dev.lynceus.verify;

import java.util.Arrays;

/// One comparison with a reference value.
///
/// @param file the file of the reference value
/// @param name its name in that file
/// @param shape its shape; empty for texts and single numbers
/// @param absolute largest absolute difference; for ids and texts the number of entries that
///   differ; NaN where nothing was compared, or a number is not finite
/// @param relative `absolute` divided by the largest absolute reference value of this tensor; for
///   ids and texts the share of entries that differ
/// @param reason why it failed or was skipped; empty where it passed
public record Check(
    String file,
    String name,
    long[] shape,
    double absolute,
    double relative,
    Verdict verdict,
    String reason) {

  /// A value that is not compared.
  static Check skipped(String file, String name, long[] shape, String reason) {
    return new Check(file, name, shape, Double.NaN, Double.NaN, Verdict.SKIPPED, reason);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Check check
        && file.equals(check.file)
        && name.equals(check.name)
        && Arrays.equals(shape, check.shape)
        && Double.compare(absolute, check.absolute) == 0
        && Double.compare(relative, check.relative) == 0
        && verdict == check.verdict
        && reason.equals(check.reason);
  }

  @Override
  public int hashCode() {
    return 31 * file.hashCode() + name.hashCode();
  }

  @Override
  public String toString() {
    return "%s %s %s: %s, absolute %.2g, relative %.2g %s"
        .formatted(file, name, Arrays.toString(shape), verdict, absolute, relative, reason)
        .strip();
  }
}
