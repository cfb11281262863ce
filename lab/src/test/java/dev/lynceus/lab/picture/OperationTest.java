package dev.lynceus.lab.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ResampleFilter;
import dev.lynceus.image.RgbImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Pictures changed: what changes, and what does not.
class OperationTest {
  private static final Region BOX = new Region.Box(12, 8, 30, 28);
  private static final Region NOTHING = new Region.Box(5, 5, 5, 5);
  private static final RgbImage IMAGE = GeometryTest.picture(48, 40);

  /// One of each kind, with a region and an alpha.
  static List<Operation> all(Region region, double alpha) {
    List<Operation> all = new ArrayList<>();
    for (Operation.Shape shape : Operation.Shape.values()) {
      all.add(new Operation.Outline(shape, region, Rgb.RED, 2, alpha, .1, Side.CENTRE, 3));
    }
    all.add(new Operation.Fill(region, Rgb.parse("#102030"), alpha));
    all.add(
        new SetOfMark(
            List.of(region),
            alpha == 0 ? Set.of(SetOfMark.Layer.MASK) : Set.of(SetOfMark.Layer.values()),
            SetOfMark.Names.NUMBERS,
            SetOfMark.Room.OWN,
            alpha,
            0,
            Side.CENTRE));
    all.add(new Operation.Grid(2, 3, 1, Rgb.RED, alpha));
    all.add(new Operation.Label("a1", 4, 4, 9, Rgb.RED, alpha));
    return all;
  }

  static List<Operation> outside(Region region) {
    return List.of(
        new Operation.BlurOutside(region, 2),
        new Operation.GreyOutside(region),
        new Operation.DimOutside(region, .3));
  }

  static List<Operation> whole() {
    double[] map = new double[12];
    map[5] = 1;
    return List.of(
        new Operation.Crop((Region.Box) BOX, .2),
        new Operation.Resize(20, 30, ResampleFilter.LANCZOS),
        new Operation.Pad(1, 2, 3, 4, Rgb.WHITE),
        new Operation.Blur(1.5),
        new Operation.Convert(Colours.Space.LAB),
        new Operation.Threshold(100),
        Scaffold.of(),
        AttentionMask.of(3, 4, map, new Region.Box(0, -4, 48, 44)),
        new Operation.Fill(new Region.Polygon(List.of(0.0, 0.0, 8.0, 0.0, 0.0, 8.0)), Rgb.BLACK, 1),
        new Operation.Fill(Region.Painted.of(BOX.mask(48, 40)), Rgb.BLACK, 1),
        new Operation.Fill(new Region.Patches(2, 2, 0, 0, 48, 40, List.of(3)), Rgb.BLACK, .5));
  }

  static List<Operation> every() {
    List<Operation> all = all(BOX, .7);
    all.addAll(outside(BOX));
    all.addAll(whole());
    return all;
  }

  @ParameterizedTest
  @MethodSource("every")
  void everyOperationChangesAndIsTheSameAgain(Operation operation) {
    RgbImage changed = operation.apply(IMAGE);
    assertThat(changed).isNotEqualTo(IMAGE).isEqualTo(operation.apply(IMAGE));
    Placement place = operation.place(48, 40);
    assertThat(List.of(place.width(), place.height()))
        .containsExactly(changed.width(), changed.height());
  }

  @ParameterizedTest
  @MethodSource("every")
  void everyOperationSurvivesJson(Operation operation) {
    Chain chain = Chain.of(operation, new Operation.Blur(1));
    Chain back = Chain.parse(chain.json());
    assertThat(back).isEqualTo(chain);
    assertThat(back.apply(IMAGE)).isEqualTo(chain.apply(IMAGE));
  }

  @Test
  void anAlphaOfZeroAndARegionOfNothingChangeNothing() {
    all(BOX, 0).forEach(one -> assertThat(one.apply(IMAGE)).as(one + "").isEqualTo(IMAGE));
    all(NOTHING, 1).stream()
        .limit(9)
        .forEach(one -> assertThat(one.apply(IMAGE)).as(one + "").isEqualTo(IMAGE));
    outside(NOTHING).forEach(one -> assertThat(one.apply(IMAGE)).isEqualTo(IMAGE));
    outside(new Region.Box(0, 0, 48, 40))
        .forEach(one -> assertThat(one.apply(IMAGE)).isEqualTo(IMAGE));
    assertThat(Chain.NONE.apply(IMAGE)).isEqualTo(IMAGE);
    assertThat(new Operation.Blur(0).apply(IMAGE)).isEqualTo(IMAGE);
  }

  @Test
  void aFlatMapMasksNothing() {
    double[] map = new double[12];
    Arrays.fill(map, .3);
    AttentionMask flat = AttentionMask.of(3, 4, map, new Region.Box(0, 0, 48, 40));
    assertThat(flat.flat()).isTrue();
    assertThat(flat.patches()).containsOnly(1.0);
    assertThat(flat.apply(IMAGE)).isEqualTo(IMAGE);
  }

  /// Computed once by NumPy: min-max, (x - mean) / std(ddof=1) * 5, logistic, 3 x 3 mean with edges
  /// carried on.
  @Test
  void theMaskOfAMapIsThatOfTheFormula() {
    double[] map = {.1, .2, .9, .4, .3, .0, .5, .8, .05};
    double[] mask = AttentionMask.of(3, 3, map, new Region.Box(0, 0, 9, 9)).patches();
    assertThat(mask).containsExactly(MASK, within(1e-12));
  }

