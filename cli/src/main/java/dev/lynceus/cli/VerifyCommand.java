package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.Checkpoints;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Torch;
import dev.lynceus.verify.Check;
import dev.lynceus.verify.Verdict;
import dev.lynceus.verify.Verification;
import dev.lynceus.verify.VerificationOptions;
import dev.lynceus.verify.VerificationReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lynceus models verify`: compares a model with reference values; exit status 1 where something is past the
/// tolerances.
@Command(
    name = "verify",
    header = "Compare a model with values that another program computed for it.",
    description = {
      "",
      "A tensor passes if every |a - b| <= atol + rtol * max|b|.",
      "docs/verify.md has the script that makes reference values with transformers.",
      ""
    },
    sortOptions = false)
final class VerifyCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "MODEL", description = "As --model of the others.")
  String model = "";

  @Option(
      names = "--against",
      required = true,
      paramLabel = "DIR",
      description = "Folder of reference values: expected.json, expected.safetensors, ...")
  Path against = Path.of("");

  @Option(
      names = "--atol",
      paramLabel = "X",
      description = "Absolute tolerance. Default: 1e-5; for values of methods 1e-4.")
  @Nullable Double atol;

  @Option(
      names = "--rtol",
      paramLabel = "X",
      description =
          "Tolerance relative to a tensor's largest value. Default: 1e-5; for gradients 5e-5.")
  @Nullable Double rtol;

  @Option(
      names = "--pictures",
      paramLabel = "DIR",
      description = "Folder of the pictures. Default: DIR, DIR/images or DIR/../images.")
  @Nullable Path pictures;

  @Option(
      names = "--dtype",
      defaultValue = "float32",
      paramLabel = "TYPE",
      description = "float32, or float64, which shows how far the reference itself is rounded.")
  String dtype = "float32";

  @Option(
      names = "--threads",
      defaultValue = "0",
      paramLabel = "N",
      description = "Threads of the arithmetic. Default: the physical cores.")
  int threads;

  @Mixin ResultOptions result = new ResultOptions();
  @Mixin CommonOptions common = new CommonOptions();

  VerifyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (threads < 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "--threads " + threads + " is less than one", "Give 1 or more.");
    }
    Torch.setThreads(threads == 0 ? Cores.physical() : threads);
    VerificationReport report;
    try (ProgressLine progress = new ProgressLine(console, common.quiet)) {
      progress.at("comparing " + model, 0, 0);
      report =
          Verification.run(
              Checkpoints.locate(model),
              against,
              new VerificationOptions(
                  Optional.ofNullable(atol),
                  Optional.ofNullable(rtol),
                  Optional.of(DType.parse(dtype)),
                  Optional.ofNullable(pictures)));
    }
    result.give(console, () -> text(report), () -> json(report));
    return report.passed() ? 0 : ErrorCode.MISMATCH.exitStatus();
  }

  /// A line for each value, the counts, and the worst tensor.
  private static String text(VerificationReport report) {
    TextTable table =
        new TextTable().row("FILE", "TENSOR", "SHAPE", "ABSOLUTE", "RELATIVE", "VERDICT", "");
    for (Check check : report.checks()) {
      table.row(
          check.file(),
          check.name(),
          check.shape().length == 0
              ? "-"
              : String.join(
                  "x", LongStream.of(check.shape()).mapToObj(Long::toString).toList()),
          number(check.absolute()),
          number(check.relative()),
          word(check.verdict()),
          check.reason());
    }
    String worst =
        report
            .worst()
            .map(
                check ->
                    "; largest relative error %s at %s of %s"
                        .formatted(number(check.relative()), check.name(), check.file()))
            .orElse("");
    return "%s\n%d passed, %d failed, %d skipped%s\n"
        .formatted(
            table,
            report.count(Verdict.PASS),
            report.count(Verdict.FAIL),
            report.count(Verdict.SKIPPED),
            worst);
  }

  private static Map<String, Object> json(VerificationReport report) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("checkpoint", report.checkpoint());
    root.put("against", report.against());
    root.put("passed", report.passed());
    Map<String, Long> counts = new LinkedHashMap<>();
    for (Verdict verdict : Verdict.values()) {
      counts.put(verdict.name().toLowerCase(Locale.ROOT), report.count(verdict));
    }
    root.put("counts", counts);
    report.worst().ifPresent(check -> root.put("worst", value(check)));
    List<Map<String, Object>> checks = new ArrayList<>();
    report.checks().forEach(check -> checks.add(value(check)));
    root.put("checks", checks);
    return root;
  }

  private static Map<String, Object> value(Check check) {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("file", check.file());
    value.put("tensor", check.name());
    value.put("shape", check.shape());
    // JSON has no NaN: a number that does not exist is left out.
    if (Double.isFinite(check.absolute())) {
      value.put("absolute", check.absolute());
    }
    if (Double.isFinite(check.relative())) {
      value.put("relative", check.relative());
    }
    value.put("verdict", check.verdict().name());
    value.put("reason", check.reason());
    return value;
  }

  private static String word(Verdict verdict) {
    return switch (verdict) {
      case PASS -> "pass";
      case FAIL -> "FAIL";
      case SKIPPED -> "skipped";
    };
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    return value == 0 ? "0" : String.format(Locale.ROOT, "%.1e", value);
  }
}
