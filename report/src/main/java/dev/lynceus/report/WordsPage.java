package dev.lynceus.report;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.words.Found;
import dev.lynceus.method.words.PseudoFeatures;
import dev.lynceus.method.words.WordReading;
import dev.lynceus.method.words.WordView;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Words of visual tokens as a page: on every patch the best word of each view, where a word was
/// found, what surprised the decoder, and what becomes of the answer when words stand in the place
/// of patches.
public final class WordsPage {
  /// Words that name nothing that a patch could show.
  private static final Set<String> EMPTY =
      Set.of(
          "a", "an", "the", "is", "are", "of", "and", "or", "in", "on", "at", "to", "it", "there",
          "this", "that", "what", "with", "for", "as", "by", "its", "be");

  private WordsPage() {}

  /// What was asked, and of whom.
  ///
  /// @param search the word that was searched for; may be empty
  /// @param notes what was left out, and why
  public record About(
      String question, String answer, String model, String search, List<String> notes) {
    public About {
      notes = List.copyOf(notes);
    }
  }

  /// The page.
  ///
  /// @param seen each view that the model had of a picture, as in the reading
  /// @param places what becomes of the answer with words in the place of patches
  /// @param command that makes the page again
  public static String html(
      About about,
      WordReading reading,
      List<BufferedImage> seen,
      Optional<PseudoFeatures.Result> places,
      String command) {
    List<StaticPage.Section> sections = new ArrayList<>();
    for (int i = 0; i < reading.pictures().size(); i++) {
      sections.addAll(picture(about, reading.pictures().get(i), seen.get(i)));
    }
    places.ifPresent(result -> sections.add(places(result)));
    if (!about.notes().isEmpty()) {
      sections.add(
          new StaticPage.Section(
              "Left out",
              "",
              about.notes().stream().<StaticPage.Part>map(StaticPage.Text::new).toList(),
              ""));
    }
    return new StaticPage(
            "Words of visual tokens",
            "%s was asked “%s” and answered “%s”"
                .formatted(about.model(), about.question(), about.answer().strip()),
            sections,
            command)
        .html();
  }

  private static List<StaticPage.Section> picture(
      About about, WordReading.Seen picture, BufferedImage seen) {
    List<StaticPage.Section> sections = new ArrayList<>();
    if (!about.search().isEmpty()) {
      sections.add(search(about.search(), picture, seen));
    }
    for (String family : families(picture)) {
      List<WordReading.Read> reads =
          picture.reads().stream().filter(read -> family(read.view()).equals(family)).toList();
      sections.add(view(family, reads, picture, seen));
    }
    if (!picture.surprise().isEmpty()) {
      sections.add(
          new StaticPage.Section(
              "What was not expected" + of(picture),
              "How far the words of each patch are from what the decoder expected in its place, nats.",
              List.of(
                  new StaticPage.Gallery(
                      List.of(
                          new StaticPage.Shot(
                              "Surprise",
                              range(picture.surprise()),
                              over(seen, picture, picture.surprise()))))),
              "A decoder that was never trained to predict patches expects nothing of them that"
                  + " means much."));
    }
    return sections;
  }

  private static StaticPage.Section search(
      String word, WordReading.Seen picture, BufferedImage seen) {
    List<StaticPage.Shot> shots = new ArrayList<>();
    for (WordReading.Read read : picture.reads()) {
      boolean known = read.found().stream().noneMatch(value -> Double.isNaN(value));
      if (known && !read.found().isEmpty()) {
        shots.add(
            new StaticPage.Shot(
                read.view(), range(read.found()), over(seen, picture, read.found())));
      }
    }
    return new StaticPage.Section(
        "Where is “%s”?".formatted(word) + of(picture),
        "The score of this word at every patch, each view on a scale of its own.",
        List.of(
            shots.isEmpty()
                ? new StaticPage.Text(
                    "No view knows the word: no text of the contextual lens has it.")
                : new StaticPage.Gallery(shots)),
        "");
  }

  private static StaticPage.Section view(
      String family, List<WordReading.Read> reads, WordReading.Seen picture, BufferedImage seen) {
    // The middle of a stack reads best as a rule; the others are a click away.
    int open = reads.size() / 2;
    List<StaticPage.Part> others = new ArrayList<>();
    others.add(all(reads.get(open), picture));
    for (int i = 0; i < reads.size(); i++) {
      if (i != open) {
        WordReading.Read read = reads.get(i);
        others.add(
            new StaticPage.Closed(
                read.view(), List.of(grid(read, picture, seen), all(read, picture))));
      }
    }
    List<StaticPage.Part> parts =
        List.of(new StaticPage.Beside(List.of(grid(reads.get(open), picture, seen)), others));
    return new StaticPage.Section(title(family) + of(picture), meaning(family), parts, "");
  }

