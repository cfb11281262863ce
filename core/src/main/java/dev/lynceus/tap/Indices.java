package dev.lynceus.tap;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.Arrays;
import java.util.stream.IntStream;

/// A choice of layers or heads: all of them, or some by number.
///
/// @param numbers ascending numbers; empty means all
public record Indices(int... numbers) {

  /// @throws LynceusException BAD_REQUEST for a number below 0
  public Indices {
    for (int number : numbers) {
      if (number < 0) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "there is no layer or head " + number,
            "Layers and heads count from 0.");
      }
    }
  }

  /// Every one.
  public static final Indices ALL = new Indices();

  /// These ones.
  public static Indices of(int... numbers) {
    return new Indices(IntStream.of(numbers).sorted().distinct().toArray());
  }

  /// Whether all are meant.
  public boolean isAll() {
    return numbers.length == 0;
  }

  /// Whether one number is meant.
  public boolean has(int number) {
    return numbers.length == 0 || Arrays.binarySearch(numbers, number) >= 0;
  }

  /// How many of `total` are meant.
  public int count(int total) {
    return numbers.length == 0 ? total : numbers.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Indices indices && Arrays.equals(numbers, indices.numbers);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(numbers);
  }

  @Override
  public String toString() {
    return isAll() ? "all" : Arrays.toString(numbers);
  }
}
