package dev.lynceus.method.dependence;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.WordChoice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/// What an answer depends on, in a few sentences.
record DependenceWords(
    Dependence.Word word,
    List<Dependence.Whole> wholes,
    List<Dependence.View> views,
    List<GivenText> texts,
    List<Dependence.Values> maps,
    List<Dependence.Test> tests) {

  String conclusion() {
    List<String> sentences = new ArrayList<>();
    wholes.stream()
        .max(Comparator.comparingDouble(Dependence.Whole::loss))
        .ifPresent(most -> sentences.add(most(most)));
    wholes.stream()
        .filter(whole -> whole.loss() < -WordChoice.LEAST)
        .findFirst()
        .ifPresent(against ->
            sentences.add(
                "%s speaks against it: without it the probability is %s."
                    .formatted(capital(against.name()), percent(against.without()))));
    removal().ifPresent(sentences::add);
    tests.stream()
        .filter(test -> test.map().equals(DependenceExplainer.REMOVAL))
        .filter(test -> test.draws() > 0)
        .max(Comparator.comparingDouble(Dependence.Test::loss))
        .ifPresent(test -> sentences.add(test(test)));
    return String.join(" ", sentences);
  }

  private String most(Dependence.Whole most) {
    if (most.loss() < WordChoice.LEAST) {
      return "“%s” (%s) hardly depends on any one part of what was given."
          .formatted(word.text(), percent(word.logProbability()));
    }
    return "“%s” needs %s most: without it the probability falls from %s to %s."
        .formatted(
            word.text(), most.name(), percent(word.logProbability()), percent(most.without()));
  }

  /// The word and the place that are missed most.
  private Optional<String> removal() {
    Dependence.Values map = maps.getFirst();
    List<String> parts = new ArrayList<>();
    for (int t = 0; t < texts.size(); t++) {
      double[] values = map.words().get(t);
      int best = best(values);
      if (best >= 0 && values[best] >= WordChoice.LEAST) {
        parts.add(
            "of the %s “%s” (%s)"
                .formatted(
                    texts.get(t).name(),
                    texts.get(t).words().get(best),
                    fall(values[best]) + " nats"));
      }
    }
    for (int v = 0; v < views.size(); v++) {
      double[] values = map.patches().get(v);
      int best = best(values);
      if (best >= 0 && values[best] >= WordChoice.LEAST) {
        Dependence.View view = views.get(v);
        parts.add(
            "of the picture its %s (%s)"
                .formatted(
                    Spoken.place(new int[] {best}, view.rows(), view.columns()),
                    fall(values[best]) + " nats"));
      }
    }
    return parts.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "Of what was taken away alone, most is missed " + String.join("; ", parts) + ".");
  }

  private static String test(Dependence.Test test) {
    String what =
        test.part().equals("the picture")
            ? test.units() == 1 ? "patch" : test.units() + " patches"
            : test.units() == 1
                ? "word of the " + test.part()
                : test.units() + " words of the " + test.part();
    return "Tested: without the %s that hold%s half of that, its log probability falls by %s; without as many others by %s (mean of %d), and %s of them cost%s it as much."
        .formatted(
            what,
            test.units() == 1 ? "s" : "",
            fall(test.loss()),
            fall(test.elsewhere()),
            test.draws(),
            test.asMuch() == 0 ? "none" : Integer.toString(test.asMuch()),
            test.asMuch() <= 1 ? "s" : "");
  }

  private static String fall(double loss) {
    return String.format(Locale.ROOT, "%.2f", loss);
  }

  private static int best(double[] values) {
    return IntStream.range(0, values.length)
        .boxed()
        .max(Comparator.comparingDouble(i -> values[i]))
        .orElse(-1);
  }

  private static String percent(double log) {
    return Spoken.percent(Math.exp(log));
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
