package dev.lynceus.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;

/// The tables of docs/reference/parity.md.
final class ParityPage {
  static final String BEGIN = "<!-- tables: made by ParityPageTest -->";
  private static final String BOUND = "≤ ";
  static final String END = "<!-- end of tables -->";

  /// Log probabilities, whose differences count as they are.
  private static final String METHODS = "methods (absolute)";

  /// The mean square of the last layer's output: a stage in the file of the methods.
  private static final String VARIANCE = "final_var";

  /// Names of ids and texts.
  private static final Pattern EXACT =
      Pattern.compile(
          "(.*[_.])?ids?|attention_mask|image_positions|.*_positions|offsets|arg.*|best_span_(tokens|text.*|decoded)|filled|sequence_length|prompt_ids.*|tokens|decoded.*|.*_text|chat_.*");

  /// The columns: stages in the order of a pass.
  private static final Map<String, Predicate<Check>> STAGES = stages();

  private ParityPage() {}

  /// One row: a checkpoint and how it was compared.
  record Row(String checkpoint, VerificationReport report) {}

  private static Map<String, Predicate<Check>> stages() {
    Map<String, Predicate<Check>> stages = new LinkedHashMap<>();
    stages.put("ids, texts", check -> EXACT.matcher(check.name()).matches() && !isMethod(check));
    stages.put("pixels", check -> check.name().endsWith("pixel_values") && !isGradient(check));
    stages.put("tower", check -> check.name().startsWith("vision."));
    stages.put("projector", check -> check.name().equals("image_features"));
    stages.put("merged", check -> check.name().endsWith("inputs_embeds") && !isGradient(check));
    stages.put(
        "layers",
        check ->
            check.name().startsWith("lm.block_output")
                || check.name().startsWith("lm.hidden_states")
                || check.name().startsWith("hidden_states")
                || check.name().equals(VARIANCE));
    stages.put("attention", check -> check.name().matches("(lm[.])?attentions[.].*"));
    stages.put(
        "logits", check -> check.file().startsWith("expected") && check.name().contains("logits"));
    stages.put("gradients", ParityPage::isGradient);
    stages.put(METHODS, check -> isMethod(check) && !check.name().equals(VARIANCE));
    return stages;
  }

  private static boolean isMethod(Check check) {
    return check.file().startsWith("methods");
  }

  private static boolean isGradient(Check check) {
    return check.name().startsWith("grad.") || check.name().startsWith("ig.start");
  }

  /// A table of the largest relative error of each stage, as orders of magnitude.
  static List<List<String>> table(List<Row> rows) {
    List<List<String>> table = new ArrayList<>();
    List<String> header = new ArrayList<>(List.of("checkpoint"));
    header.addAll(STAGES.keySet());
    header.add("passed");
    table.add(header);
    for (Row row : rows) {
      List<String> cells = new ArrayList<>(List.of(row.checkpoint()));
      STAGES.forEach((name, stage) ->
          cells.add(
              bound(
                  row.report(), stage, name.equals(METHODS) ? Check::absolute : Check::relative)));
      long passed = row.report().count(Verdict.PASS);
      cells.add(passed + " of " + (passed + row.report().count(Verdict.FAIL)));
      table.add(cells);
    }
    return table;
  }

  private static String bound(
      VerificationReport report, Predicate<Check> stage, ToDoubleFunction<Check> error) {
    double[] errors =
        report.checks().stream()
            .filter(check -> check.verdict() != Verdict.SKIPPED)
            .filter(stage)
            .mapToDouble(error)
            .map(value -> Double.isNaN(value) ? Double.POSITIVE_INFINITY : value)
            .toArray();
    if (errors.length == 0) {
      return "–";
    }
    return bound(Arrays.stream(errors).max().orElseThrow());
  }

  /// Rounds up to 1, 2 or 5 times a power of ten.
  private static String bound(double error) {
    if (error == 0) {
      return "equal";
    }
    int power = (int) Math.floor(Math.log10(error));
    for (int step : new int[] {1, 2, 5}) {
      if (error <= step * Math.pow(10, power)) {
        return BOUND + step + "e" + power;
      }
    }
    return BOUND + "1e" + (power + 1);
  }

  /// The tables as Markdown.
  static String markdown(Map<String, List<List<String>>> tables) {
    StringBuilder text = new StringBuilder(BEGIN).append('\n');
    tables.forEach((title, table) -> {
      text.append("\n### ").append(title).append("\n\n");
      for (int i = 0; i < table.size(); i++) {
        text.append("| ").append(String.join(" | ", table.get(i))).append(" |\n");
        if (i == 0) {
          text.append("|---".repeat(table.getFirst().size())).append("|\n");
        }
      }
    });
    return text.append('\n').append(END).toString();
  }

  /// Reads the tables back.
  static Map<String, List<List<String>>> parse(String markdown) {
    Map<String, List<List<String>>> tables = new LinkedHashMap<>();
    String title = "";
    for (String line : markdown.lines().toList()) {
      if (line.startsWith("### ")) {
        title = line.substring(4);
      } else if (line.startsWith("| ")) {
        tables
            .computeIfAbsent(title, t -> new ArrayList<>())
            .add(List.of(line.substring(2, line.length() - 2).split(" \\| ")));
      }
    }
    return tables;
  }

  /// Whether two cells say the same. Processors add in different orders, so an error may be a few
  /// times another.
  static boolean same(String one, String other) {
    if (one.equals(other)) {
      return true;
    }
    if (!one.startsWith(BOUND) || !other.startsWith(BOUND)) {
      return false;
    }
    double ratio = number(one) / number(other);
    return ratio < 5.5 && ratio > 1 / 5.5;
  }

  private static double number(String bound) {
    return Double.parseDouble(bound.substring(BOUND.length()));
  }
}
