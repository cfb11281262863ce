package dev.lynceus.method.causal;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ProcessedImage;
import dev.lynceus.image.RgbImage;
import dev.lynceus.method.Inputs;
import dev.lynceus.method.PatchViews;
import dev.lynceus.run.Run;
import dev.lynceus.tap.TokenMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/// A region of whole patches, and others that match it: as many patches, in the same shape where
/// there is room, and none of its own.
///
/// Where a model sees a picture in several views, patches are those of the widest; of the other
/// views those belong to a region whose middle lies in it.
///
/// @param run about the picture
/// @param image number of the picture
/// @param base the widest view of it
/// @param patches its patches, row by row
// Numbers for arithmetic; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
record MatchedRegions(Run run, int image, TokenMap.View base, boolean[] patches) {

  /// What is drawn to match a region.
  ///
  /// @param sets which patches each has
  /// @param how how they are like it, for a reader
  record Matched(List<boolean[]> sets, String how) {}

  /// The patches that a mask touches.
  ///
  /// @param mask bright where the region is; stretched over the whole original picture
  /// @throws LynceusException BAD_REQUEST if it marks no patch, or all of them; as [PatchViews#of]
  static MatchedRegions of(Run run, int image, RgbImage mask) {
    List<TokenMap.View> views = PatchViews.of(run, "to hide parts of");
    TokenMap.ImageGrid grid = Regions.grid(run, image);
    TokenMap.View widest = null;
    for (TokenMap.View view : views) {
      if (view.image() == image && (widest == null || area(view) > area(widest))) {
        widest = view;
      }
    }
    if (widest == null) {
      throw PatchViews.noPicture(run.model().model(), "to hide parts of");
    }
    TokenMap.Tile tile = widest.tile();
    boolean[] touched = new boolean[tile.patches()];
    int count = 0;
    for (int p = 0; p < touched.length; p++) {
      double[] box = tile.pixels(p / tile.columns(), p % tile.columns());
      touched[p] = Regions.touched(mask, grid, box[0], box[1], box[0] + box[2], box[1] + box[3]);
      count += touched[p] ? 1 : 0;
    }
    if (count == 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the region marks no patch of the picture",
          "Mark a part of what the model sees; in a mask what is meant is white, and the rest"
              + " black.");
    }
    if (count == touched.length) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the region is the whole picture: all %d patches".formatted(count),
          "Mark a part of it, so that something is left to compare with; what the whole picture"
              + " brings, `lynceus evidence` tells.");
    }
    return new MatchedRegions(run, image, widest, touched);
  }

  private static double area(TokenMap.View view) {
    return view.tile().seenWidth() * view.tile().seenHeight();
  }

  /// How many patches it has.
  int size() {
    return count(patches);
  }

  private static int count(boolean[] set) {
    int count = 0;
    for (boolean has : set) {
      count += has ? 1 : 0;
    }
    return count;
  }

  /// Numbers of the patches that it has.
  List<Integer> numbers() {
    return numbers(patches);
  }

  static List<Integer> numbers(boolean[] set) {
    return IntStream.range(0, set.length).filter(p -> set[p]).boxed().toList();
  }

  /// All patches but these.
  static boolean[] rest(boolean[] set) {
    boolean[] rest = new boolean[set.length];
    for (int p = 0; p < set.length; p++) {
      rest[p] = !set[p];
    }
    return rest;
  }

  /// All patches.
  boolean[] whole() {
    boolean[] all = new boolean[patches.length];
    Arrays.fill(all, true);
    return all;
  }

  /// The visual tokens and the pixels of some patches; tokens that stand for no pixels, such as
  /// line breaks, go with all of them alone.
  Regions.Region region(boolean[] set) {
    TokenMap seen = Inputs.seen(run);
    TokenMap.Tile wide = base.tile();
    boolean all = count(set) == set.length;
    List<Integer> positions = new ArrayList<>();
    for (TokenMap.View view : seen.views()) {
      if (view.image() != image) {
        continue;
      }
      boolean own = Arrays.equals(view.positions(), base.positions());
      TokenMap.Tile tile = view.tile();
      for (int p = 0; p < tile.patches(); p++) {
        double[] box = tile.pixels(p / tile.columns(), p % tile.columns());
        int at = own ? p : at(wide, box[0] + box[2] / 2, box[1] + box[3] / 2);
        if (set[at]) {
          positions.add(view.positions()[p]);
        }
      }
    }
    List<ProcessedImage> views = run.batch().pictures().get(image).views();
    return new Regions.Region(
        image,
        all ? seen.image(image) : positions.stream().mapToInt(Integer::intValue).sorted().toArray(),
        views.size() == 1 ? Regions.painted(set, wide, views.getFirst()) : new boolean[0]);
  }

  /// The patch of a tile that a pixel lies in, or is nearest to.
  private static int at(TokenMap.Tile tile, double x, double y) {
    int column = (int) Math.floor((x - tile.left()) / tile.seenWidth() * tile.columns());
    int row = (int) Math.floor((y - tile.top()) / tile.seenHeight() * tile.rows());
    return Math.clamp(row, 0, tile.rows() - 1) * tile.columns()
        + Math.clamp(column, 0, tile.columns() - 1);
  }

  /// Regions that match this one, none twice.
  ///
  /// @param most how many, where there are so many
  Matched matched(int most, long seed) {
    Random random = new Random(seed);
    List<boolean[]> sets = new ArrayList<>(moved(random, most));
    int moved = sets.size();
    sets.addAll(scattered(random, most - moved));
    boolean half = 2 * size() <= patches.length;
    String where = half ? "scattered over the rest of the picture" : "scattered over the picture";
    return new Matched(
        sets,
        moved == sets.size()
            ? "in the same shape, moved"
            : moved == 0
                ? where + (half ? "" : ": the region is more than half of it")
                : "%d in the same shape, moved, %d %s"
                    .formatted(moved, sets.size() - moved, where));
  }

  /// The same shape elsewhere: first within the edges, then where there is too little room across
  /// them, so that it goes on at the other side.
  private List<boolean[]> moved(Random random, int most) {
    TokenMap.Tile tile = base.tile();
    List<int[]> within = new ArrayList<>();
    List<int[]> across = new ArrayList<>();
    int[] own = IntStream.range(0, patches.length).filter(p -> patches[p]).toArray();
    int top = IntStream.of(own).map(p -> p / tile.columns()).min().orElse(0);
    int bottom = IntStream.of(own).map(p -> p / tile.columns()).max().orElse(0);
    int left = IntStream.of(own).map(p -> p % tile.columns()).min().orElse(0);
    int right = IntStream.of(own).map(p -> p % tile.columns()).max().orElse(0);
    for (int down = -top; down < tile.rows() - top; down++) {
      for (int along = -left; along < tile.columns() - left; along++) {
        boolean fits = bottom + down < tile.rows() && right + along < tile.columns();
        (fits ? within : across).add(new int[] {down, along});
      }
    }
    Collections.shuffle(within, random);
    Collections.shuffle(across, random);
    within.addAll(across);
    Set<List<Integer>> known = new LinkedHashSet<>();
    List<boolean[]> sets = new ArrayList<>();
    for (int[] shift : within) {
      boolean[] set = new boolean[patches.length];
      for (int p : own) {
        int row = Math.floorMod(p / tile.columns() + shift[0], tile.rows());
        set[row * tile.columns() + Math.floorMod(p % tile.columns() + shift[1], tile.columns())] =
            true;
      }
      if (sets.size() < most
          && IntStream.of(own).noneMatch(p -> set[p])
          && known.add(numbers(set))) {
        sets.add(set);
      }
    }
    return sets;
  }

  /// Any patches, as many: none of its own where that can be.
  private List<boolean[]> scattered(Random random, int most) {
    int size = size();
    boolean apart = 2 * size <= patches.length;
    List<Integer> from =
        new ArrayList<>(
            IntStream.range(0, patches.length).filter(p -> !apart || !patches[p]).boxed().toList());
    Set<List<Integer>> known = new LinkedHashSet<>(List.of(numbers()));
    List<boolean[]> sets = new ArrayList<>();
    // A picture of few patches has few such sets.
    for (int i = 0; i < 20 * most && sets.size() < most; i++) {
      Collections.shuffle(from, random);
      boolean[] set = new boolean[patches.length];
      from.subList(0, size).forEach(p -> set[p] = true);
      if (known.add(numbers(set))) {
        sets.add(set);
      }
    }
    return sets;
  }
}
