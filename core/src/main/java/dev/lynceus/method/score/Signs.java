package dev.lynceus.method.score;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// What tells for or against the map of a method on one picture without the truth. The signs of
/// several methods, and how the question begins: what an [Adviser] judges by.
///
/// @param form how the question begins, see [#form]
/// @param values `[methods][signs]`, in the order of [#NAMES]
// Plain numbers; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
record Signs(String form, double[][] values) {
  /// What the signs are called: areas under both curves, mean part of its strongest patches that
  /// are those of another method, part of the other methods among whose strongest patches its
  /// strongest one is, and the share of the positive values that its strongest patches have.
  static final List<String> NAMES =
      List.of("deletion", "insertion", "agreement", "consensus", "concentration");

  private static final int WORDS = 2;

  /// Those of some methods of a comparison.
  ///
  /// @param places of the methods in it; each with curves
  static Signs of(Comparison found, int[] places) {
    return new Signs(
        form(found.question()),
        IntStream.range(0, places.length)
            .mapToObj(which -> values(found, places, which))
            .toArray(double[][]::new));
  }

  private static double[] values(Comparison found, int[] places, int which) {
    int own = places[which];
    Comparison.Judged judged = found.methods().get(own);
    int[] others = IntStream.range(0, places.length).filter(i -> i != which).toArray();
    int strongest = Pointing.order(judged.map()).getFirst();
    Curves curves = judged.curves().orElseThrow();
    return new double[] {
      curves.deletionArea(),
      curves.insertionArea(),
      IntStream.of(others).mapToDouble(i -> found.overlap()[own][places[i]]).average().orElse(0),
      IntStream.of(others)
          .mapToDouble(i ->
              Pointing.order(found.methods().get(places[i]).map())
                      .subList(0, found.top())
                      .contains(strongest)
                  ? 1
                  : 0)
          .average()
          .orElse(0),
      concentration(judged.map(), found.top())
    };
  }

  private static double concentration(double[] map, int top) {
    double all = IntStream.range(0, map.length).mapToDouble(p -> Math.max(0, map[p])).sum();
    double first =
        Pointing.order(map).stream().limit(top).mapToDouble(p -> Math.max(0, map[p])).sum();
    return all > 0 ? first / all : 0;
  }

  /// How a question begins: its first two words in small letters, as `what is`. Questions of one
  /// kind begin alike.
  static String form(String question) {
    List<String> words =
        List.of(question.strip().toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+", -1));
    return String.join(" ", words.stream().filter(word -> !word.isEmpty()).limit(WORDS).toList());
  }

  /// Whether every number is one.
  boolean known() {
    for (double[] row : values) {
      for (double value : row) {
        if (!Double.isFinite(value)) {
          return false;
        }
      }
    }
    return true;
  }
}
