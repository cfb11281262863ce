package dev.lynceus.lab.procedure;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.data.LabelledRegion;
import dev.lynceus.lab.mark.Controls;
import dev.lynceus.lab.picture.Region;
import java.util.Optional;
import java.util.SplittableRandom;

/// Which part of a picture a strategy is about.
enum Boxes {
  /// Where a map of the direct answer is strongest.
  MAP,
  /// The first region of the example.
  TRUTH,
  /// A box of the size of that region, anywhere.
  RANDOM,
  /// A box of the size of that region, anywhere but on it: no pixel is shared.
  ELSEWHERE;

  /// The box; empty where a map says which.
  ///
  /// @param seed of what is left to chance
  /// @throws LynceusException BAD_REQUEST for an example without a region, or one whose picture has
  ///   no room beside it
  Optional<Region.Box> of(Example example, RgbImage image, long seed) {
    if (this == MAP) {
      return Optional.empty();
    }
    LabelledRegion region =
        example.regions().stream()
            .findFirst()
            .orElseThrow(() ->
                new LynceusException(
                    ErrorCode.BAD_REQUEST,
                    example.origin() + " has no region",
                    "Use boxes=map, or a data set with regions."));
    Region.Box own = new Region.Box(region.x0(), region.y0(), region.x1(), region.y1());
    long draw = seed * 31 + example.id().hashCode();
    return Optional.of(
        switch (this) {
          case TRUTH, MAP -> own;
          case RANDOM -> anywhere(own, image, draw);
          case ELSEWHERE ->
              Controls.of(own, image.width(), image.height(), 1, draw).stream()
                  .flatMap(other -> other.mask(image.width(), image.height()).bounds().stream())
                  .findFirst()
                  .orElseThrow(() ->
                      new LynceusException(
                          ErrorCode.BAD_REQUEST,
                          example.origin() + " has no room beside its region",
                          "Use boxes=random, or another row."));
        });
  }

  private static Region.Box anywhere(Region.Box own, RgbImage image, long draw) {
    double wide = own.x1() - own.x0();
    double high = own.y1() - own.y0();
    SplittableRandom random = new SplittableRandom(draw);
    double x = random.nextDouble() * (image.width() - wide);
    double y = random.nextDouble() * (image.height() - high);
    return new Region.Box(x, y, x + wide, y + high);
  }
}
