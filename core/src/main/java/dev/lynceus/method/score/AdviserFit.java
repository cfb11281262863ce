package dev.lynceus.method.score;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Logistic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// Fits an [Adviser] to questions whose truth is known. Whatever is told of how good it is was
/// measured on questions that were left out, see [AdviserTrial].
public final class AdviserFit {
  /// Fewer questions tell nothing.
  private static final int LEAST = 60;

  /// What squared weights cost, all questions together: a method that was always right does not
  /// become certain.
  private static final double PENALTY = 1;

  /// Questions that a beginning must have had before its own shares count as much as those of all.
  private static final double PRIOR = 10;

  private AdviserFit() {}

  /// A question.
  ///
  /// @param found with the same methods, curves and truth as the others
  /// @param picture tells its picture from others
  public record Case(Comparison found, String picture) {}

  /// A question as it is fitted on.
  ///
  /// @param hits of each method: whether its strongest patch was right, 0 to 1
  /// @param picture number of its picture
  // Plain numbers; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  record Row(Signs signs, double[] hits, int picture) {}

  /// Fits and tries.
  ///
  /// @param revision of the model
  /// @throws LynceusException BAD_REQUEST for fewer than 60 questions with a truth, or fewer than
  ///   two methods beside baselines
  public static Adviser of(String revision, List<Case> all) {
    List<String> methods =
        all.isEmpty()
            ? List.of()
            : all.getFirst().found().methods().stream()
                .filter(judged -> !judged.baseline())
                .map(Comparison.Judged::method)
                .toList();
    List<Row> rows = rows(all, methods);
    if (rows.size() < LEAST || methods.size() < 2) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%d questions whose truth is known and %d methods teach no adviser"
              .formatted(rows.size(), methods.size()),
          "Give a data set with boxes of at least %d questions, two methods or more, and leave --steps above 0."
              .formatted(LEAST));
    }
    int steps =
        all.stream()
            .flatMap(one -> one.found().methods().getFirst().curves().stream())
            .mapToInt(curves -> curves.parts().length - 1)
            .findFirst()
            .orElseThrow();
    return new AdviserTrial(methods, rows).adviser(revision, steps);
  }

  private static List<Row> rows(List<Case> all, List<String> methods) {
    List<Row> rows = new ArrayList<>();
    Map<String, Integer> pictures = new LinkedHashMap<>();
    for (Case one : all) {
      int[] places = Adviser.places(one.found(), methods);
      double[] hits =
          IntStream.of(places)
              .mapToDouble(
                  i -> one.found().methods().get(i).truth().map(Pointing::hit).orElse(Double.NaN))
              .toArray();
      if (places.length == 0 || Arrays.stream(hits).anyMatch(Double::isNaN)) {
        continue;
      }
      Signs signs = Signs.of(one.found(), places);
      if (signs.known()) {
        rows.add(
            new Row(signs, hits, pictures.computeIfAbsent(one.picture(), name -> pictures.size())));
      }
    }
    return rows;
  }

  /// How often a method was right.
  static double share(List<Row> rows, int method) {
    return rows.stream().mapToDouble(row -> row.hits()[method]).average().orElse(0);
  }

  /// Methods with the one first that was right most often.
  static int[] order(List<Row> rows, int methods) {
    return IntStream.range(0, methods)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer m) -> -share(rows, m)))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /// For each beginning of a question the place in the order of the method that was right most
  /// often there; few such questions leave that of all.
  static Map<String, Adviser.Form> forms(List<Row> rows, int[] order) {
    Map<String, Adviser.Form> forms = new LinkedHashMap<>();
    for (String form : beginnings(rows)) {
      List<Row> own = rows.stream().filter(row -> row.signs().form().equals(form)).toList();
      double[] shares =
          IntStream.of(order)
              .mapToDouble(
                  m -> (share(own, m) * own.size() + PRIOR * share(rows, m)) / (own.size() + PRIOR))
              .toArray();
      forms.put(form, new Adviser.Form(Adviser.best(shares), own.size()));
    }
    return forms;
  }

  private static List<String> beginnings(List<Row> rows) {
    return List.copyOf(new TreeSet<>(rows.stream().map(row -> row.signs().form()).toList()));
  }

  /// The judge of each method, in an order.
  static List<Adviser.JudgeOf> judges(List<String> methods, List<Row> rows, int[] order) {
    return IntStream.of(order).mapToObj(m -> judge(methods.get(m), rows, m)).toList();
  }

  private static Adviser.JudgeOf judge(String name, List<Row> rows, int method) {
    List<String> forms = beginnings(rows);
    int signs = Signs.NAMES.size();
    List<Adviser.Weighed> shape =
        IntStream.range(0, signs).mapToObj(s -> standard(rows, method, s)).toList();
    double[][] numbers = new double[rows.size()][1 + signs + forms.size()];
    for (int i = 0; i < numbers.length; i++) {
      Signs own = rows.get(i).signs();
      numbers[i][0] = 1;
      for (int s = 0; s < signs; s++) {
        numbers[i][1 + s] = shape.get(s).of(own.values()[method][s]);
      }
      numbers[i][1 + signs + forms.indexOf(own.form())] = 1;
    }
    double[] weights =
        Logistic.fit(numbers, i -> rows.get(i).hits()[method], PENALTY / rows.size());
    List<Adviser.Weighed> weighed = new ArrayList<>();
    for (int s = 0; s < signs; s++) {
      Adviser.Weighed one = shape.get(s);
      weighed.add(
          new Adviser.Weighed(
              one.name(), one.mean(), one.scale(), weights[1 + s], one.low(), one.high()));
    }
    Map<String, Double> added = new LinkedHashMap<>();
    for (int f = 0; f < forms.size(); f++) {
      added.put(forms.get(f), weights[1 + signs + f]);
    }
    return new Adviser.JudgeOf(name, share(rows, method), weights[0], weighed, added);
  }

  private static Adviser.Weighed standard(List<Row> rows, int method, int sign) {
    double[] values =
        rows.stream().mapToDouble(row -> row.signs().values()[method][sign]).sorted().toArray();
    double mean = Arrays.stream(values).average().orElse(0);
    double square = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElse(0);
    return new Adviser.Weighed(
        Signs.NAMES.get(sign),
        mean,
        square > 1e-12 ? Math.sqrt(square) : 1,
        1,
        values[0],
        values[values.length - 1]);
  }
}
