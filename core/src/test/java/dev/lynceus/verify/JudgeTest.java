package dev.lynceus.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JudgeTest {
  private final Judge judge = new Judge.Within("file", new Tolerance(1e-3, 1e-2));
  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void theLimitIsTheAbsolutePartPlusAShareOfTheLargestValue() {
    Tensor reference = Tensor.of(new double[] {0, -10}, 2);

    Check inside = judge.tensor("t", Tensor.of(new double[] {0.1009, -10}, 2), reference);
    Check outside = judge.tensor("t", Tensor.of(new double[] {0.1011, -10}, 2), reference);

    assertThat(inside.verdict()).isEqualTo(Verdict.PASS);
    assertThat(inside.absolute()).isEqualTo(0.1009);
    assertThat(inside.relative()).isEqualTo(0.01009);
    assertThat(outside.verdict()).isEqualTo(Verdict.FAIL);
    assertThat(outside.reason()).contains("limit");
  }

  @Test
  void aMissingNumberOnEitherSideFails() {
    Tensor numbers = Tensor.of(new float[] {1, 2}, 2);
    Tensor missing = Tensor.of(new float[] {1, Float.NaN}, 2);

    assertThat(judge.tensor("t", missing, numbers).verdict()).isEqualTo(Verdict.FAIL);
    assertThat(judge.tensor("t", numbers, missing).verdict()).isEqualTo(Verdict.FAIL);
    assertThat(judge.tensor("t", missing, missing).verdict()).isEqualTo(Verdict.FAIL);
  }

  @Test
  void anInfiniteNumberFails() {
    Tensor numbers = Tensor.of(new float[] {1, 2}, 2);
    Tensor infinite = Tensor.of(new float[] {1, Float.POSITIVE_INFINITY}, 2);

    assertThat(judge.tensor("t", infinite, numbers).verdict()).isEqualTo(Verdict.FAIL);
    assertThat(judge.tensor("t", numbers, infinite).verdict()).isEqualTo(Verdict.FAIL);
  }

  @Test
  void onlyLeadingOnesOfAShapeMayDiffer() {
    Tensor reference = Tensor.of(new float[6], 1, 2, 3);

    assertThat(judge.tensor("t", Tensor.of(new float[6], 2, 3), reference).verdict())
        .isEqualTo(Verdict.PASS);
    Check transposed = judge.tensor("t", Tensor.of(new float[6], 3, 2), reference);
    assertThat(transposed.verdict()).isEqualTo(Verdict.FAIL);
    assertThat(transposed.reason()).contains("[3, 2]");
  }

  @Test
  void wholeNumbersMustBeEqual() {
    Check check =
        judge.tensor(
            "ids", Tensor.of(new long[] {1000, 2, 3}, 3), Tensor.of(new long[] {1001, 2, 3}, 3));

    assertThat(check.verdict()).isEqualTo(Verdict.FAIL);
    assertThat(check.absolute()).isEqualTo(1);
    assertThat(judge.ids("ids", new int[] {1, 2}, new int[] {1, 2, 3}, 3).verdict())
        .isEqualTo(Verdict.FAIL);
    assertThat(judge.ids("ids", new int[0], new int[0], 0).verdict()).isEqualTo(Verdict.PASS);
  }

  @Test
  void theFirstTextThatDiffersIsShown() {
    Check check = judge.texts("words", List.of("a", "b", "c"), List.of("a", "x", "y"));

    assertThat(check.verdict()).isEqualTo(Verdict.FAIL);
    assertThat(check.absolute()).isEqualTo(2);
    assertThat(check.reason()).contains("entry 1", "'b'", "'x'");
  }

  @Test
  void aToleranceBelowZeroIsRefused() {
    assertThatThrownBy(() -> new Tolerance(-1, 0)).isInstanceOf(LynceusException.class);
    assertThatThrownBy(() -> new Tolerance(0, Double.NaN)).isInstanceOf(LynceusException.class);
  }

  @Test
  void aReportPassesOnlyIfSomethingWasCompared() {
    Check skipped = Check.skipped("file", "t", new long[0], "why");
    Check passed = judge.ids("t", new int[] {1}, new int[] {1});

    assertThat(new VerificationReport("c", "r", List.of(skipped)).passed()).isFalse();
    assertThat(new VerificationReport("c", "r", List.of(skipped, passed)).passed()).isTrue();
    assertThat(new VerificationReport("c", "r", List.of(skipped)).worst()).isEmpty();
  }

  @Test
  void namesAreOrderedAsAReaderCounts() {
    assertThat(Stream.of("a.10", "a.9", "b", "a.9.x", "a").sorted(NaturalOrder.INSTANCE))
        .containsExactly("a", "a.9", "a.9.x", "a.10", "b");
  }
}
