package dev.lynceus.lab.measure;

import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Share;
import dev.lynceus.method.words.VmHeadFit;
import dev.lynceus.report.Plots;
import dev.lynceus.report.StaticPage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Which way to read visual tokens reads what is there, as a page: depth by depth, and the numbers.
public final class ViewPage {
  private static final String LENS = "lens ";
  private static final String CONTEXT = "context ";

  private ViewPage() {}

  /// The page.
  ///
  /// @param command that makes it again
  public static String html(ViewReport report, String command) {
    return new StaticPage(
            "Words of visual tokens",
            String.format(
                Locale.ROOT,
                "%s is asked for the color of a thing in %d scenes of seed %d. Which way to read the"
                    + " patches that show the thing tells what it is?",
                report.model(),
                report.scenes().count(),
                report.scenes().seed()),
            List.of(depths(report), numbers(report), places(report), head(report)),
            command)
        .html();
  }

  private static StaticPage.Section depths(ViewReport report) {
    return new StaticPage.Section(
        "Depth by depth",
        "Part of the patches at which the thing or its colour is among the best five words. Depth 0"
            + " is what enters the first layer.",
        List.of(
            new StaticPage.Charts(
                List.of(
                    chart("the thing's own words", report, ViewReport.Row::five),
                    chart("words of a thing of another scene", report, ViewReport.Row::other),
                    chart("at patches of the ground", report, ViewReport.Row::ground)))),
        "That words can be read there does not show that the model uses them; see below.");
  }

  private static StaticPage.Chart chart(
      String title, ViewReport report, Function<ViewReport.Row, Estimate> column) {
    List<ViewReport.Row> lens = rows(report, LENS);
    List<ViewReport.Row> context = rows(report, CONTEXT);
    return Plots.lines(
        title,
        IntStream.range(0, lens.size()).mapToObj(Integer::toString).toList(),
        "depth",
        "part of patches",
        List.of(series("contextual lens", context, column), series("logit lens", lens, column)));
  }

  private static Plots.Series series(
      String name, List<ViewReport.Row> rows, Function<ViewReport.Row, Estimate> column) {
    return new Plots.Series(
        name,
        rows.stream().mapToDouble(row -> column.apply(row).value()).toArray(),
        rows.stream().mapToDouble(row -> column.apply(row).low()).toArray(),
        rows.stream().mapToDouble(row -> column.apply(row).high()).toArray());
  }

  private static List<ViewReport.Row> rows(ViewReport report, String prefix) {
    return report.rows().stream().filter(row -> row.view().startsWith(prefix)).toList();
  }

  private static StaticPage.Section numbers(ViewReport report) {
    List<List<String>> rows = new ArrayList<>();
    for (ViewReport.Row row : report.rows()) {
      rows.add(
          List.of(
              row.view(),
              row.colour().text(),
              row.noun().text(),
              row.first().text(),
              row.five().text(),
              row.other().text(),
              row.ground().text()));
    }
    return new StaticPage.Section(
        "Every view",
        "Parts of the patches, with 95 % intervals over scenes.",
        List.of(
            new StaticPage.Table(
                "",
                List.of(
                    "view",
                    "colour, best of ten",
                    "thing, best of twenty",
                    "best word of all",
                    "among the best five",
                    "another scene's thing",
                    "at the ground"),
                rows)),
        "embedding: cosine with input embeddings. lens: the unembedding at a depth. next: what the"
            + " decoder expects there. head: visual words, fitted to that. context: the nearest"
            + " states of words in "
            + report.texts()
            + " texts. By chance the colour is the best in 0.10, the thing in 0.05.");
  }

  private static StaticPage.Section places(ViewReport report) {
    List<List<String>> rows =
        report.places().stream()
            .map(place ->
                List.of(
                    place.name() + (place.control() ? " (control)" : ""),
                    place.same().text(),
                    place.change().text()))
            .toList();
    return new StaticPage.Section(
        "Words in the place of patches",
        "What becomes of the answer when the words of patches, or states of texts, stand where the"
            + " patches stood.",
        List.of(
            new StaticPage.Table(
                "",
                List.of(
                    "in the place of patches",
                    "answer stays",
                    "change of its log probability, nats"),
                rows)),
        "A control should take the picture away: an answer that stays there owes nothing to the"
            + " words.");
  }

  private static StaticPage.Section head(ViewReport report) {
    VmHeadFit.Fit fit = report.head();
    return new StaticPage.Section(
        "The fitted head",
        "",
        List.of(
            new StaticPage.Text(
                String.format(
                    Locale.ROOT,
                    "On %d patches of pictures that it was not fitted on the head leaves %s nats of"
                        + " what the decoder predicts. Perplexity of predictions: %s under the head,"
                        + " %s under their own mean, %s under even words; the predictions' own is %s.",
                    fit.patches(),
                    Share.plain(fit.divergence()),
                    Share.plain(fit.perplexity()),
                    Share.plain(fit.unigram()),
                    Share.plain(fit.uniform()),
                    Share.plain(Math.exp(fit.entropy()))))),
        "Most models were never trained to predict patches: what a head learns from them says what"
            + " they expect there, which need not be what is there.");
  }
}
