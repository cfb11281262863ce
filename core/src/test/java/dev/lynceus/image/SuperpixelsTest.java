package dev.lynceus.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Superpixels cover a picture, hang together, and stop where colours change.
class SuperpixelsTest {
  private static final int WIDTH = 60;
  private static final int HEIGHT = 40;

  /// Red to the left of a slanted border, green to the right.
  private static RgbImage picture() {
    byte[] samples = new byte[WIDTH * HEIGHT * 3];
    for (int at = 0; at < WIDTH * HEIGHT; at++) {
      samples[3 * at + (left(at) ? 0 : 1)] = (byte) 200;
    }
    return RgbImage.of(WIDTH, HEIGHT, samples);
  }

  private static boolean left(int at) {
    return at % WIDTH < 22 + at / WIDTH / 4;
  }

  @Test
  void piecesStopAtBorders() {
    Superpixels pieces = Superpixels.of(picture(), 24);
    assertThat(pieces.count()).isBetween(12, 36);
    Set<Integer> red = new HashSet<>();
    Set<Integer> green = new HashSet<>();
    for (int at = 0; at < WIDTH * HEIGHT; at++) {
      assertThat(pieces.labels()[at]).isBetween(0, pieces.count() - 1);
      (left(at) ? red : green).add(pieces.labels()[at]);
    }
    assertThat(red).doesNotContainAnyElementsOf(green);
    assertThat(red.size() + green.size()).as("none is empty").isEqualTo(pieces.count());
    assertThat(Superpixels.of(picture(), 24).labels()).isEqualTo(pieces.labels());
  }

  @Test
  void piecesHangTogether() {
    Superpixels pieces = Superpixels.of(picture(), 15);
    boolean[] met = new boolean[WIDTH * HEIGHT];
    int components = 0;
    for (int start = 0; start < met.length; start++) {
      if (!met[start]) {
        components++;
        fill(pieces.labels(), met, start);
      }
    }
    assertThat(components).isEqualTo(pieces.count());
  }

  private static void fill(int[] labels, boolean[] met, int start) {
    java.util.ArrayDeque<Integer> open = new java.util.ArrayDeque<>();
    open.add(start);
    met[start] = true;
    while (!open.isEmpty()) {
      int at = open.remove();
      int x = at % WIDTH;
      for (int next :
          new int[] {x > 0 ? at - 1 : at, x < WIDTH - 1 ? at + 1 : at, at - WIDTH, at + WIDTH}) {
        if (next >= 0 && next < met.length && !met[next] && labels[next] == labels[start]) {
          met[next] = true;
          open.add(next);
        }
      }
    }
  }

  @Test
  void onePieceIsTheWholePicture() {
    assertThat(Superpixels.of(RgbImage.of(3, 3, new byte[27]), 1).count()).isEqualTo(1);
  }
}
