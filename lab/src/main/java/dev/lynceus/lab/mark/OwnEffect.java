package dev.lynceus.lab.mark;

import dev.lynceus.method.Inputs;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.SeenView;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tap.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a mark does by its own patches. The visual tokens of the patches that it touches are put
/// from the marked run into the clean one, and back.
///
/// @param patches how many patches it touches, of all views
/// @param of all patches
/// @param carried change of the log probability where the clean run gets the tokens of these
///   patches from the marked run, nats
/// @param left change that stays where the marked run gets them from the clean run: what the tower
///   carried from the mark to other patches, nats
public record OwnEffect(int patches, int of, double carried, double left) {

  /// Measures it.
  ///
  /// @param ids of the answer
  /// @return empty where the runs have no patches, or not the same ones
  static Optional<OwnEffect> of(LoadedModel model, Prompt clean, Prompt marked, int[] ids) {
    List<TokenMap.View> views = Inputs.seen(model.model(), clean).orElse(clean.tokens()).views();
    if (views.isEmpty() || clean.length() != marked.length()) {
      return Optional.empty();
    }
    List<SeenView> before = model.views(clean.pictures());
    List<SeenView> after = model.views(marked.pictures());
    if (before.size() != views.size() || after.size() != views.size()) {
      return Optional.empty();
    }
    List<Integer> touched = new ArrayList<>();
    int all = 0;
    for (int v = 0; v < views.size(); v++) {
      TokenMap.Tile tile = views.get(v).tile();
      boolean[] changed = changed(before.get(v), after.get(v), tile);
      all += changed.length;
      for (int patch = 0; patch < changed.length; patch++) {
        if (changed[patch]) {
          touched.add(views.get(v).positions()[patch]);
        }
      }
    }
    if (touched.isEmpty()) {
      return Optional.of(new OwnEffect(0, all, 0, 0));
    }
    Positions at = Positions.of(touched.stream().mapToInt(Integer::intValue).sorted().toArray());
    try (Run one = model.run(Forced.before(clean, ids), capture(model, clean));
        Run other = model.run(Forced.before(marked, ids), capture(model, marked))) {
      double base = Forced.of(one, ids).log();
      return Optional.of(
          new OwnEffect(
              touched.size(),
              all,
              swapped(one, other, at, clean, ids) - base,
              swapped(other, one, at, clean, ids) - base));
    }
  }

  private static Capture capture(LoadedModel model, Prompt prompt) {
    // Where pictures are read by cross-attention, a replay needs what is read.
    return Sweep.read(model.model()).and(Forced.capture(prompt));
  }

  private static double swapped(Run run, Run from, Positions at, Prompt prompt, int[] ids) {
    try (Run replay =
        run.replay(
            Inputs.at(run, at, number -> new Op.Patch(Values.of(Inputs.input(from, number)))),
            Forced.capture(prompt))) {
      return Forced.of(replay, ids).log();
    }
  }

  /// The patches of a view of which a pixel differs, as the tower sees it.
  private static boolean[] changed(SeenView before, SeenView after, TokenMap.Tile tile) {
    boolean[] changed = new boolean[tile.patches()];
    int width = before.seen().width();
    int height = before.seen().height();
    if (after.seen().width() != width || after.seen().height() != height) {
      java.util.Arrays.fill(changed, true);
      return changed;
    }
    byte[] one = before.seen().toBytes();
    byte[] other = after.seen().toBytes();
    for (int i = 0; i < one.length; i++) {
      if (one[i] != other[i]) {
        int pixel = i / 3;
        int line = pixel / width;
        int row = (int) ((long) line * tile.rows() / height);
        int column = (int) ((long) (pixel % width) * tile.columns() / width);
        changed[row * tile.columns() + column] = true;
      }
    }
    return changed;
  }
}
