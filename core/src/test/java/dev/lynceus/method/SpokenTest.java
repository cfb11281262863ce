package dev.lynceus.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SpokenTest {
  @Test
  void nothingIsMinusZero() {
    assertThat(Spoken.signed(-.0001)).isEqualTo("0.000");
    assertThat(Spoken.signed(.0001)).isEqualTo("0.000");
    assertThat(Spoken.signed(-.001)).isEqualTo("-0.001");
    assertThat(Spoken.number(-.0004)).isEqualTo("0.000");
    assertThat(Spoken.nats(-.001)).isEqualTo("0.00 nats");
    assertThat(Spoken.nats(-10.0)).isEqualTo("-10.00 nats");
    assertThat(Spoken.number(Double.NaN)).isEqualTo("–");
    assertThat(Spoken.signed(Double.POSITIVE_INFINITY)).isEqualTo("–");
  }

  @Test
  void aPatchHasOneName() {
    assertThat(Spoken.label("image[0].row[3].col[7]")).isEqualTo("row 3, column 7");
    assertThat(Spoken.label("image[1].row[3].col[7]")).isEqualTo("picture 2, row 3, column 7");
    assertThat(Spoken.label("image[0].tile[2].row[3].col[7]")).isEqualTo("tile 2, row 3, column 7");
    assertThat(Spoken.label("image[0].row[3].break")).isEqualTo("line break after row 3");
    assertThat(Spoken.label("template[13]")).isEqualTo("template[13]");
    assertThat(Spoken.patch(31, 8)).isEqualTo("row 3, column 7");
  }

  @Test
  void cellsOfGridsAreNamed() {
    assertThat(Spoken.cell("layer", "1", "head", "2")).isEqualTo("head 1.2");
    assertThat(Spoken.cell("after layer", "1", "position", "image[0].row[3].col[7]"))
        .isEqualTo("after layer 1, row 3, column 7");
    assertThat(Spoken.cell("after layer", Spoken.EMBEDDING, "position", "template[1]"))
        .isEqualTo("embedding, position template[1]");
    assertThat(Spoken.cell("layer", "1", "part", "attention")).isEqualTo("attention of layer 1");
    assertThat(Spoken.cell("layer", "1", "part", "layer")).isEqualTo("layer 1");
    assertThat(Spoken.cell("row", "3", "column", "7")).isEqualTo("row 3, column 7");
    assertThat(Spoken.cell("", "", "piece", "4")).isEqualTo("piece 4");
    assertThat(Spoken.depth(0)).isEqualTo("embedding");
    assertThat(Spoken.depth(3)).isEqualTo("after layer 2");
  }

  @Test
  void eachTermIsSaidAndMeant() {
    assertThat(Arrays.stream(Term.values()).map(Term::text)).doesNotHaveDuplicates();
    assertThat(Term.values()).allMatch(term -> term.meaning().endsWith("."));
  }
}
