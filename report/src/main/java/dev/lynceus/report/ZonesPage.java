package dev.lynceus.report;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.zone.ZoneStudy;
import dev.lynceus.method.zone.ZoneWords;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What attention between the zones of what is read is worth, as one page: layers and pairs of
/// zones, beside random looks and beside how much attention goes there; answers, scores and kinds
/// of questions.
public final class ZonesPage {
  /// A nat tenth is nothing to colour.
  private static final double LEAST = .1;

  /// Columns that three charts beside each other have room for.
  private static final int WIDE = 8;

  private ZonesPage() {}

  /// What was studied.
  ///
  /// @param source the question, or the file of questions
  /// @param knockout how looks were taken away
  /// @param headsOf the layer whose heads were taken one by one
  public record About(String model, String source, String knockout, @Nullable Integer headsOf) {}

  /// The page.
  ///
  /// @param command that makes the page again; may be empty
  public static String html(About about, ZoneStudy study, String command) {
    List<StaticPage.Section> sections = new ArrayList<>(List.of(inShort(about, study)));
    if (!study.heads().isEmpty()) {
      sections.add(heads(about, study));
    }
    sections.add(study.questions() == 1 ? answers(study) : scores(study));
    return new StaticPage(
            about.source(),
            study.questions() == 1
                ? "%s answered “%s”.".formatted(about.model(), study.answers().clean())
                : about.model() + " on " + answered(study),
            sections,
            command)
        .html();
  }

  /// How many questions, and how right the answers are where that is known.
  private static String answered(ZoneStudy study) {
    return Double.isNaN(study.f1().value())
        ? study.questions() + " questions."
        : "%d questions: exact %s, words in common %s."
            .formatted(study.questions(), study.exact().text(), study.f1().text());
  }

  private static StaticPage.Section inShort(About about, ZoneStudy study) {
    List<String> layers = layers(study);
    List<String> pairs = study.columns().subList(1, study.columns().size());
    double[][] change = values(study, study.columns().size(), 0);
    double[][] random = new double[layers.size()][pairs.size()];
    double[][] mass = new double[layers.size()][pairs.size()];
    for (int l = 0; l < layers.size(); l++) {
      for (int p = 0; p < pairs.size(); p++) {
        random[l][p] =
            study.layers().get(l).cells().get(p + 1).random().map(Estimate::value).orElse(0.0);
        mass[l][p] = study.layers().get(l).mass().get(p);
      }
    }
    double scale = scale(change, random);
    List<StaticPage.Chart> charts = new ArrayList<>();
    charts.add(
        Plots.grid(
            "What the answer loses, nats",
            "layer",
            layers,
            study.columns(),
            change,
            scale,
            Spoken::odds));
    if (study.layers().getFirst().cells().get(1).random().isPresent()) {
      charts.add(
          Plots.grid(
              "As many random looks, nats", "layer", layers, pairs, random, scale, Spoken::odds));
    }
    charts.add(
        Plots.grid("Attention that goes there", "layer", layers, pairs, mass, 1, ZonesPage::share));
    return new StaticPage.Section(
        "In short",
        "",
        parts(study, charts),
        ZoneWords.legend(study)
            + ". Taken away: "
            + about.knockout()
            + ". Blue: the model's own answer is less probable without it. Attention is the share of a row's look, mean over"
            + " its zone and over heads. What tokenizers and templates put around belongs to no zone and stays. A knock-out of one layer says what that layer is needed"
            + " for while the others stand; where others can do the same, it says nothing.");
  }

  /// Charts of many columns need the width: the first has a row of its own.
  private static List<StaticPage.Part> parts(ZoneStudy study, List<StaticPage.Chart> charts) {
    List<StaticPage.Part> parts = new ArrayList<>();
    parts.add(new StaticPage.Finding(ZoneWords.conclusion(study), "image", ""));
    if (study.columns().size() > WIDE) {
      parts.add(new StaticPage.Charts(charts.subList(0, 1)));
      parts.add(new StaticPage.Charts(charts.subList(1, charts.size())));
    } else {
      parts.add(new StaticPage.Charts(charts));
    }
    parts.add(table(study));
    return parts;
  }

  private static StaticPage.Table table(ZoneStudy study) {
    List<List<String>> rows = new ArrayList<>();
    for (ZoneStudy.LayerRow layer : study.layers()) {
      List<String> row = new ArrayList<>(List.of("layer " + layer.layer()));
      layer.cells().forEach(cell -> row.add(shown(cell.log(), study)));
      rows.add(row);
    }
    List<String> head = new ArrayList<>(List.of("Without"));
    head.addAll(study.columns());
    return new StaticPage.Table(
        study.questions() == 1
            ? "Change of the log probability of the model's own answer, nats"
            : "The same, mean over questions with 95 % intervals",
        head,
        rows);
  }

  private static String shown(Estimate one, ZoneStudy study) {
    return study.questions() == 1
        ? Spoken.signed(one.value())
        : "%s [%s, %s]"
            .formatted(Spoken.odds(one.value()), Spoken.odds(one.low()), Spoken.odds(one.high()));
  }

