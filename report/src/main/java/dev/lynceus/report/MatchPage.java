package dev.lynceus.report;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.match.MatchMap;
import dev.lynceus.method.match.MatchScores;
import dev.lynceus.method.match.MatchTest;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// How well texts fit pictures as one page: the texts of each picture in their order, and for some
/// pairs where the verdict looked, word by word, with a test of it.
public final class MatchPage {
  private static final String WAYS =
      "Match: the probability that picture and text belong together, by the head that saw both at"
          + " once. Cosine: how near the two are as vectors, each seen alone.";

  private static final String MAP =
      "%s by %s: Grad-CAM of cross-attention at layer %d, where a %s looked, as far as looking there raises"
          + " the score of “matches”; zero where it does not. One scale for all maps of a pair.";

  private static final String SCALE = "Score of “matches”, by a look at a patch (first order)";

  /// Queries whose maps are drawn.
  private static final int SHOWN = 8;

  /// The part of the largest value of all maps below which a map shows no colour.
  private static final double PALE = .05;

  private MatchPage() {}

  /// What was asked, and of whom.
  ///
  /// @param speakers how many rows give a verdict each
  public record About(String model, List<String> pictures, List<String> texts, int speakers) {
    public About {
      pictures = List.copyOf(pictures);
      texts = List.copyOf(texts);
    }
  }

  /// A pair with its map.
  public record Mapped(int picture, int text, MatchMap map, @Nullable MatchTest test) {}

  /// The page.
  ///
  /// @param seen the pictures as the model saw them
  /// @param command that makes the page again; may be empty
  public static String html(
      About about,
      MatchScores scores,
      List<Mapped> maps,
      List<BufferedImage> seen,
      String command) {
    List<StaticPage.Section> sections = new ArrayList<>();
    if (about.pictures().size() > 1) {
      sections.add(pairs(about, scores));
    }
    for (int picture = 0; picture < about.pictures().size(); picture++) {
      sections.add(ranking(about, scores, picture, seen.get(picture)));
      for (Mapped one : maps) {
        if (one.picture() == picture) {
          sections.add(map(about, one, seen.get(picture)));
        }
      }
    }
    return new StaticPage(title(about), lead(about), sections, command).html();
  }

  private static String title(About about) {
    int pictures = about.pictures().size();
    int texts = about.texts().size();
    String picture = about.pictures().getFirst();
    String text = about.texts().getFirst();
    if (pictures == 1) {
      return texts == 1
          ? "Does “%s” fit %s?".formatted(text, picture)
          : "Which of %d texts fits %s?".formatted(texts, picture);
    }
    return texts == 1
        ? "Which of %d pictures does “%s” fit?".formatted(pictures, text)
        : "%d texts and %d pictures: what fits what?".formatted(texts, pictures);
  }

  private static String lead(About about) {
    return "%s reads a picture and a text together, and says whether they match%s. %s"
        .formatted(
            about.model(),
            about.speakers() == 1
                ? ""
                : ": the mean of what its %d queries say".formatted(about.speakers()),
            WAYS);
  }

  private static StaticPage.Section pairs(About about, MatchScores scores) {
    List<String> head = new ArrayList<>(List.of("Text"));
    head.addAll(about.pictures());
    return new StaticPage.Section(
        "All pairs",
        "",
        List.of(
            new StaticPage.Table("Match", head, rows(about, scores, true)),
            new StaticPage.Table("Cosine", head, rows(about, scores, false))),
        "A probability of a match is the model's verdict about one pair; several texts may fit one"
            + " picture, and none may.");
  }

  private static List<List<String>> rows(About about, MatchScores scores, boolean match) {
    List<List<String>> rows = new ArrayList<>();
    for (int text = 0; text < scores.texts(); text++) {
      List<String> row = new ArrayList<>(List.of(about.texts().get(text)));
      for (int picture = 0; picture < scores.pictures(); picture++) {
        MatchScores.Pair pair = scores.pair(picture, text);
        row.add(match ? Spoken.percent(pair.match()) : Spoken.signed(pair.cosine()));
      }
      rows.add(row);
    }
    return rows;
  }

  private static StaticPage.Section ranking(
      About about, MatchScores scores, int picture, BufferedImage seen) {
    List<MatchScores.Pair> ranked = scores.ranked(picture);
    MatchScores.Pair best = ranked.getFirst();
    boolean queries = about.speakers() > 1;
    List<String> head = new ArrayList<>(List.of("Text", "match", "cosine"));
    if (queries) {
      head.addAll(List.of("most for a match", "nearest"));
    }
    List<List<String>> rows = new ArrayList<>();
    for (MatchScores.Pair pair : ranked) {
      List<String> row = new ArrayList<>();
      row.add(about.texts().get(pair.text()));
      row.add(Spoken.percent(pair.match()));
      row.add(Spoken.signed(pair.cosine()));
      if (queries) {
        row.add("query " + pair.mostFor());
        row.add("query " + pair.nearest());
      }
      rows.add(row);
    }
    return new StaticPage.Section(
        about.pictures().get(picture),
        "",
        List.of(
            new StaticPage.Beside(
                List.of(
                    new StaticPage.Finding(verdict(about, scores, picture, best), "image", ""),
                    new StaticPage.Table("", head, rows)),
                List.of(
                    new StaticPage.Cards(
                        List.of(
                            new StaticPage.Shot(
                                "As the model saw it", "", MapPicture.plain(seen))))))),
        "");
  }

