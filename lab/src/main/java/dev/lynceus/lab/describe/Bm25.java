package dev.lynceus.lab.describe;

import dev.lynceus.lab.strategy.AnswerJudge;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// Texts as vectors of BM25 weights, compared by their cosine: `idf(t) tf (k1 + 1) / (tf + k1 (1 -
/// b
/// + b |d| / avg))`, `idf = ln(1 + (N - df + 1/2) / (df + 1/2))`, k1 1.2 and b 0.75 (Robertson and
///   Zaragoza 2009).
final class Bm25 {
  private static final double K1 = 1.2;
  private static final double B = .75;

  private final Map<String, Integer> documents = new HashMap<>();
  private final int count;
  private final double average;

  /// @param texts that words are counted in
  Bm25(List<String> texts) {
    count = texts.size();
    long length = 0;
    for (String text : texts) {
      List<String> words = AnswerJudge.words(text);
      length += words.size();
      new HashSet<>(words).forEach(word -> documents.merge(word, 1, Integer::sum));
    }
    average = Math.max(1e-9, length / (double) Math.max(1, count));
  }

  /// A text as weights of its words.
  Map<String, Double> vector(String text) {
    List<String> words = AnswerJudge.words(text);
    Map<String, Integer> often = new HashMap<>();
    words.forEach(word -> often.merge(word, 1, Integer::sum));
    Map<String, Double> vector = new HashMap<>();
    often.forEach((word, tf) -> {
      int df = documents.getOrDefault(word, 0);
      double idf = Math.log(1 + (count - df + .5) / (df + .5));
      double norm = tf + K1 * (1 - B + B * words.size() / average);
      vector.put(word, idf * tf * (K1 + 1) / norm);
    });
    return vector;
  }

  static double cosine(Map<String, Double> a, Map<String, Double> b) {
    double ab = 0;
    for (Map.Entry<String, Double> one : a.entrySet()) {
      ab += one.getValue() * b.getOrDefault(one.getKey(), 0.0);
    }
    double norm = Math.sqrt(square(a) * square(b));
    return norm == 0 ? 0 : ab / norm;
  }

  private static double square(Map<String, Double> a) {
    return a.values().stream().mapToDouble(v -> v * v).sum();
  }
}
