package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// A data set of answers, and where its results go.
final class BatchOptions {
  @Option(
      names = "--dataset",
      paramLabel = "FILE",
      description = {
        "Judge every row of FILE: lines of JSON with image, question and, if wanted, answer and id;",
        "or another data set with pictures and questions, see docs/reference/data.md."
      })
  @Nullable String dataset;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "With --dataset: only the first N rows.")
  @Nullable Integer limit;

  @Written(Written.As.FILE)
  @Option(
      names = "--items",
      paramLabel = "FILE",
      description = "With --dataset: one row for each word, to FILE: .csv, or .jsonl.")
  @Nullable String items;

  @Written(Written.As.FILE)
  @Option(
      names = "--answers",
      paramLabel = "FILE",
      description = "With --dataset: one row for each answer, to FILE: .csv, or .jsonl.")
  @Nullable String answers;

  @Written(Written.As.LEDGER)
  @Option(
      names = "--ledger",
      paramLabel = "FILE",
      description = {
        "With --dataset: keep judged rows in FILE; a run that was stopped goes on from there."
      })
  @Nullable String ledger;

  @Mixin DatasetOptions datasets = new DatasetOptions();

  int rows() {
    return limit == null ? Integer.MAX_VALUE : limit;
  }

  /// Options that only a data set has are refused without one.
  ///
  /// @throws LynceusException BAD_REQUEST
  void requireNone() {
    if (limit != null || items != null || answers != null || ledger != null) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--limit, --items, --answers and --ledger are about a data set",
          "Name one with --dataset.");
    }
  }
}
