package dev.lynceus.cli;

import dev.lynceus.model.Checkpoints;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Torch;
import dev.lynceus.verify.Check;
import dev.lynceus.verify.Verdict;
import dev.lynceus.verify.Verification;
import dev.lynceus.verify.VerificationOptions;
import dev.lynceus.verify.VerificationReport;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `models verify CHECKPOINT --against DIR`: compares a model with reference values and prints a
/// table; exit status 1 where something is past the tolerances.
@Command(
    name = "verify",
    header = "Compare a model with values that another program computed for it, stage by stage.",
    footer = {
      "",
      "A tensor passes if every |a - b| <= atol + rtol * max|b|. docs/how-to/verify.md has the script that makes reference"
          + " values with transformers.",
      "Exit status: 0 all passed, 1 something is past the tolerances, 2 wrong use."
    })
final class VerifyCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      paramLabel = "CHECKPOINT",
      description = "A folder, org/name in the local Hugging Face cache, or a bundled name.")
  private String checkpoint = "";

  @Option(
      names = "--against",
      required = true,
      paramLabel = "DIR",
      description = "Folder of reference values: expected.json, expected.safetensors, ...")
  private Path against = Path.of("");

  @Option(
      names = "--atol",
      paramLabel = "X",
      description = "Absolute tolerance (default: 1e-5; method values 1e-4).")
  private @Nullable Double atol;

  @Option(
      names = "--rtol",
      paramLabel = "X",
      description =
          "Tolerance relative to the largest value of a tensor (default: 1e-5; gradients 5e-5).")
  private @Nullable Double rtol;

  @Option(
      names = "--pictures",
      paramLabel = "DIR",
      description = "Folder of the pictures (default: DIR, DIR/images or DIR/../images).")
  private @Nullable Path pictures;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description =
          "float32 (default) or float64, which shows how far the reference itself is rounded.")
  private @Nullable String dtype;

  @Option(names = "--threads", paramLabel = "N", description = "Threads of the tensor library.")
  private @Nullable Integer threads;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private CommonOptions common = new CommonOptions();

  VerifyCommand(Console console) {
    this.console = console;
  }

  /// What becomes JSON.
  ///
  /// @param checkpoint that was compared
  /// @param against folder of the reference values
  /// @param passed whether nothing is past the tolerances
  /// @param pass how many values are within them
  /// @param fail how many are past them
  /// @param skipped how many could not be compared
  /// @param worst file and name of the value with the largest relative error; null if there is none
  record Told(
      String checkpoint,
      String against,
      boolean passed,
      long pass,
      long fail,
      long skipped,
      @Nullable String worst,
      List<Row> checks) {

    /// One value.
    ///
    /// @param file of the reference
    /// @param tensor its name
    /// @param shape of the tensor; empty for what is no tensor
    /// @param absolute largest error; null where there is none
    /// @param relative the same divided by the largest value; null where there is none
    /// @param reason why it was skipped or failed; empty otherwise
    @SuppressWarnings("ArrayRecordComponent") // Plain numbers; nothing compares these records.
    record Row(
        String file,
        String tensor,
        long[] shape,
        double absolute,
        double relative,
        Verdict verdict,
        String reason) {}

    static Told of(VerificationReport report) {
      return new Told(
          report.checkpoint(),
          report.against(),
          report.passed(),
          report.count(Verdict.PASS),
          report.count(Verdict.FAIL),
          report.count(Verdict.SKIPPED),
          report.worst().map(check -> check.file() + " " + check.name()).orElse(null),
          report.checks().stream()
              .map(check ->
                  new Row(
                      check.file(),
                      check.name(),
                      check.shape(),
                      check.absolute(),
                      check.relative(),
                      check.verdict(),
                      check.reason()))
              .toList());
    }
  }

  @Override
  public Integer call() {
    if (threads != null) {
      Torch.setThreads(threads);
    }
    VerificationReport report =
        Verification.run(
            Checkpoints.locate(checkpoint),
            against,
            new VerificationOptions(
                Optional.ofNullable(atol),
                Optional.ofNullable(rtol),
                Optional.ofNullable(dtype).map(DType::parse),
                Optional.ofNullable(pictures)));
    report.notes().forEach(note -> console.err().println("note: " + note));
    console.notes().addAll(report.notes());
    PrintStream out = console.out();
    out.println(json ? ResultOptions.json(console, Told.of(report)) : table(report));
    out.flush();
    return report.passed() ? 0 : 1;
  }

  /// An aligned table, the counts, and the worst tensor.
  static String table(VerificationReport report) {
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"file", "tensor", "shape", "abs", "rel", "verdict", ""});
    for (Check check : report.checks()) {
      rows.add(
          new String[] {
            check.file(),
            check.name(),
            shape(check),
            number(check.absolute()),
            number(check.relative()),
            verdict(check.verdict()),
            check.reason()
          });
    }
    int[] widths = new int[rows.getFirst().length];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.length; i++) {
        boolean number = i == 3 || i == 4;
        String pad = " ".repeat(widths[i] - row[i].length());
        line.append(number ? pad + row[i] : row[i] + pad).append("  ");
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.append('\n').append(summary(report)).toString();
  }

  private static String summary(VerificationReport report) {
    String counts =
        "%d passed, %d failed, %d skipped"
            .formatted(
                report.count(Verdict.PASS),
                report.count(Verdict.FAIL),
                report.count(Verdict.SKIPPED));
    String worst =
        report
            .worst()
            .map(check ->
                "; largest relative error %s at %s %s"
                    .formatted(number(check.relative()), check.file(), check.name()))
            .orElse("");
    return counts + worst;
  }

  private static String verdict(Verdict verdict) {
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

  private static String shape(Check check) {
    return check.shape().length == 0
        ? "-"
        : String.join("x", LongStream.of(check.shape()).mapToObj(Long::toString).toList());
  }
}
