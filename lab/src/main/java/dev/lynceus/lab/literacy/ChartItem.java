package dev.lynceus.lab.literacy;

import dev.lynceus.lab.literacy.Part.Ref;
import java.util.List;

/// A question about a chart with its options.
///
/// @param id unique in its suite
/// @param place what it tests
/// @param query what is asked, as data
/// @param question what is asked, in words
/// @param options what can be answered, `Omit` not among them
/// @param key number of the right option
/// @param swapped a chart that differs in its numbers alone
/// @param swappedKey number of the option that is right there; another one than `key`
/// @param evidence what of the chart the answer follows from
public record ChartItem(
    String id,
    Blueprint place,
    Chart chart,
    Query query,
    String question,
    List<String> options,
    int key,
    Chart swapped,
    int swappedKey,
    List<Ref> evidence) {
  public ChartItem {
    options = List.copyOf(options);
    evidence = List.copyOf(evidence);
  }

  /// The right answer.
  public String answer() {
    return options.get(key);
  }
}
