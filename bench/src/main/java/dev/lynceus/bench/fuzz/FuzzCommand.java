package dev.lynceus.bench.fuzz;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// `bench/run fuzz`: runs kinds of cases and prints the report.
public final class FuzzCommand {
  private static final Path KEPT = Path.of("bench/target/fuzz");

  private FuzzCommand() {}

  /// Runs what the options ask for.
  ///
  /// @param arguments `--kind NAME|all`, `--cases N`, `--seed S`, `--first N`, `--report FILE`
  /// @return the exit status: 0 where no case failed
  /// @throws LynceusException `BAD_REQUEST` for options that are not known
  public static int run(String[] arguments) throws IOException {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      options.put(arguments[i], arguments[i + 1]);
    }
    String kind = take(options, "--kind", "all");
    long seed = Long.parseLong(take(options, "--seed", "1"));
    int cases = Integer.parseInt(take(options, "--cases", "1000"));
    int first = Integer.parseInt(take(options, "--first", "0"));
    String file = take(options, "--report", "");
    if (!options.isEmpty() || arguments.length % 2 != 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "unknown option " + options.keySet(), "See the usage below.");
    }
    FuzzReport report = new FuzzReport(seed);
    FuzzRun run = new FuzzRun(seed, first, cases, KEPT);
    for (String name : kind.equals("all") ? FuzzKinds.names() : List.of(kind)) {
      try {
        report.add(name, run.run(FuzzKinds.of(name)));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    System.out.print(report.markdown());
    if (!file.isEmpty()) {
      Files.writeString(Path.of(file), report.markdown());
    }
    return report.clean() ? 0 : 1;
  }

  private static String take(Map<String, String> options, String name, String fallback) {
    String value = options.remove(name);
    return value == null ? fallback : value;
  }
}
