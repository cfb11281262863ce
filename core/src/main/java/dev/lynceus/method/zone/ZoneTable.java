package dev.lynceus.method.zone;

import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Ranks;
import dev.lynceus.method.zone.ZoneStudy.ByType;
import dev.lynceus.method.zone.ZoneStudy.Cell;
import dev.lynceus.method.zone.ZoneStudy.LayerRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// Makes a study of questions with every knock-out.
///
/// @param columns `ALL` and the pairs of zones
/// @param all at least one
record ZoneTable(List<String> columns, List<ZoneCase> all, ZoneOptions options) {

  ZoneStudy study() {
    ZoneCase first = all.getFirst();
    List<LayerRow> rows = IntStream.range(0, first.logs().length).mapToObj(this::row).toList();
    double[][] heads = mean(first.heads().length, ZoneCase::heads);
    double[][] headMass =
        options.headsOf().isEmpty()
            ? new double[0][]
            : mean(heads.length, one -> one.mass()[options.headsOf().get()]);
    return new ZoneStudy(
        all.size(),
        columns,
        rows,
        list(heads),
        list(headMass),
        mean(one -> one.score().exact()),
        mean(one -> one.score().f1()),
        correlation(
            rows.stream().flatMap(row -> row.mass().stream()).mapToDouble(m -> m).toArray(),
            rows.stream()
                .flatMap(row -> row.cells().stream().skip(1))
                .mapToDouble(cell -> -cell.log().value())
                .toArray()),
        correlation(flat(headMass), Arrays.stream(flat(heads)).map(v -> -v).toArray()),
        types(),
        new ZoneStudy.Answers(
            first.question(),
            first.answer(),
            Arrays.stream(first.answers()).map(List::of).toList()));
  }

  private LayerRow row(int l) {
    List<Cell> cells = new ArrayList<>();
    for (int c = 0; c < columns.size(); c++) {
      int column = c;
      cells.add(
          new Cell(
              mean(one -> one.logs()[l][column]),
              mean(one -> one.scores()[l][column].exact() - one.score().exact()),
              mean(one -> one.scores()[l][column].f1() - one.score().f1()),
              c == 0 || options.draws() == 0
                  ? Optional.empty()
                  : Optional.of(mean(one -> one.randoms()[l][column]))));
    }
    List<Double> mass =
        IntStream.range(0, columns.size() - 1)
            .mapToObj(p ->
                all.stream()
                    .flatMapToDouble(one -> Arrays.stream(one.mass()[l]).mapToDouble(h -> h[p]))
                    .average()
                    .orElse(Double.NaN))
            .toList();
    return new LayerRow(l, cells, mass);
  }

  private Estimate mean(ToDoubleFunction<ZoneCase> number) {
    return Estimate.mean(all.stream().mapToDouble(number).toArray());
  }

  private List<ByType> types() {
    if (all.size() < 2) {
      return List.of();
    }
    TreeSet<String> names = new TreeSet<>();
    all.forEach(one -> names.add(one.type()));
    names.remove("");
    List<ByType> types = new ArrayList<>();
    for (String name : names) {
      ZoneTable some =
          new ZoneTable(
              columns, all.stream().filter(one -> one.type().equals(name)).toList(), options);
      List<Estimate> change =
          IntStream.range(0, columns.size())
              .mapToObj(c ->
                  some.mean(one ->
                      Arrays.stream(one.scores())
                              .mapToDouble(row -> row[c].f1())
                              .average()
                              .orElse(Double.NaN)
                          - one.score().f1()))
              .toList();
      types.add(new ByType(name, some.all.size(), some.mean(one -> one.score().f1()), change));
    }
    return types;
  }

  private double[][] mean(int rows, Function<ZoneCase, double[][]> which) {
    double[][] sum = new double[rows][columns.size() - 1];
    for (ZoneCase one : all) {
      double[][] own = which.apply(one);
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < sum[r].length; c++) {
          sum[r][c] += own[r][c] / all.size();
        }
      }
    }
    return sum;
  }

  private static List<List<Double>> list(double[][] values) {
    return Arrays.stream(values).map(row -> Arrays.stream(row).boxed().toList()).toList();
  }

  private static double[] flat(double[][] values) {
    return Arrays.stream(values).flatMapToDouble(Arrays::stream).toArray();
  }

  private static OptionalDouble correlation(double[] mass, double[] effect) {
    double value = mass.length < 3 ? Double.NaN : Ranks.spearman(mass, effect);
    return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
  }
}
