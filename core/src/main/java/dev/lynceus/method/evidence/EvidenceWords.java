package dev.lynceus.method.evidence;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.evidence.Thresholds.Measured;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What is told about evidence in sentences, on the screen as on the page.
public final class EvidenceWords {
  private EvidenceWords() {}

  /// How often verdicts were wrong where it was measured; says so where it was not.
  public static String rates(@Nullable Measured measured) {
    if (measured == null) {
      return "How often these verdicts are wrong was not measured.";
    }
    List<String> parts = new ArrayList<>();
    for (Thresholds.Rate rate : measured.rates()) {
      if (rate.of() > 0) {
        parts.add(
            String.format(
                Locale.ROOT,
                "%s: %s (%d of %d)",
                verdict(rate.verdict()),
                about(rate),
                rate.wrong(),
                rate.of()));
      }
    }
    return "Of 100 words so called, wrong were: "
        + String.join("; ", parts)
        + ". Measured on "
        + measured.on()
        + ".";
  }

  /// How often words with a verdict were wrong, as one sentence.
  public static String rate(Thresholds.Rate rate) {
    return String.format(
        Locale.ROOT,
        "Of 100 words so called %s %s wrong (%d of %d).",
        about(rate),
        about(rate).equals("about 1") ? "was" : "were",
        rate.wrong(),
        rate.of());
  }

  private static String about(Thresholds.Rate rate) {
    long share = Math.round(100. * rate.wrong() / rate.of());
    if (rate.wrong() == 0) {
      return "none";
    }
    if (rate.wrong() == rate.of()) {
      return "all";
    }
    return share == 0 ? "fewer than 1" : "about " + Math.min(99, share);
  }

  /// What a question grants and the model, asked back, does not say.
  public static List<String> warnings(List<Evidence.Premise> premises) {
    List<String> warnings = new ArrayList<>();
    for (Evidence.Premise premise : premises) {
      boolean denied =
          premise.verdict().equals(Verdict.UNCALIBRATED.label())
              ? premise.odds() < 0
              : !premise.verdict().equals(Verdict.IMAGE.label());
      if (denied) {
        warnings.add(
            "%s that the %s %s %s; asked “%s”, the model says “%s”."
                .formatted(
                    premise.named() ? "The answer says" : "The question takes for granted",
                    premise.thing(),
                    premise.thing().endsWith("s") ? "are" : "is",
                    premise.attribute(),
                    premise.asked(),
                    premise.said()));
      }
    }
    return warnings;
  }

  /// Whose a word is, and whether the test bears it out.
  public static String whose(Whose whose) {
    StringBuilder text = new StringBuilder();
    text.append(
        whose.asked().isEmpty()
            ? "The picture decides “%s”, but its scores are those of wrong words."
                .formatted(whose.word())
            : "The model, asked, says that there is no %s, and yet the picture decides “%s”."
                .formatted(whose.asked(), whose.word()));
    text.append(
        whose.owner() == null
            ? " The map points at the outlined patches; what lies there is not known."
            : " The map points at the %s.".formatted(whose.owner()));
    if (whose.also() != null) {
      text.append(" Asked the same of the %s: “%s”".formatted(whose.owner(), whose.also()));
    }
    Whose.Test test = whose.test();
    text.append(" Without these patches the probability of “%s” ".formatted(whose.word()));
    text.append(change(test));
    text.append(
        test.said().equals(whose.word())
            ? "; it is still said."
            : ", and the model says “%s”.".formatted(test.said()));
    int of = test.elsewhere().size();
    if (of == 0) {
      return text.append(" No part of the same shape fits elsewhere to compare it with.")
          .toString();
    }
    text.append(
        " Of %d parts of the same shape elsewhere %s %s, and %s change the word."
            .formatted(
                of,
                count(test.asMuch()),
                test.loss() > 0 ? "cost it as much" : "lower it more",
                count(test.changed())));
    boolean borne = !test.said().equals(whose.word()) && test.asMuch() * 5 <= of;
    return text.append(
            borne
                ? (whose.asked().isEmpty()
                    ? " So it is these patches that decide the word."
                    : " So the word is borrowed from "
                        + (whose.owner() == null ? "these patches." : "the " + whose.owner() + "."))
                : " So the test does not show that these patches decide the word, whatever its map says.")
        .toString();
  }

  private static String change(Whose.Test test) {
    String before = Spoken.percent(Math.exp(test.before()));
    String after = Spoken.percent(Math.exp(test.after()));
    if (before.equals(after)) {
      return "stays at " + before;
    }
    return test.loss() > 0
        ? "falls from %s to %s".formatted(before, after)
        : "does not fall: %s with them, %s without".formatted(before, after);
  }

  private static String count(int number) {
    return number == 0 ? "none" : Integer.toString(number);
  }

  /// A verdict as a reader sees it.
  public static String verdict(String label) {
    return Verdict.labelled(label).words();
  }

  /// What the model says of a thing of the question, for example `no (log odds -7.04)`. What it
  /// says of a word that it was never taught is no answer.
  public static String presence(Evidence.Asked thing) {
    String said =
        !thing.known()
            ? "word unknown to the model"
            : isOpen(thing.presence()) ? "undecided" : thing.presence() >= 0 ? "yes" : "no";
    return "%s (log odds %s)".formatted(said, Spoken.odds(thing.presence()));
  }

  /// What a model says by its log odds of yes against no, for example `says no`.
  static String said(double odds) {
    return isOpen(odds) ? "is undecided" : odds >= 0 ? "says yes" : "says no";
  }

  /// Whether a model says no.
  static boolean denies(double odds) {
    return odds < 0 && !isOpen(odds);
  }

  /// Whether neither of yes and no is twice as probable as the other.
  private static boolean isOpen(double odds) {
    return Math.abs(odds) < OPEN;
  }

  private static final double OPEN = Math.log(2);
}
