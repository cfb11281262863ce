package dev.lynceus.method.evidence;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.WordChoice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Says in a few sentences what the verdicts about an answer come to: first what is against it,
/// then what it rests on, and how often words with such a verdict were wrong.
final class EvidenceHeadline {
  /// What matters more comes first.
  static final List<Verdict> ORDER =
      List.of(Verdict.CONTRADICTED, Verdict.UNSUPPORTED, Verdict.IMAGE, Verdict.UNCALIBRATED);

  /// Most words that are named.
  private static final int NAMED = 4;

  /// How much less a word's own probability of being right must be to be told beside the rate.
  private static final double MUCH = .05;

  private final List<Evidence.Word> words;
  private final List<Evidence.Asked> asked;
  private final List<Evidence.Premise> premises;
  private final @Nullable Whose whose;
  private final @Nullable Thresholds thresholds;
  private final boolean outside;

  /// @param outside whether the question lies outside of what the model was made for
  EvidenceHeadline(
      List<Evidence.Word> words,
      List<Evidence.Asked> asked,
      List<Evidence.Premise> premises,
      @Nullable Whose whose,
      @Nullable Thresholds thresholds,
      boolean outside) {
    this.words = words;
    this.asked = asked;
    this.premises = premises;
    this.whose = whose;
    this.thresholds = thresholds;
    this.outside = outside;
  }

  Evidence.Headline headline() {
    List<String> sentences = new ArrayList<>(EvidenceWords.warnings(premises));
    Optional<Verdict> worst = ORDER.stream().filter(one -> !of(one).isEmpty()).findFirst();
    List<Integer> about = worst.map(this::of).orElse(List.of());
    if (worst.isEmpty()) {
      undecided(sentences);
    } else {
      sentences.add(first(worst.get(), about));
      if (worst.get() != Verdict.IMAGE && !of(Verdict.IMAGE).isEmpty()) {
        sentences.add("The picture supports " + names(of(Verdict.IMAGE)) + ".");
      }
      if (whose != null) {
        owner(whose).ifPresent(sentences::add);
      }
    }
    Verdict words = worst.orElse(thresholds == null ? Verdict.UNCALIBRATED : Verdict.TEXT);
    Verdict verdict =
        ORDER.stream()
            .limit(2)
            .filter(one ->
                one == words || premises.stream().anyMatch(p -> p.verdict().equals(one.label())))
            .findFirst()
            .orElse(words);
    String belief = worst.map(one -> belief(one, about)).orElse("");
    return new Evidence.Headline(verdict.label(), about, sentences, belief, "");
  }

  /// Numbers of decisive words with a verdict, words of form last, of others those that the picture
  /// moves most first.
  private List<Integer> of(Verdict verdict) {
    return IntStream.range(0, words.size())
        .filter(i -> words.get(i).decisive() && words.get(i).verdict().equals(verdict.label()))
        .boxed()
        .sorted(
            Comparator.comparing((Integer i) -> WordChoice.isForm(words.get(i).text()))
                .thenComparingDouble(i -> -Math.abs(words.get(i).effect())))
        .toList();
  }

  private void undecided(List<String> sentences) {
    sentences.add("The picture decides no word of this answer.");
    asked.stream()
        .filter(thing -> !thing.granted())
        .findFirst()
        .ifPresentOrElse(
            thing -> {
              String said = WordJudge.answered(thing.text(), thing.presence());
              sentences.add(
                  said.substring(0, 1).toUpperCase(Locale.ROOT) + said.substring(1) + ".");
            },
            () -> sentences.add("Whether it is right, the picture does not tell."));
  }

