package dev.lynceus.lab.measure;

import dev.lynceus.lab.measure.XFormerReport.Attribute;
import dev.lynceus.lab.train.XFormerExam;
import dev.lynceus.lab.train.XFormerPath;
import dev.lynceus.lab.train.XFormerVariant;
import dev.lynceus.report.StaticPage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/// What was measured of X-Formers as one page: what each way brings, what probes read before and
/// after the block, and pictures of both.
public final class XFormerPage {
  private static final List<String> ALIGNED =
      List.of("itc", "itc-right", "itm-right", "itg", "pixels");
  private static final List<String> KINDS = List.of("colour", "count", "exists", "where", "which");

  private XFormerPage() {}

  /// The page.
  ///
  /// @param pictures of one trained model; none where nothing is trained
  /// @param command that makes the page again; may be empty
  public static String html(
      XFormerReport report, List<StaticPage.Section> pictures, String command) {
    List<StaticPage.Section> sections = new ArrayList<>();
    sections.add(count(report));
    sections.add(asked(report));
    sections.addAll(pictures);
    sections.add(probes(report));
    return new StaticPage(
            "Queries that read two towers",
            String.format(
                Locale.ROOT,
                "X-Formers of the world: %d numbers in the block, trained on %d scenes (%s), tried on %d others. Means over seeds, and the range from the least to the largest.",
                report.blockNumbers(),
                report.trainScenes(),
                report.steps().entrySet().stream()
                    .map(step -> step.getKey() + " " + step.getValue())
                    .collect(Collectors.joining(", ", "steps: ", "")),
                report.scenes()),
            sections,
            command)
        .html();
  }

  private static StaticPage.Section count(XFormerReport report) {
    List<List<String>> rows = new ArrayList<>();
    for (XFormerReport.Gap gap : report.gaps()) {
      rows.add(
          List.of("seed " + gap.seed(), signed(gap.withPixels()), signed(gap.withoutPixels())));
    }
    return new StaticPage.Section(
        "Does the block bring the number of things?",
        "",
        List.of(
            new StaticPage.Finding(conclusion(report), "image", ""),
            new StaticPage.Table(
                "How much more often a probe reads the count of Z' than of Z",
                List.of("", "with the loss of pixels", "without"),
                rows)),
        "Parts of the held-out scenes. The claim of the publication, in this small world, is that both"
            + " columns are above zero, and the first is larger.");
  }

  /// One sentence about the claim, whichever way it falls.
  public static String conclusion(XFormerReport report) {
    List<XFormerReport.Gap> gaps =
        report.gaps().stream()
            .filter(gap -> !Double.isNaN(gap.withPixels()) && !Double.isNaN(gap.withoutPixels()))
            .toList();
    if (gaps.isEmpty()) {
      return "Nothing is trained yet that would tell.";
    }
    long above = gaps.stream().filter(gap -> gap.withPixels() > 0).count();
    long larger = gaps.stream().filter(gap -> gap.withPixels() > gap.withoutPixels()).count();
    return String.format(
        Locale.ROOT,
        "After the block a probe reads the count better than before it in %d of %d seeds (%s on average), and the difference is larger with the loss of pixels in %d of %d (without it %s on average).%s",
        above,
        gaps.size(),
        signed(gaps.stream().mapToDouble(XFormerReport.Gap::withPixels).average().orElseThrow()),
        larger,
        gaps.size(),
        signed(gaps.stream().mapToDouble(XFormerReport.Gap::withoutPixels).average().orElseThrow()),
        above == gaps.size() && larger == gaps.size()
            ? " Both directions are those of the publication."
            : " That does not repeat the publication's claim in all seeds.");
  }

