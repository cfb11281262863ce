package dev.lynceus.run.choice;

import java.util.Arrays;
import java.util.List;

/// Adds to the score of a token that would complete a given sequence. A bias of minus infinity
/// forbids it.
///
/// @param key `sequence_bias` or `bad_words_ids`
/// @param entries no sequence twice
record SequenceBias(String key, List<Entry> entries) implements Rule {

  /// A sequence and what is added.
  // Read only; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  record Entry(int[] ids, float bias) {
    private int last() {
      return ids[ids.length - 1];
    }
  }

  SequenceBias {
    entries = List.copyOf(entries);
  }

  @Override
  public void apply(float[] scores, Moment at) {
    float[] bias = new float[scores.length];
    // Single tokens first: the sums are those of the reference to the last bit.
    for (Entry entry : entries) {
      if (entry.ids.length == 1) {
        bias[entry.last()] = entry.bias;
      }
    }
    for (Entry entry : entries) {
      int before = entry.ids.length - 1;
      int[] ids = at.ids();
      if (before > 0
          && before <= ids.length
          && Arrays.equals(entry.ids, 0, before, ids, ids.length - before, ids.length)) {
        bias[entry.last()] += entry.bias;
      }
    }
    for (int i = 0; i < scores.length; i++) {
      scores[i] += bias[i];
    }
  }

  @Override
  public String told() {
    return key + " (" + entries.size() + (entries.size() == 1 ? " sequence)" : " sequences)");
  }
}
