package dev.lynceus.method.evidence;

import dev.lynceus.method.evidence.Thresholds.Measured;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The answers of a data set, judged.
///
/// @param model the model
/// @param revision of its checkpoint
/// @param dataset name of its file
/// @param thresholds whether verdicts were made; without, scores alone are told
/// @param measured how often such verdicts were wrong; null where that is not known
/// @param rows in the order of the data set
public record EvidenceBatch(
    String model,
    String revision,
    String dataset,
    boolean thresholds,
    @Nullable Measured measured,
    List<EvidenceRow> rows) {
  public EvidenceBatch {
    rows = List.copyOf(rows);
  }

  /// How many answers have each verdict as the one that matters most, and how many rows could not
  /// be judged; what matters more first, zeros left out.
  public Map<String, Integer> counts() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (String label :
        List.of(
            "contradicted", "unsupported", "image", "text", "uncalibrated", EvidenceRow.ERROR)) {
      int count = (int) rows.stream().filter(row -> row.verdict().equals(label)).count();
      if (count > 0) {
        counts.put(label, count);
      }
    }
    return counts;
  }

  /// How often the verdicts are wrong, and of which rows that says nothing.
  public String rates() {
    long judged = rows.stream().filter(row -> row.status() == 0).count();
    long strange = rows.stream().filter(EvidenceRow::outside).count();
    if (strange == 0 || measured == null) {
      return EvidenceWords.rates(measured);
    }
    return strange == judged
        ? "All questions lie outside of what the model was made for; how often verdicts about such"
            + " are wrong was not measured."
        : EvidenceWords.rates(measured)
            + " Not measured for the %d of %d questions that lie outside of what the model was made for."
                .formatted(strange, judged);
  }

  /// The end of a batch in a sentence.
  public String summary() {
    return "%d answers: %s"
        .formatted(
            rows.size(),
            String.join(
                ", ",
                counts().entrySet().stream()
                    .map(entry -> entry.getValue() + " " + words(entry.getKey()))
                    .toList()));
  }

  /// A verdict of a row as a reader sees it.
  public static String words(String verdict) {
    return verdict.equals(EvidenceRow.ERROR) ? "not judged" : Verdict.labelled(verdict).words();
  }
}
