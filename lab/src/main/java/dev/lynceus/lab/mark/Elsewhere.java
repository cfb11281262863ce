package dev.lynceus.lab.mark;

import dev.lynceus.lab.picture.AttentionMask;
import dev.lynceus.lab.picture.Chain;
import dev.lynceus.lab.picture.Operation;
import dev.lynceus.lab.picture.Placement;
import dev.lynceus.lab.picture.Region;
import dev.lynceus.lab.picture.Scaffold;
import dev.lynceus.lab.picture.SetOfMark;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The same change of a picture elsewhere in it: what a change at any place does, beside what it
/// does at its own. Regions are those of [Controls]; operations about one region keep one.
public final class Elsewhere {
  private Elsewhere() {}

  /// The same operations with their regions elsewhere.
  ///
  /// @param width of the picture
  /// @param height of it
  /// @param most how many at most
  /// @return fewer where fewer places have room; none where no operation is about a region
  public static List<Chain> of(Chain chain, int width, int height, int most, long seed) {
    Map<Region, List<Region>> places = new HashMap<>();
    int room = chain.operations().stream().allMatch(one -> region(one).isEmpty()) ? 0 : most;
    Placement now = Placement.whole(width, height);
    for (Operation operation : chain.operations()) {
      Placement size = now;
      Optional<Region> region = region(operation);
      if (region.isPresent()) {
        List<Region> other =
            places.computeIfAbsent(
                region.get(), own -> Controls.of(own, size.width(), size.height(), most, seed));
        room = Math.min(room, other.size());
      }
      now = now.then(operation.place(size.width(), size.height()));
    }
    List<Chain> chains = new ArrayList<>();
    for (int i = 0; i < room; i++) {
      int number = i;
      chains.add(
          new Chain(
              chain.operations().stream()
                  .map(operation ->
                      region(operation)
                          .map(
                              own -> at(operation, places.getOrDefault(own, List.of()).get(number)))
                          .orElse(operation))
                  .toList()));
    }
    return chains;
  }

  /// The one region that an operation is about.
  private static Optional<Region> region(Operation operation) {
    return switch (operation) {
      case Operation.Crop crop -> Optional.of(crop.box());
      case Operation.Outline outline -> Optional.of(outline.region());
      case Operation.Fill fill -> Optional.of(fill.region());
      case Operation.BlurInside blur -> Optional.of(blur.region());
      case Operation.BlurOutside blur -> Optional.of(blur.region());
      case Operation.GreyOutside grey -> Optional.of(grey.region());
      case Operation.DimOutside dim -> Optional.of(dim.region());
      case Operation.Resize _,
          Operation.Pad _,
          Operation.Grid _,
          Operation.Label _,
          Operation.Blur _,
          Operation.Convert _,
          Operation.Threshold _,
          SetOfMark _,
          Scaffold _,
          AttentionMask _ ->
          Optional.empty();
    };
  }

  private static Operation at(Operation operation, Region region) {
    return switch (operation) {
      case Operation.Crop crop -> new Operation.Crop((Region.Box) region, crop.margin());
      case Operation.Outline o ->
          new Operation.Outline(
              o.shape(), region, o.colour(), o.stroke(), o.alpha(), o.grow(), o.side(), o.seed());
      case Operation.Fill fill -> new Operation.Fill(region, fill.colour(), fill.alpha());
      case Operation.BlurInside blur -> new Operation.BlurInside(region, blur.sigma());
      case Operation.BlurOutside blur -> new Operation.BlurOutside(region, blur.sigma());
      case Operation.GreyOutside _ -> new Operation.GreyOutside(region);
      case Operation.DimOutside dim -> new Operation.DimOutside(region, dim.factor());
      case Operation.Resize _,
          Operation.Pad _,
          Operation.Grid _,
          Operation.Label _,
          Operation.Blur _,
          Operation.Convert _,
          Operation.Threshold _,
          SetOfMark _,
          Scaffold _,
          AttentionMask _ ->
          operation;
    };
  }
}