  private static String verdict(
      About about, MatchScores scores, int picture, MatchScores.Pair best) {
    String text = about.texts().get(best.text());
    if (scores.texts() == 1) {
      return "“%s” %s: %s."
          .formatted(
              text,
              best.match() >= .5 ? "matches this picture" : "does not match this picture",
              Spoken.percent(best.match()));
    }
    MatchScores.Pair nearest =
        scores.ranked(picture).stream()
            .max(Comparator.comparingDouble(MatchScores.Pair::cosine))
            .orElseThrow();
    String also =
        nearest.text() == best.text()
            ? " It is the nearest by cosine, too."
            : " By cosine “%s” is nearer.".formatted(about.texts().get(nearest.text()));
    return "“%s” fits best, with %s.%s%s"
        .formatted(
            text,
            Spoken.percent(best.match()),
            best.match() < .5 ? " Even that one does not match, by the model's own verdict." : "",
            also);
  }

  private static StaticPage.Section map(About about, Mapped one, BufferedImage seen) {
    MatchMap map = one.map();
    boolean queries = about.speakers() > 1;
    ValueRange range = MapPicture.range(map.maps());
    double largest = Arrays.stream(map.maps()).flatMapToDouble(Arrays::stream).max().orElse(0);
    List<StaticPage.Shot> shots = new ArrayList<>();
    for (int row : shown(map, queries)) {
      double[] values = map.maps()[row];
      shots.add(
          new StaticPage.Shot(
              map.names().get(row),
              caption(values, map.columns(), largest),
              MapPicture.over(seen, values, map.rows(), map.columns(), range)));
    }
    StaticPage.Shot whole =
        new StaticPage.Shot(
            queries ? "All queries" : "The whole text",
            "In a scale of its own.",
            MapPicture.over(seen, map.whole(), map.rows(), map.columns()));
    List<StaticPage.Part> main = new ArrayList<>();
    if (one.test() == null) {
      main.add(
          new StaticPage.Text(
              "Not tested: run `match` with --draws to see what becomes of the score without"
                  + " these patches."));
    } else {
      main.add(new StaticPage.Finding(one.test().conclusion(), "image", ""));
      main.add(tested(one.test()));
    }
    return new StaticPage.Section(
        "“%s” in %s".formatted(about.texts().get(one.text()), about.pictures().get(one.picture())),
        "",
        List.of(
            new StaticPage.Beside(main, List.of(new StaticPage.Cards(List.of(whole)))),
            new StaticPage.Text(
                MAP.formatted(
                        queries ? "Query" : "Word",
                        queries ? "query" : "word",
                        map.layer(),
                        queries ? "query" : "word")
                    + (queries
                        ? " The words of this model read no picture: its queries do. The %d that look most are shown."
                            .formatted(shots.size())
                        : "")),
            MapPicture.key(range, SCALE),
            new StaticPage.Gallery(shots)),
        "A map is a first-order estimate at one layer, and says where was looked, not what was"
            + " taken from there. Painted patches are themselves something to see, pointed at or"
            + " random.");
  }

  /// Words in their order; of queries those whose maps hold most.
  private static int[] shown(MatchMap map, boolean queries) {
    IntStream all = IntStream.range(0, map.maps().length);
    return queries
        ? all.boxed()
            .sorted(
                Comparator.comparingDouble(
                    (Integer row) -> -DoubleStream.of(map.maps()[row]).sum()))
            .limit(SHOWN)
            .mapToInt(Integer::intValue)
            .toArray()
        : all.toArray();
  }

  /// What is so pale beside the others that nothing of it is seen is not pointed at.
  private static String caption(double[] values, int columns, double largest) {
    double most = DoubleStream.of(values).max().orElse(0);
    return most == 0
        ? "no look speaks for a match"
        : most < PALE * largest
            ? "next to nothing beside the others"
            : "most at " + most(values, columns);
  }

  private static String most(double[] values, int columns) {
    int best = 0;
    for (int p = 1; p < values.length; p++) {
      best = values[p] > values[best] ? p : best;
    }
    return Spoken.patch(best, columns);
  }

  private static StaticPage.Table tested(MatchTest test) {
    double least = DoubleStream.of(test.random()).min().orElseThrow();
    double most = DoubleStream.of(test.random()).max().orElseThrow();
    double mean = DoubleStream.of(test.random()).average().orElseThrow();
    return new StaticPage.Table(
        test.patches() == 1
            ? "Score of “matches” when a patch is painted over"
            : "Score of “matches” when %d patches are painted over".formatted(test.patches()),
        List.of("Picture", "score", "change"),
        List.of(
            List.of("as it is", Spoken.signed(test.before()), ""),
            List.of(
                test.patches() == 1
                    ? "without the patch pointed at"
                    : "without the patches pointed at",
                Spoken.signed(test.pointed()),
                Spoken.signed(test.pointed() - test.before())),
            List.of(
                "without random ones, mean of " + test.random().length,
                Spoken.signed(mean),
                Spoken.signed(mean - test.before())),
            List.of(
                "least and most of those",
                Spoken.signed(least) + " to " + Spoken.signed(most),
                "")));
  }
}
