package dev.lynceus.method.evidence;

import dev.lynceus.method.Blind;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.WordChoice;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// The control of evidence: how probable the same answer is where another picture is shown. To hide
/// a picture is a change of the model, and takes what any picture brings along with what this one
/// does; another picture takes away this one alone.
public final class OtherPictures {
  private OtherPictures() {}

  /// The words of an answer about each other picture.
  ///
  /// @param others the question about another picture each
  /// @param ids the answer
  /// @param spoken first and last token, exclusive, of each judged word
  static List<Evidence.Other> of(
      LoadedModel model, List<Prompt> others, int[] ids, List<int[]> spoken, Progress progress) {
    List<Evidence.Other> found = new ArrayList<>();
    for (Prompt other : others) {
      progress.at("other pictures", found.size(), others.size());
      Capture logits =
          Capture.of(Capture.request(Point.LOGITS).at(Positions.from(other.length() - 1)));
      Prompt longer = other.withAnswer(Arrays.copyOf(ids, ids.length - 1));
      try (Run run = model.run(longer, logits)) {
        double[] logs = Blind.said(run, ids);
        found.add(
            new Evidence.Other(
                other.pictures().getFirst().name(),
                spoken.stream()
                    .map(group -> Arrays.stream(logs, group[0], group[1]).sum())
                    .toList()));
      }
    }
    return found;
  }

  /// What the control comes to, one sentence for each word that the picture decides, or, where it
  /// decides none, for the one that it moves most: words that another picture makes as probable
  /// ([WordChoice#LEAST]) do not come from this one.
  public static List<String> told(Evidence found) {
    if (found.others().isEmpty() || found.words().isEmpty()) {
      return List.of();
    }
    List<Evidence.Word> words = found.words();
    List<Integer> decisive = new ArrayList<>();
    int most = 0;
    for (int w = 0; w < words.size(); w++) {
      if (words.get(w).decisive()) {
        decisive.add(w);
      }
      if (Math.abs(words.get(w).effect()) > Math.abs(words.get(most).effect())) {
        most = w;
      }
    }
    return (decisive.isEmpty() ? List.of(most) : decisive)
        .stream().map(w -> told(found, w)).toList();
  }

  private static String told(Evidence found, int w) {
    Evidence.Word word = found.words().get(w);
    Evidence.Other nearest =
        found.others().stream()
            .max(Comparator.comparingDouble((Evidence.Other other) -> other.words().get(w)))
            .orElseThrow();
    long asMuch =
        found.others().stream()
            .filter(other -> other.words().get(w) > word.logProbability() - WordChoice.LEAST)
            .count();
    int of = found.others().size();
    String said =
        "\u201c%s\u201d has %s, and %s about %s"
            .formatted(
                word.text(),
                Spoken.percent(Math.exp(word.logProbability())),
                Spoken.percent(Math.exp(nearest.words().get(w))),
                nearest.picture());
    return said
        + (asMuch == 0
            ? of == 1
                ? ": it goes with the picture."
                : ", the likeliest of %d other pictures: it goes with the picture.".formatted(of)
            : of == 1
                ? ": the other picture makes it as probable, so that it does not come from this one."
                : ": %d of %d other pictures make it as probable, so that it does not come from this one alone."
                    .formatted(asMuch, of));
  }
}