  private String first(Verdict verdict, List<Integer> about) {
    boolean one = about.size() == 1;
    String names = names(about);
    Evidence.Word word = words.get(about.getFirst());
    String detail = one ? word.because() : "";
    return switch (verdict) {
      case CONTRADICTED ->
          one
              ? "%s is contradicted by the picture: %s.".formatted(names, odds(word))
              : "%s are contradicted by the picture.".formatted(names);
      case UNSUPPORTED ->
          one
              ? "The picture raises %s (%s), but it is not supported: %s."
                  .formatted(names, odds(word), against(word))
              : "The picture raises %s, but they are not supported. Of %s: %s."
                  .formatted(names, quoted(word), against(word));
      case IMAGE ->
          one
              ? "%s rests on the picture: %s%s.".formatted(names, odds(word), place(word))
              : "%s rest on the picture.".formatted(names);
      case UNCALIBRATED, TEXT, OPEN ->
          one
              ? "The picture moves %s: %s.".formatted(names, detail)
              : "The picture moves %s most: %s.".formatted(quoted(word), word.because());
    };
  }

  private static String odds(Evidence.Word word) {
    return "%s with it, %s without"
        .formatted(
            Spoken.percent(Math.exp(word.logProbability())),
            Spoken.percent(Math.exp(word.blind())));
  }

  private static String against(Evidence.Word word) {
    return word.doubts().isEmpty()
        ? word.because()
        : String.join("; ", word.doubts().stream().map(Evidence.Doubt::text).toList());
  }

  private static String place(Evidence.Word word) {
    Evidence.Looked looked = word.looked();
    return looked == null ? "" : "; the model looked at the " + looked.place();
  }

  /// How far to believe the verdict, by what was measured.
  private String belief(Verdict verdict, List<Integer> about) {
    if (thresholds == null) {
      boolean shares = words.stream().allMatch(word -> Double.isFinite(word.shares().image()));
      return "How often such words of this model are right was not measured"
          + (shares ? "; `lynceus calibrate` measures it on questions of your own." : ".");
    }
    if (outside) {
      return "The question lies outside of what the model was made for; how often such words are"
          + " wrong was not measured.";
    }
    String rate =
        thresholds
            .rate(verdict)
            .map(EvidenceWords::rate)
            .orElse("How often such words are wrong was not measured.");
    return verdict == Verdict.IMAGE
        ? doubtful(about).map(word -> doubted(word) + " " + rate).orElse(rate)
        : rate;
  }

  /// The word whose own scores promise least, where that is much less than such words are right on
  /// average.
  private Optional<Evidence.Word> doubtful(List<Integer> about) {
    double usual =
        Objects.requireNonNull(thresholds)
            .rate(Verdict.IMAGE)
            .map(rate -> 1 - rate.wrong() / (double) rate.of())
            .orElse(1.);
    return about.stream()
        .map(words::get)
        .filter(word -> right(word) < usual - MUCH)
        .min(Comparator.comparingDouble(EvidenceHeadline::right));
  }

  private static double right(Evidence.Word word) {
    Double right = word.reliability();
    return right == null ? 1 : right;
  }

  private static String doubted(Evidence.Word word) {
    return "By its own scores %s is right with a probability of %s only."
        .formatted(quoted(word), Spoken.percent(right(word)));
  }

  private static Optional<String> owner(Whose whose) {
    String owner = whose.owner();
    if (owner == null || whose.test().said().equals(whose.word())) {
      return Optional.empty();
    }
    return Optional.of(
        "The map of \u201c%s\u201d points at the %s; without the %s the model says \u201c%s\u201d."
            .formatted(whose.word(), owner, owner, whose.test().said()));
  }

  private String names(List<Integer> about) {
    List<String> all = about.stream().map(i -> quoted(words.get(i))).distinct().toList();
    List<String> names = new ArrayList<>(all.subList(0, Math.min(NAMED, all.size())));
    if (all.size() > NAMED) {
      names.add((all.size() - NAMED) + " more");
    }
    return names.size() == 1
        ? names.getFirst()
        : String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.getLast();
  }

  private static String quoted(Evidence.Word word) {
    return "\u201c" + word.text() + "\u201d";
  }
}
