package dev.lynceus.method;

import dev.lynceus.model.text.TextConfig;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.TokenMap;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// The first map of an explanation: what the [SeeingHeads] of the model read of each patch on the
/// way to the word ([SeeingReading]), summed over them and gathered.
///
/// @param found the heads; empty where none were found yet, and then all heads are read
public record SeeingMap(Optional<SeeingHeads> found) {
  /// Its name among the methods that map a picture.
  public static final String NAME = "seeing-heads";

  /// The map of a model, by the heads that are kept for it.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_CHECKPOINT if the file of its heads cannot be
  ///   used
  public static SeeingMap of(LoadedModel model) {
    return new SeeingMap(SeeingHeadStore.kept(model));
  }

  /// What a run must keep beside its keys and values.
  ///
  /// @param row the first that predicts a word
  public static Capture patterns(TextConfig config, TokenMap tokens, int row) {
    return SeeingReading.patterns(config, tokens, row);
  }

  /// What an explanation keeps: all that is read of the rows from `firstRow` on, and the attention
  /// that this map reads.
  public static Capture plan(Prompt prompt, int firstRow, TextConfig config) {
    return RowTrace.plan(config, firstRow, SeeingReading.start(prompt.tokens(), firstRow));
  }

  /// The map, one value for each patch of the view, not negative; the mean over the rows of a
  /// target of several tokens.
  public double[] values(Run run, Target target, TokenMap.View view) {
    TextConfig config = run.model().model().decoder().config();
    List<SeeingHeads.Head> heads =
        found.map(SeeingHeads::heads).orElseGet(() -> every(config.layers(), config.heads()));
    int[] rows = target.aims().stream().mapToInt(Target.Aim::row).distinct().toArray();
    double[] sum = new double[view.positions().length];
    for (int row : rows) {
      double[] one =
          SeeingReading.sum(Arrays.asList(new SeeingReading(run, row).of(heads, view)), sum.length);
      Arrays.setAll(sum, p -> sum[p] + one[p] / rows.length);
    }
    return SeeingReading.gathered(sum, view.tile().rows(), view.tile().columns());
  }

  /// All heads of a decoder.
  public static List<SeeingHeads.Head> every(int layers, int heads) {
    return IntStream.range(0, layers * heads)
        .mapToObj(i -> new SeeingHeads.Head(i / heads, i % heads))
        .toList();
  }

  /// The map as explanations show it.
  ///
  /// @param image number of the view
  public Explanation.PatchMap shown(Run run, Target target, TokenMap.View view, int image) {
    return new Explanation.PatchMap(
        NAME, title(), caption(), "reading", false, image, values(run, target, view));
  }

  private String title() {
    return found.isPresent() ? "Seeing heads" : "All heads' reading";
  }

  private String caption() {
    String what =
        "What %s of each patch, wherever in the text, as far as it can reach the word: attention"
            + " times the length of what is moved, gathered over neighbouring patches. It is the"
            + " same for all words that could stand here, and says where was read, not what for.";
    return found
        .map(set ->
            what.formatted("heads " + set.text() + " read")
                + " Found once for this model by blanking patches (%d questions of %s)."
                    .formatted(set.screen().chosenOn(), set.screen().source()))
        .orElseGet(() ->
            what.formatted("all heads read")
                + " The heads through which this model sees were not found yet: `lynceus seeing"
                + " --dataset FILE` finds them once, and the map becomes sharper.");
  }
}