  private static StaticPage.Section heads(About about, ZoneStudy study) {
    List<String> pairs = study.columns().subList(1, study.columns().size());
    List<String> names =
        IntStream.range(0, study.heads().size()).mapToObj(Integer::toString).toList();
    double[][] change = array(study.heads());
    List<StaticPage.Part> parts = new ArrayList<>();
    parts.add(
        new StaticPage.Charts(
            List.of(
                Plots.grid(
                    "What the answer loses, nats",
                    "head",
                    names,
                    pairs,
                    change,
                    scale(change),
                    Spoken::odds),
                Plots.grid(
                    "Attention that goes there",
                    "head",
                    names,
                    pairs,
                    array(study.headMass()),
                    1,
                    ZonesPage::share))));
    study
        .headCorrelation()
        .ifPresent(rho ->
            parts.add(
                new StaticPage.Text(
                    "Attention and loss go together by rank with %s (Spearman, %d heads and pairs)."
                        .formatted(Spoken.odds(rho), names.size() * pairs.size()))));
    return new StaticPage.Section(
        "Head by head",
        "Heads of layer " + about.headsOf() + ", each taken away alone.",
        parts,
        "");
  }

  private static StaticPage.Section answers(ZoneStudy study) {
    List<List<String>> rows = new ArrayList<>();
    for (int l = 0; l < study.answers().without().size(); l++) {
      List<String> row = new ArrayList<>(List.of("layer " + l));
      for (String answer : study.answers().without().get(l)) {
        row.add(answer.equals(study.answers().clean()) ? "=" : answer);
      }
      rows.add(row);
    }
    List<String> head = new ArrayList<>(List.of("Without"));
    head.addAll(study.columns());
    return new StaticPage.Section(
        "What it answers then",
        "= where the answer stays “" + study.answers().clean() + "”.",
        List.of(new StaticPage.Table("", head, rows)),
        "");
  }

  /// Of pictures: how often the word is still the most probable.
  private static StaticPage.Section kept(ZoneStudy study) {
    double[][] exact = values(study, study.columns().size(), 1);
    return new StaticPage.Section(
        "Words that stay",
        "How many of the words are no longer the most probable.",
        List.of(
            new StaticPage.Charts(
                List.of(
                    Plots.grid(
                        "Change of the share of words that are said",
                        "layer",
                        layers(study),
                        study.columns(),
                        exact,
                        Math.max(.05, largest(exact)),
                        Spoken::odds)))),
        "");
  }

  private static StaticPage.Section scores(ZoneStudy study) {
    if (Double.isNaN(study.f1().value()) && !Double.isNaN(study.exact().value())) {
      return kept(study);
    }
    double[][] f1 = values(study, study.columns().size(), 2);
    double[][] exact = values(study, study.columns().size(), 1);
    double scale = Math.max(.05, Math.max(largest(f1), largest(exact)));
    List<StaticPage.Part> parts = new ArrayList<>();
    parts.add(
        new StaticPage.Charts(
            List.of(
                Plots.grid(
                    "Change of exact answers",
                    "layer",
                    layers(study),
                    study.columns(),
                    exact,
                    scale,
                    Spoken::odds),
                Plots.grid(
                    "Change of words in common",
                    "layer",
                    layers(study),
                    study.columns(),
                    f1,
                    scale,
                    Spoken::odds))));
    if (!study.types().isEmpty()) {
      List<String> head = new ArrayList<>(List.of("Questions", "of them", "words in common"));
      study.columns().forEach(column -> head.add("without " + column));
      parts.add(
          new StaticPage.Table(
              "By what they ask for: change of words in common, mean over layers, with 95 % intervals",
              head,
              study.types().stream()
                  .map(type -> {
                    List<String> row =
                        new ArrayList<>(
                            List.of(
                                type.type(),
                                Integer.toString(type.questions()),
                                Spoken.number(type.f1().value())));
                    type.change()
                        .forEach(one ->
                            row.add(
                                "%s [%s, %s]"
                                    .formatted(
                                        Spoken.odds(one.value()),
                                        Spoken.odds(one.low()),
                                        Spoken.odds(one.high()))));
                    return row;
                  })
                  .toList()));
    }
    return new StaticPage.Section(
        "Right answers",
        "Beside the right answers of the data set, as SQuAD judges them.",
        parts,
        "");
  }

  private static List<String> layers(ZoneStudy study) {
    return study.layers().stream().map(row -> Integer.toString(row.layer())).toList();
  }

  /// @param which 0 log probability, 1 exact answers, 2 words in common
  private static double[][] values(ZoneStudy study, int columns, int which) {
    double[][] values = new double[study.layers().size()][columns];
    for (int l = 0; l < values.length; l++) {
      for (int c = 0; c < columns; c++) {
        ZoneStudy.Cell cell = study.layers().get(l).cells().get(c);
        Estimate one = which == 0 ? cell.log() : which == 1 ? cell.exact() : cell.f1();
        values[l][c] = one.value();
      }
    }
    return values;
  }

  private static double[][] array(List<List<Double>> rows) {
    return rows.stream()
        .map(row -> row.stream().mapToDouble(Double::doubleValue).toArray())
        .toArray(double[][]::new);
  }

  private static String share(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static double scale(double[]... rows) {
    return Math.max(LEAST, largest(rows));
  }

  private static double scale(double[][] one, double[][] other) {
    return Math.max(scale(one), scale(other));
  }

  private static double largest(double[][] rows) {
    return java.util.Arrays.stream(rows)
        .flatMapToDouble(DoubleStream::of)
        .filter(Double::isFinite)
        .map(Math::abs)
        .max()
        .orElse(0);
  }
}