  private static StaticPage.WordGrid grid(
      WordReading.Read read, WordReading.Seen picture, BufferedImage seen) {
    double most = read.words().stream().mapToDouble(row -> row.getFirst().score()).max().orElse(1);
    double least =
        read.scores() == WordView.Scores.PROBABILITY
            ? 0
            : read.words().stream().mapToDouble(row -> row.getFirst().score()).min().orElse(0);
    List<StaticPage.Cell> cells =
        read.words().stream()
            .map(row -> {
              Found best = row.getFirst();
              double full = most > least ? (best.score() - least) / (most - least) : 0;
              return new StaticPage.Cell(
                  best.word().strip(), full, isEmpty(best.word()), hint(row));
            })
            .toList();
    return new StaticPage.WordGrid(
        read.view(),
        "best %s %s to %s; the fuller the cell, the larger. Point at a word for the next ones."
            .formatted(
                read.scores() == WordView.Scores.PROBABILITY ? "probability" : "cosine",
                Spoken.number(
                    read.words().stream()
                        .mapToDouble(row -> row.getFirst().score())
                        .min()
                        .orElse(0)),
                Spoken.number(most)),
        seen,
        picture.rows(),
        picture.columns(),
        cells);
  }

  private static String hint(List<Found> row) {
    return row.stream()
        .map(found ->
            "%s %s%s"
                .formatted(
                    found.word().strip(),
                    Spoken.number(found.score()),
                    found.context().isEmpty() ? "" : " in: " + found.context()))
        .collect(Collectors.joining("\n"));
  }

  private static StaticPage.Closed all(WordReading.Read read, WordReading.Seen picture) {
    List<List<String>> rows = new ArrayList<>();
    for (int patch = 0; patch < read.words().size(); patch++) {
      List<Found> row = read.words().get(patch);
      rows.add(
          List.of(
              "row %d, column %d".formatted(patch / picture.columns(), patch % picture.columns()),
              row.stream()
                  .map(found -> found.word().strip() + " " + Spoken.number(found.score()))
                  .collect(Collectors.joining(", ")),
              row.getFirst().context()));
    }
    boolean contexts = rows.stream().anyMatch(row -> !row.getLast().isEmpty());
    List<String> head =
        contexts ? List.of("patch", "words", "nearest in") : List.of("patch", "words");
    return new StaticPage.Closed(
        "The words of every patch, " + read.view(),
        List.of(
            new StaticPage.Table(
                "", head, rows.stream().map(row -> row.subList(0, head.size())).toList())));
  }

  private static StaticPage.Section places(PseudoFeatures.Result result) {
    return new StaticPage.Section(
        "Words in the place of patches",
        "The model is asked again with other things where the patches stood. Log probability of “%s”: %s nats."
            .formatted(result.answer(), Spoken.signed(result.logProbability())),
        List.of(
            new StaticPage.Table(
                "",
                List.of("in the place of patches", "change, nats", "it says"),
                result.rows().stream()
                    .map(row ->
                        List.of(
                            row.name() + (row.control() ? " (control)" : ""),
                            Spoken.signed(row.change()),
                            row.same() ? "the same" : "“" + row.said() + "”"))
                    .toList())),
        "Where a control keeps the answer, the answer owes nothing to what stood there.");
  }

  private static BufferedImage over(
      BufferedImage seen, WordReading.Seen picture, List<Double> values) {
    double[] map = values.stream().mapToDouble(Double::doubleValue).toArray();
    return MapPicture.over(seen, map, picture.rows(), picture.columns());
  }

  private static String range(List<Double> values) {
    var all = values.stream().mapToDouble(Double::doubleValue).summaryStatistics();
    return "%s to %s".formatted(Spoken.number(all.getMin()), Spoken.number(all.getMax()));
  }

  private static List<String> families(WordReading.Seen picture) {
    return picture.reads().stream().map(read -> family(read.view())).distinct().toList();
  }

  private static String family(String view) {
    return view.split(" ", 2)[0];
  }

  private static String of(WordReading.Seen picture) {
    return picture.name().isEmpty() ? "" : " · " + picture.name();
  }

  private static String title(String family) {
    return switch (family) {
      case "embedding" -> "Nearest input embeddings";
      case "lens" -> "Logit lens";
      case "next" -> "What the decoder expects";
      case "head" -> "Visual words";
      default -> "Contextual lens";
    };
  }

  private static String meaning(String family) {
    return switch (family) {
      case "embedding" ->
          "The word whose input embedding is at the smallest angle to what enters the decoder in a"
              + " patch's place.";
      case "lens" -> "What the unembedding reads in the state of a patch, at one depth.";
      case "next" -> "The decoder's own prediction at the position before a patch.";
      case "head" -> "What a head of its own says of what enters the decoder in a patch's place.";
      default ->
          "The word of a text whose state, in its context and at any depth of its own, is nearest to"
              + " the state of a patch.";
    };
  }

  private static boolean isEmpty(String word) {
    String plain = word.strip().toLowerCase(Locale.ROOT);
    return plain.chars().noneMatch(Character::isLetter) || EMPTY.contains(plain);
  }
}
