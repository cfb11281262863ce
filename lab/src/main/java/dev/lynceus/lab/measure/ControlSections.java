package dev.lynceus.lab.measure;

import dev.lynceus.method.score.Share;
import dev.lynceus.report.StaticPage;
import dev.lynceus.report.StaticPage.Section;
import dev.lynceus.report.StaticPage.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// The controls of the findings on their page: other questions, other ways to choose heads and to
/// silence them, and texts read as visual tokens are.
final class ControlSections {
  private ControlSections() {}

  /// Heads of other questions, beside those of colours.
  static Section kinds(FindingsReport report) {
    List<List<String>> rows = new ArrayList<>();
    for (FindingsReport.KindHeads row : report.kinds()) {
      rows.add(
          List.of(
              row.kind(),
              Integer.toString(row.of()),
              "%s [%s, %s]"
                  .formatted(
                      one(row.shared().value()), one(row.shared().low()), one(row.shared().high())),
              one(row.within()),
              one(row.sharedFive().value()),
              row.spearman().text()));
    }
    return new Section(
        "(a) Are they the heads of every question?",
        "The same pictures, asked for something else; and for the colour of a thing that is not there, where the word"
            + " explained is the colour that the model names. Beside the heads of colours of things that are there.",
        List.of(
            new Table(
                "",
                List.of(
                    "question",
                    "n",
                    "of 10 shared",
                    "by chance in layers",
                    "of 5 shared",
                    "rank correlation"),
                rows)),
        "If these share as many heads as texts and pictures do, the heads are those that answer from the picture, not those"
            + " of colours alone. Chance: random pairings of heads inside their layers.");
  }

  /// Every way to choose and to silence heads.
  static Section rivals(FindingsReport report) {
    List<FindingsReport.Ablation> seen =
        report.ablations().stream().filter(row -> row.task().equals("tuned, pictures")).toList();
    int[] counts =
        seen.stream()
            .mapToInt(FindingsReport.Ablation::count)
            .filter(n -> n > 0)
            .distinct()
            .sorted()
            .toArray();
    List<String> columns = new ArrayList<>(List.of("heads", "silenced by"));
    for (int count : counts) {
      columns.add(Integer.toString(count));
    }
    Map<List<String>, Map<Integer, Share>> table =
        seen.stream()
            .filter(row -> row.count() > 0)
            .collect(
                Collectors.groupingBy(
                    row -> List.of(chosen(row.chosen()), row.how()),
                    LinkedHashMap::new,
                    Collectors.toMap(
                        FindingsReport.Ablation::count,
                        FindingsReport.Ablation::right,
                        (a, b) -> a)));
    List<List<String>> rows = new ArrayList<>();
    table.forEach((name, shares) -> {
      List<String> row = new ArrayList<>(name);
      for (int count : counts) {
        Share share = shares.get(count);
        row.add(share == null ? "" : share.text());
      }
      rows.add(row);
    });
    return new Section(
        "Other ways to choose heads, other ways to silence them",
        "Questions about pictures, share of right colours with so many heads silenced. Two rivals choose without looking at"
            + " the answer: most attention on the picture, largest output. Zero: no output anywhere. Mean: the mean output"
            + " over other scenes. Last row: zero where the colour is predicted, and nowhere else.",
        List.of(new Table("", columns, rows)),
        "Random heads are five draws: of the whole model without the ten best for pictures, and of the same layers as the"
            + " best. The second is the control that counts: heads of other layers would fall short whatever they did.");
  }

  private static String chosen(String name) {
    return switch (name) {
      case "pictures", "texts" -> "log increase, " + name;
      case "base" -> "log increase, the base’s texts";
      case "attention" -> "most attention on the picture";
      case "output" -> "largest output";
      case "random" -> "random, whole model";
      case "same layers" -> "random, same layers";
      default -> name;
    };
  }

  /// How visual tokens and tokens of texts read through the unembedding.
  static Section readings(FindingsReport report) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < report.inverted().size(); i++) {
      FindingsReport.Inverted patch = report.inverted().get(i);
      FindingsReport.TextWords text = report.control().get(i);
      rows.add(
          List.of(
              FindingsPage.depth(patch.depth()),
              patch.first().text(),
              patch.last().text(),
              text.own().text(),
              text.noun().text(),
              text.colour().text()));
    }
    return new Section(
        "(b) How does a text read in the same way?",
        "Left: patches of the asked object; is the right colour the highest, or the lowest, of the ten colours? A tenth each"
            + " by chance. Right: tokens of the text that states the same facts; mean of 1 / rank over the vocabulary.",
        List.of(
            new StaticPage.Table(
                "",
                List.of(
                    "read from",
                    "patch: colour is highest",
                    "patch: colour is lowest",
                    "colour’s token: its word",
                    "object’s token: its word",
                    "object’s token: its colour, said later"),
                rows)),
        inWords(report));
  }

  /// What the readings through the unembedding say, in words.
  private static String inWords(FindingsReport report) {
    FindingsReport.Inverted most =
        report.inverted().stream()
            .filter(row -> row.depth() >= 0)
            .max(java.util.Comparator.comparingDouble(row -> row.last().share()))
            .orElseThrow();
    String says =
        "Through the unembedding the right colour is the lowest of ten in %s of patches (%s)."
            .formatted(Share.plain(most.last().share()), FindingsPage.depth(most.depth()));
    return most.last().share() > .5
        ? says + " So visual tokens are not merely unread there: they read inverted."
        : says;
  }

  private static String one(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