  private static StaticPage.Section asked(XFormerReport report) {
    return new StaticPage.Section(
        "What each way brings",
        "Trained with a way closed, or with both and asked with one closed. First stage: loss of contrast,"
            + " right texts among "
            + XFormerExam.BATCH
            + ", right verdicts about matches (half are right by chance), loss of a"
            + " told word, error of pixels. Second stage: right answers.",
        List.of(
            new StaticPage.Table("First stage", head(ALIGNED), rows(report, "align", ALIGNED)),
            new StaticPage.Table("Second stage", head(KINDS), rows(report, "answer", KINDS))),
        "A decoder that sees nothing guesses: half of the questions whether a thing is there are answered"
            + " with yes.");
  }

  private static List<String> head(List<String> names) {
    List<String> head = new ArrayList<>(List.of("trained", "asked"));
    head.addAll(names);
    head.add("seeds");
    return head;
  }

  private static List<List<String>> rows(XFormerReport report, String stage, List<String> names) {
    List<List<String>> rows = new ArrayList<>();
    for (XFormerVariant variant : XFormerVariant.values()) {
      for (XFormerPath path : XFormerPath.values()) {
        List<XFormerReport.Asked> some =
            report.asked().stream()
                .filter(one -> one.variant() == variant && one.path() == path)
                .filter(one -> one.stage().equals(stage))
                .toList();
        if (some.isEmpty()) {
          continue;
        }
        List<String> row = new ArrayList<>(List.of(variant.label(), path.words()));
        for (String name : names) {
          row.add(
              range(
                  some.stream()
                      .mapToDouble(one ->
                          Objects.requireNonNull(one.values().getOrDefault(name, Double.NaN)))
                      .toArray()));
        }
        row.add(Integer.toString(some.size()));
        rows.add(row);
      }
    }
    return rows;
  }

  private static StaticPage.Section probes(XFormerReport report) {
    List<StaticPage.Part> tables = new ArrayList<>();
    for (Attribute attribute : Attribute.values()) {
      List<List<String>> rows = new ArrayList<>();
      for (XFormerVariant variant : XFormerVariant.values()) {
        List<String> row = new ArrayList<>(List.of(variant.label()));
        List<XFormerReport.Read> own =
            report.read().stream()
                .filter(one -> one.variant() == variant && one.attribute() == attribute)
                .toList();
        if (own.isEmpty()) {
          continue;
        }
        for (XFormerExam.Where where : XFormerExam.Where.values()) {
          row.add(
              range(
                  own.stream()
                      .filter(one -> one.where() == where)
                      .mapToDouble(XFormerReport.Read::right)
                      .toArray()));
        }
        row.add(plain(own.stream().mapToDouble(XFormerReport.Read::shuffled).max().orElseThrow()));
        row.add(plain(own.getFirst().most()));
        rows.add(row);
      }
      List<String> head = new ArrayList<>(List.of("trained"));
      Arrays.stream(XFormerExam.Where.values()).forEach(where -> head.add(where.words()));
      head.add("shuffled");
      head.add("most frequent");
      tables.add(new StaticPage.Table(attribute.words(), head, rows));
    }
    return new StaticPage.Section(
        "What can be read where",
        "Part of the held-out scenes that a linear probe reads right after the first stage, fitted on "
            + report.probeScenes()
            + " other scenes. The autoencoder sees the whole picture.",
        tables,
        "Shuffled: the largest of the same probes fitted on shuffled labels. That a probe reads something"
            + " shows that it is there, not that it is used. Z and Z' are all queries side by side, the others"
            + " means over patches, so that columns compare within these two groups.");
  }

  /// The mean, and the range where there are several.
  private static String range(double[] values) {
    double mean = DoubleStream.of(values).average().orElse(Double.NaN);
    if (Double.isNaN(mean)) {
      return "";
    }
    return values.length < 2
        ? plain(mean)
        : "%s [%s, %s]"
            .formatted(
                plain(mean),
                plain(DoubleStream.of(values).min().orElseThrow()),
                plain(DoubleStream.of(values).max().orElseThrow()));
  }

  private static String plain(double value) {
    return String.format(Locale.ROOT, value < 1 ? "%.3f" : "%.2f", value);
  }

  private static String signed(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%+.3f", value);
  }
}