  private static final double[] MASK = {
    0.19907315306755585,
    0.34602319046522684,
    0.4929732278628978,
    0.4970623027110539,
    0.43610105900225526,
    0.3751398152934566,
    0.7950514523545519,
    0.5261789275392837,
    0.2573064027240154
  };

  @Test
  void aBoxIsAroundTheRegionAndInsideThePicture() {
    RgbImage black = RgbImage.of(40, 40, new byte[3 * 40 * 40]);
    Mask box =
        Mask.above(outline(Operation.Shape.BOX, new Region.Box(10, 12, 20, 22)).apply(black), 1);
    assertThat(box.bounds().orElseThrow()).isEqualTo(new Region.Box(8, 10, 22, 24));
    assertThat(box.area()).isEqualTo(14 * 14 - 10 * 10);
    Mask edge =
        Mask.above(outline(Operation.Shape.BOX, new Region.Box(0, 0, 40, 40)).apply(black), 1);
    assertThat(edge.area()).isEqualTo(40 * 40 - 36 * 36);
  }

  private static Operation.Outline outline(Operation.Shape shape, Region region) {
    return new Operation.Outline(shape, region, Rgb.WHITE, 2, 1, 0, Side.CENTRE, 0);
  }

  @Test
  void contoursStayOutsideOfTheirRegion() {
    RgbImage black = RgbImage.of(40, 40, new byte[3 * 40 * 40]);
    Region region = new Region.Polygon(List.of(10.0, 10.0, 30.0, 12.0, 20.0, 34.0));
    Mask line = Mask.above(outline(Operation.Shape.CONTOUR, region).apply(black), 1);
    assertThat(line.meets(region.mask(40, 40))).isFalse();
    assertThat(line.area()).isBetween(80, 200);
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void arrowsEndAtTheRegion(Side side) {
    RgbImage black = RgbImage.of(80, 80, new byte[3 * 80 * 80]);
    Region region = new Region.Box(30, 30, 50, 50);
    Operation.Outline arrow =
        new Operation.Outline(Operation.Shape.ARROW, region, Rgb.WHITE, 2, 1, 0, side, 0);
    Mask drawn = Mask.above(arrow.apply(black), 1);
    assertThat(drawn.meets(region.mask(80, 80))).isFalse();
    assertThat(drawn.meets(new Region.Box(28, 28, 52, 52).mask(80, 80))).isTrue();
  }

  @Test
  void greyIsPillowsAndHueGoesRound() {
    RgbImage pixel = RgbImage.of(1, 1, new byte[] {(byte) 200, 100, 50});
    // (200 * 19595 + 100 * 38470 + 50 * 7471 + 32768) >> 16
    assertThat(Colours.to(pixel, Colours.Space.GREY).sample(0, 0, 0)).isEqualTo(124);
    RgbImage blue = RgbImage.of(1, 1, new byte[] {0, 0, (byte) 255});
    assertThat(Colours.to(blue, Colours.Space.HSV).toBytes())
        .containsExactly((byte) 170, (byte) 255, (byte) 255);
    RgbImage white = RgbImage.of(1, 1, new byte[] {-1, -1, -1});
    assertThat(Colours.to(white, Colours.Space.LAB).toBytes())
        .containsExactly((byte) 255, (byte) 128, (byte) 128);
  }

  @Test
  void aBlurKeepsTheMeanOfAFlatPictureAndSpreadsADot() {
    byte[] samples = new byte[3 * 21 * 21];
    Arrays.fill(samples, (byte) 77);
    RgbImage flat = RgbImage.of(21, 21, samples);
    assertThat(new Operation.Blur(3).apply(flat)).isEqualTo(flat);
    byte[] dot = new byte[3 * 21 * 21];
    dot[(10 * 21 + 10) * 3] = (byte) 255;
    RgbImage spread = new Operation.Blur(1).apply(RgbImage.of(21, 21, dot));
    assertThat(spread.sample(10, 10, 0)).isEqualTo(41);
    assertThat(spread.sample(11, 10, 0)).isEqualTo(spread.sample(10, 9, 0)).isEqualTo(25);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[{}]",
        "[{\"op\":\"melt\"}]",
        "[{\"op\":\"blur\"}]",
        "[{\"op\":\"blur\",\"sigma\":1,\"more\":2}]",
        "[{\"op\":\"blur\",\"sigma\":\"much\"}]",
        "[{\"op\":\"threshold\",\"level\":1}] ]",
        "[{\"op\":\"pad\",\"left\":-1,\"top\":0,\"right\":0,\"bottom\":0,\"colour\":\"red\"}]",
        "[{\"op\":\"pad\",\"left\":1,\"top\":0,\"right\":0,\"bottom\":0,\"colour\":\"reddish\"}]",
        "[{\"op\":\"fill\",\"region\":{\"region\":\"box\",\"x0\":4,\"y0\":0,\"x1\":1,\"y1\":1},\"colour\":\"red\",\"alpha\":1}]",
        "[{\"op\":\"fill\",\"region\":{\"region\":\"mask\",\"width\":2,\"height\":2,\"runs\":[5]},\"colour\":\"red\",\"alpha\":1}]",
        "[null]",
        "null",
        "nonsense"
      })
  void whatIsNoChainIsRefused(String json) {
    assertThatThrownBy(() -> Chain.parse(json))
        .isInstanceOfSatisfying(
            LynceusException.class,
            wrong -> assertThat(wrong.code()).isEqualTo(ErrorCode.BAD_REQUEST));
  }
}
