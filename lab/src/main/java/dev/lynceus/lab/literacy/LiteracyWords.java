package dev.lynceus.lab.literacy;

import dev.lynceus.method.score.Share;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a test of visualization literacy shows, in sentences.
final class LiteracyWords {
  private LiteracyWords() {}

  static String conclusion(
      LiteracyScores scores, LiteracyReport.@Nullable Controls controls, List<Taken> taken) {
    String said =
        "%s of the answers to %d items are right, and guessing gives %s: %s."
            .formatted(
                Share.plain(scores.right().value()),
                scores.items(),
                Share.plain(scores.chance()),
                scores.aboveChance()
                    ? "above chance"
                    : scores.right().high() < scores.chance()
                        ? "below chance"
                        : "not told from chance");
    boolean blind = taken.stream().noneMatch(one -> one.item().has(Seen.OWN));
    if (blind) {
      return said
          + " The pictures are not there, so that this is what the model knows without them.";
    }
    if (controls == null || controls.seen().of() == 0) {
      return said;
    }
    return said
        + " %d of %d are seen: right, not right without the picture, and another answer when the numbers change. %s"
            .formatted(
                controls.seen().hits(),
                controls.seen().of(),
                controls.unmoved().share() > .5
                    ? "To most items the answer stays the same whatever is shown."
                    : "To %s of the items the answer stays the same whatever is shown."
                        .formatted(Share.plain(controls.unmoved().share())));
  }
}
