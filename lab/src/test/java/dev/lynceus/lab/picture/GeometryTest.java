package dev.lynceus.lab.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where things lie.
class GeometryTest {

  private static Mask disc(int size, double x, double y, double radius) {
    return Mask.where(
        size, size, (px, py) -> (px - x) * (px - x) + (py - y) * (py - y) <= radius * radius);
  }

  @Test
  void theMarkOfADiscIsItsCentre() {
    for (double radius : new double[] {3, 7.5, 20}) {
      SetOfMark marks = SetOfMark.of(List.of(Region.Painted.of(disc(64, 30, 25, radius))));
      SetOfMark.Placed mark = marks.placed(64, 64).getFirst();
      assertThat(Math.abs(mark.x() - 30)).isLessThanOrEqualTo(1);
      assertThat(Math.abs(mark.y() - 25)).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void theMarkOfARingIsOnIt() {
    Mask ring = disc(64, 32, 32, 25).and(disc(64, 32, 32, 12).not());
    SetOfMark.Placed mark =
        SetOfMark.of(List.of(Region.Painted.of(ring))).placed(64, 64).getFirst();
    assertThat(ring.has(mark.x(), mark.y())).isTrue();
    assertThat(Math.hypot(mark.x() - 32, mark.y() - 32)).isBetween(16.0, 21.0);
  }

  @Test
  void aMaskAtTheEdgeIsNotMarkedThere() {
    Region corner = new Region.Box(0, 0, 21, 21);
    SetOfMark.Placed mark = SetOfMark.of(List.of(corner)).placed(64, 64).getFirst();
    assertThat(List.of(mark.x(), mark.y())).containsExactly(10, 10);
    Region all = new Region.Box(0, 0, 64, 64);
    SetOfMark.Placed whole = SetOfMark.of(List.of(all)).placed(64, 64).getFirst();
    assertThat(List.of(whole.x(), whole.y())).allMatch(at -> at == 31 || at == 32);
  }

  @Test
  void marksAreNumberedByAreaAndMayGiveWay() {
    Region small = new Region.Box(28, 28, 36, 36);
    Region large = new Region.Box(12, 12, 52, 52);
    SetOfMark own = SetOfMark.of(List.of(small, large));
    List<SetOfMark.Placed> placed = own.placed(64, 64);
    assertThat(placed).extracting(SetOfMark.Placed::region).containsExactly(1, 0);
    assertThat(placed).extracting(SetOfMark.Placed::name).containsExactly("1", "2");
    assertThat(small.mask(64, 64).has(placed.getFirst().x(), placed.getFirst().y())).isTrue();
    SetOfMark shared =
        new SetOfMark(
            own.regions(),
            own.layers(),
            SetOfMark.Names.LETTERS,
            SetOfMark.Room.SHARED,
            .1,
            0,
            Side.CENTRE);
    SetOfMark.Placed away = shared.placed(64, 64).getFirst();
    assertThat(away.name()).isEqualTo("a");
    assertThat(small.mask(64, 64).has(away.x(), away.y())).isFalse();
    assertThat(large.mask(64, 64).has(away.x(), away.y())).isTrue();
  }

  @Test
  void lettersGoOnAfterZ() {
    SetOfMark many =
        new SetOfMark(
            Segments.grid(60, 60, 6, 6),
            java.util.Set.of(SetOfMark.Layer.MARK),
            SetOfMark.Names.LETTERS,
            SetOfMark.Room.OWN,
            0,
            0,
            Side.CENTRE);
    List<SetOfMark.Placed> placed = many.placed(60, 60);
    assertThat(placed.get(25).name()).isEqualTo("z");
    assertThat(placed.get(26).name()).isEqualTo("aa");
    assertThat(placed.get(27).name()).isEqualTo("ab");
  }

  @Test
  void distancesAreThoseOfAllPairs() {
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 20; round++) {
      int width = random.nextInt(1, 14);
      int height = random.nextInt(1, 14);
      double dense = random.nextDouble();
      boolean[] inside = new boolean[width * height];
      for (int i = 0; i < inside.length; i++) {
        inside[i] = random.nextDouble() < dense;
      }
      Mask mask = Mask.of(width, height, inside);
      Distances found = Distances.of(mask);
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          long least = Long.MAX_VALUE;
          for (int v = -1; v <= height; v++) {
            for (int u = -1; u <= width; u++) {
              if (!mask.has(u, v)) {
                least = Math.min(least, (long) (u - x) * (u - x) + (long) (v - y) * (v - y));
              }
            }
          }
          assertThat(found.at(x, y)).as(mask + " at %d, %d", x, y).isEqualTo(least);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {112, 336, 1000})
  void aScaffoldHasItsDotsWhereItSays(int size) {
    Scaffold dots = new Scaffold(6, 4, 2, -1);
    int half = size / 2;
    List<Scaffold.Dot> all = dots.dots(size, half);
    assertThat(all).hasSize(24);
    assertThat(all.get(5).row()).isEqualTo(2);
    assertThat(all.get(5).column()).isEqualTo(2);
    assertThat(all.get(5).x()).isCloseTo(2.0 * size / 5, within(1e-9));
    assertThat(all.get(5).y()).isCloseTo(2.0 * half / 7, within(1e-9));
    // On black they are white, and they are all that is there.
    RgbImage black =
        new Operation.Fill(new Region.Box(0, 0, size, size), Rgb.BLACK, 1)
            .apply(RgbImage.of(size, half, new byte[3 * size * half]));
    List<Mask> found =
        Components.of(Mask.above(dots.apply(black), 1), Components.Neighbours.EIGHT, 1);
    assertThat(found).hasSize(24);
    assertThat(found)
        .allSatisfy(dot -> {
          Region.Box box = dot.bounds().orElseThrow();
          double x = (box.x0() + box.x1()) / 2;
          double y = (box.y0() + box.y1()) / 2;
          assertThat(all)
              .anyMatch(own -> Math.abs(own.x() - x) <= .5 && Math.abs(own.y() - y) <= .5);
        });
  }

  @Test
  void aCropOfACropIsOneCrop() {
    RgbImage image = picture(97, 83);
    Chain both =
        Chain.of(
            new Operation.Crop(new Region.Box(20, 10, 80, 70), 0),
            new Operation.Crop(new Region.Box(5, 15, 40, 55), 0));
    Region.Box composed = both.place(97, 83).shown();
    assertThat(composed).isEqualTo(new Region.Box(25, 25, 60, 65));
    assertThat(both.apply(image))
        .isEqualTo(new Operation.Crop(composed, 0).apply(image))
        .isEqualTo(image.cropped(25, 25, 35, 40));
    Chain scaled =
        Chain.of(
            new Operation.Crop(new Region.Box(20, 10, 80, 70), 0),
            new Operation.Resize(120, 120, dev.lynceus.image.ResampleFilter.BICUBIC),
            new Operation.Crop(new Region.Box(10, 30, 80, 110), 0),
            new Operation.Pad(6, 4, 0, 0, Rgb.BLACK));
    assertThat(scaled.place(97, 83).shown()).isEqualTo(new Region.Box(22, 23, 60, 65));
    assertThat(scaled.apply(image).width()).isEqualTo(scaled.place(97, 83).width());
  }

  @Test
  void aMarginGrowsACropAndThePictureEndsIt() {
    Operation.Crop crop = new Operation.Crop(new Region.Box(10, 10, 20, 20), .2);
    assertThat(crop.place(40, 40).shown()).isEqualTo(new Region.Box(9, 9, 21, 21));
    assertThat(new Operation.Crop(new Region.Box(-50, 30, 8, 90), .2).place(40, 40).shown())
        .isEqualTo(new Region.Box(0, 24, 14, 40));
    assertThatThrownBy(() -> new Operation.Crop(new Region.Box(50, 50, 60, 60), 0).place(40, 40))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("has nothing of a picture");
  }

  @Test
  void piecesHangTogetherOverEdgesOrCorners() {
    Mask steps = Mask.where(6, 6, (x, y) -> x == y && x < 4 || x == 5 && y < 2);
    assertThat(Components.of(steps, Components.Neighbours.EIGHT, 1)).hasSize(2);
    assertThat(Components.of(steps, Components.Neighbours.FOUR, 1)).hasSize(5);
    assertThat(Components.of(steps, Components.Neighbours.EIGHT, 3)).hasSize(1);
  }

  @Test
  void regionsHoldThePixelsWhoseCentresTheyHave() {
    assertThat(new Region.Box(1.5, 0, 3.4, 2).mask(6, 4).area()).isEqualTo(4);
    Region.Polygon half = new Region.Polygon(List.of(0.0, 0.0, 8.0, 0.0, 0.0, 8.0));
    assertThat(half.mask(8, 8).area()).isEqualTo(28);
    Region.Patches patches = new Region.Patches(2, 4, -4, 0, 16, 8, List.of(0, 1, 7));
    Mask mask = patches.mask(8, 8);
    // The grid begins beyond the left edge, as where a model pads.
    assertThat(mask.area()).isEqualTo(16);
    assertThat(mask.has(0, 0)).isTrue();
    assertThat(mask.has(4, 0)).isFalse();
    assertThat(Mask.ofRuns(8, 8, mask.runs())).isEqualTo(mask);
    assertThat(mask.share(3, 0, 2, 4)).isCloseTo(.5, within(1e-12));
  }

  @Test
  void segmentsCoverThePictureOnce() {
    RgbImage image = picture(40, 30);
    for (List<Region> pieces :
        List.of(Segments.grid(40, 30, 3, 7), Segments.superpixels(image, 9))) {
      assertThat(pieces.stream().mapToInt(piece -> piece.mask(40, 30).area()).sum())
          .isEqualTo(40 * 30);
    }
  }

  static RgbImage picture(int width, int height) {
    byte[] samples = new byte[3 * width * height];
    new SplittableRandom(width * 1000L + height).nextBytes(samples);
    return RgbImage.of(width, height, samples);
  }
}
