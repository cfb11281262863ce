package dev.lynceus.method.evidence;

import dev.lynceus.method.Explanation;
import dev.lynceus.method.Explanation.ImageView;
import dev.lynceus.method.Explanation.PatchMap;
import dev.lynceus.method.Explanation.WordExplanation;
import dev.lynceus.method.Headline;
import dev.lynceus.method.Headline.Origin;
import dev.lynceus.method.Headline.Region;
import dev.lynceus.method.Shown;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.WordChoice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Says in a few sentences what an explanation found: how probable a word is with the picture and
/// without it, how much of what raised it came from the picture and where its map points, and how
/// far that is to be believed. Only what was measured is said, and what was not measured is said to
/// be so.
public final class HeadlineMaker {
  private final @Nullable Thresholds thresholds;
  private final Command command;

  /// A command line about the question at hand.
  public interface Command {
    /// The command line, or nothing where there is none.
    ///
    /// @param verb for example `occlude`
    /// @param word the word that it measures
    String line(String verb, String word);
  }

  /// @param thresholds measured on the model; null for none
  public HeadlineMaker(@Nullable Thresholds thresholds, Command command) {
    this.thresholds = thresholds;
    this.command = command;
  }

  /// The explanation with a headline for each of its words.
  ///
  /// @param shown what the question shows
  public Explanation added(Explanation explanation, Shown shown) {
    return added(explanation, shown, List.of());
  }

  /// The same, with what the model denies, see [Denials].
  public Explanation added(Explanation explanation, Shown shown, List<String> denials) {
    return explanation.withHeadlines(
        explanation.words().stream()
            .map(word -> headline(explanation, word, shown, denials))
            .toList());
  }

  private Headline headline(
      Explanation explanation, WordExplanation word, Shown shown, List<String> denials) {
    List<WordChoice.Weighed> weighed = explanation.weighed(word);
    boolean seen = shown != Shown.NOTHING;
    // Of a contrast this is a ratio of two probabilities, and of an answer that of all its words.
    boolean contrast = word.target().kind().equals("contrast");
    double log =
        weighed.isEmpty()
            ? word.logProbability()
            : weighed.stream().mapToDouble(WordChoice.Weighed::logProbability).sum();
    Double blind =
        weighed.isEmpty() || !seen
            ? null
            : Double.valueOf(log - weighed.stream().mapToDouble(WordChoice.Weighed::effect).sum());
    Origin origin = origin(seen, log, blind);
    Double share = seen ? imageShare(word) : null;
    Region region = seen ? region(explanation, word) : null;
    List<String> sentences = new ArrayList<>();
    String name = "\u201c" + word.target().text().strip() + "\u201d";
    sentences.add(
        contrast
            ? name
                + ": log probability of the first minus that of the second "
                + Spoken.nats(word.logProbability())
                + "."
            : first(name, seen, origin, Math.exp(log), blind));
    if (blind != null && weighed.size() > 1) {
      sentences.add(extremes(weighed));
    }
    if (share != null) {
      sentences.add(rests(share, region, origin));
    }
    // Error rates are those of single words that were said.
    if (weighed.size() == 1 && (log >= Thresholds.LIKELY || origin == Origin.AGAINST_PICTURE)) {
      belief(origin, !explanation.answer().outside().isEmpty()).ifPresent(sentences::add);
    }
    sentences.addAll(denials);
    String test =
        switch (origin) {
          case PICTURE ->
              // Where visual tokens stand for no patches, no part of the picture is hidden.
              command.line(
                  explanation.images().isEmpty() ? "queries" : "occlude",
                  word.target().text().strip());
          case TEXT, AGAINST_PICTURE -> command.line("evidence", "");
          case NO_PICTURE -> command.line("ablate", word.target().text().strip());
          case NOT_MEASURED -> "";
        };
    return new Headline(
        word.target().text().strip(),
        origin,
        contrast ? null : Double.valueOf(Math.exp(log)),
        blind == null ? null : Double.valueOf(Math.exp(blind)),
        share,
        region,
        sentences.stream().map(shown::told).toList(),
        test);
  }

  /// By the rule that chose the word, so that reason and headline agree.
  private static Origin origin(boolean seen, double log, @Nullable Double blind) {
    if (blind == null) {
      return seen ? Origin.NOT_MEASURED : Origin.NO_PICTURE;
    }
    double effect = log - blind;
    if (effect >= WordChoice.LEAST) {
      return Origin.PICTURE;
    }
    // A word that stays the likeliest of all is not one that the picture speaks against.
    return effect <= -WordChoice.LEAST && log < Thresholds.LIKELY
        ? Origin.AGAINST_PICTURE
        : Origin.TEXT;
  }

