package dev.lynceus.lab.procedure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.data.LabelledRegion;
import dev.lynceus.lab.data.Origin;
import dev.lynceus.lab.picture.Region;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Boxes of controls have the size of the region, lie in the picture, and where they are to be
/// elsewhere share no pixel with it.
class BoxesTest {
  private static final RgbImage IMAGE = RgbImage.of(40, 30, new byte[40 * 30 * 3]);

  private static Example example(double... edges) {
    return new Example(
        "e",
        new Origin(Path.of("d"), 1),
        List.of(),
        "",
        "q",
        List.of(),
        List.of(),
        "",
        edges.length == 0
            ? List.of()
            : List.of(LabelledRegion.box(0, "", edges[0], edges[1], edges[2], edges[3])),
        new LinkedHashMap<>());
  }

  @Test
  void elsewhereSharesNoPixel() {
    Example example = example(10, 8, 22, 20);
    Region.Box own = Boxes.TRUTH.of(example, IMAGE, 1).orElseThrow();
    for (long seed = 0; seed < 50; seed++) {
      Region.Box other = Boxes.ELSEWHERE.of(example, IMAGE, seed).orElseThrow();
      assertThat(other.x1() - other.x0()).isEqualTo(12);
      assertThat(other.y1() - other.y0()).isEqualTo(12);
      assertThat(other.mask(40, 30).meets(own.mask(40, 30))).isFalse();
      Region.Box any = Boxes.RANDOM.of(example, IMAGE, seed).orElseThrow();
      assertThat(any.x0()).isBetween(0.0, 28.0);
      assertThat(any.y1() - any.y0()).isCloseTo(12, within(1e-9));
    }
    assertThat(Boxes.ELSEWHERE.of(example(10, 8, 22, 20), IMAGE, 3))
        .isEqualTo(Boxes.ELSEWHERE.of(example, IMAGE, 3));
    assertThat(Boxes.MAP.of(example, IMAGE, 3)).isEmpty();
  }

  @Test
  void whatHasNoPlaceIsRefused() {
    assertThatThrownBy(() -> Boxes.TRUTH.of(example(), IMAGE, 1))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("has no region");
    assertThatThrownBy(() -> Boxes.ELSEWHERE.of(example(0, 0, 39, 29), IMAGE, 1))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("no room beside its region");
  }

  @Test
  void marksAreDrawnOrRefused() {
    assertThatThrownBy(() -> Procedures.named("mark", Map.of("operator", "crg")))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("operator=crg marks no region");
    assertThat(Procedures.named("mark", Map.of()).settings()).containsEntry("boxes", "truth");
  }
}