  private static String first(
      String name, boolean seen, Origin origin, double probability, @Nullable Double blind) {
    String with = Spoken.percent(probability);
    if (!seen) {
      return "%s: %s; there is no picture.".formatted(name, with);
    }
    if (blind == null) {
      return "%s: %s with the picture; without it was not measured.".formatted(name, with);
    }
    String without = Spoken.percent(Math.exp(blind));
    return switch (origin) {
      case PICTURE ->
          Math.log(probability) >= Thresholds.LIKELY
              ? "%s comes from the picture: %s with it, %s without.".formatted(name, with, without)
              : "The picture raises %s, but it stays unlikely: %s with it, %s without."
                  .formatted(name, with, without);
      case AGAINST_PICTURE ->
          "The picture speaks against %s: %s with it, %s without.".formatted(name, with, without);
      case TEXT, NO_PICTURE, NOT_MEASURED ->
          "%s does not need the picture: %s with it, %s without.".formatted(name, with, without);
    };
  }

  /// Of several words those that the picture raises and lowers most.
  private static String extremes(List<WordChoice.Weighed> words) {
    Comparator<WordChoice.Weighed> effect = Comparator.comparingDouble(WordChoice.Weighed::effect);
    WordChoice.Weighed most = Collections.max(words, effect);
    WordChoice.Weighed least = Collections.min(words, effect);
    List<String> parts = new ArrayList<>();
    if (most.effect() >= WordChoice.LEAST) {
      parts.add(
          "raises \u201c%s\u201d most (%s)".formatted(most.text(), Spoken.nats(most.effect())));
    }
    if (least.effect() <= -WordChoice.LEAST) {
      parts.add(
          "lowers \u201c%s\u201d most (%s)".formatted(least.text(), Spoken.nats(least.effect())));
    }
    return parts.isEmpty()
        ? "The picture decides none of its words."
        : "Of its words the picture " + String.join(" and ", parts) + ".";
  }

  private static String rests(double share, @Nullable Region region, Origin origin) {
    String part =
        "Of what raised it, %s came through the picture's positions"
            .formatted(Spoken.percent(share));
    if (region == null) {
      return part + ".";
    }
    return part
        + (origin == Origin.PICTURE
                ? "; its map points to the %s."
                : "; its map points to the %s, which tells where was looked, not what decided.")
            .formatted(region.place());
  }

  /// How often words of which that is said are right, by what was measured.
  private Optional<String> belief(Origin origin, boolean outside) {
    Thresholds.Measured measured = thresholds == null ? null : thresholds.measured();
    return switch (origin) {
      case NO_PICTURE, NOT_MEASURED -> Optional.empty();
      case TEXT -> Optional.of("Whether it is right, the picture does not tell.");
      case PICTURE, AGAINST_PICTURE ->
          Optional.of(
              outside
                  ? "This is not what the model was made for, so its error rates say nothing here."
                  : measured == null
                      ? "How often such words of this model are right was not measured."
                      : rates(origin, measured)
                          + " ("
                          + measured.on().replaceFirst(",.*", "")
                          + ").");
    };
  }

  private static String rates(Origin origin, Thresholds.Measured measured) {
    return origin == Origin.PICTURE
        ? "Of words that the command evidence then supports %s were wrong, of those that it does not %s"
            .formatted(wrong(measured, Verdict.IMAGE), wrong(measured, Verdict.UNSUPPORTED))
        : "Of such words %s were wrong".formatted(wrong(measured, Verdict.CONTRADICTED));
  }

  private static String wrong(Thresholds.Measured measured, Verdict verdict) {
    return measured.rates().stream()
        .filter(rate -> rate.verdict().equals(verdict.label()) && rate.of() > 0)
        .findFirst()
        .map(rate -> Spoken.percent(rate.wrong() / (double) rate.of()))
        .orElse("an unknown part");
  }

  /// Part of what raises a word that comes from the pictures' positions; parts that lower it are
  /// left out.
  private static double imageShare(WordExplanation word) {
    double all = word.zones().values().stream().mapToDouble(v -> Math.max(0, v)).sum();
    return all > 0 ? Math.max(0, word.zones().getOrDefault("image", 0.)) / all : 0;
  }

  /// Where the strongest of the word's first maps points.
  private static @Nullable Region region(Explanation explanation, WordExplanation word) {
    if (word.maps().isEmpty()) {
      return null;
    }
    String id = word.maps().getFirst().id();
    PatchMap map =
        word.maps().stream()
            .filter(one -> one.id().equals(id))
            .max(Comparator.comparingDouble(HeadlineMaker::largest))
            .orElseThrow();
    ImageView view = explanation.images().get(map.image());
    double[] values = map.values();
    boolean[] inside = MapRegion.of(values, view.rows(), view.columns());
    int[] patches =
        IntStream.range(0, inside.length)
            .filter(p -> inside[p])
            .boxed()
            .sorted(Comparator.comparingDouble(p -> -values[p]))
            .mapToInt(Integer::intValue)
            .toArray();
    if (patches.length == 0) {
      return null;
    }
    double all = IntStream.range(0, values.length).mapToDouble(p -> Math.max(0, values[p])).sum();
    String place = Spoken.place(patches, view.rows(), view.columns());
    return new Region(
        map.image(),
        patches,
        IntStream.of(patches).mapToDouble(p -> values[p]).sum() / all,
        explanation.images().size() > 1 ? place + " of " + view.name() : place);
  }

  private static double largest(PatchMap map) {
    return Arrays.stream(map.values()).max().orElse(0);
  }
}
