package dev.lynceus.pupil.world;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.imageio.ImageIO;

/// Draws what is behind the things, in a colour that is far from theirs.
record Ground(RandomGenerator random) {
  /// Photographs in the public domain or under CC0; NOTICE names them.
  private static final List<int[][]> PHOTOS =
      List.of(photo("chelsea"), photo("coffee"), photo("astronaut"), photo("rocket"));

  /// Least distance between the ground's colour and any thing's, in the cube of 8-bit channels.
  private static final double CONTRAST = 110;

  private static final int ATTEMPTS = 200;

  /// Bytes of the ground, red, green and blue of each pixel.
  ///
  /// @param things colours of the things, `0xRRGGBB`
  byte[] draw(Background kind, List<Integer> things) {
    int[] base = colour(things);
    byte[] samples = new byte[3 * World.SIZE * World.SIZE];
    switch (kind) {
      case PLAIN -> fill(samples, (x, y, c) -> base[c]);
      case GRADIENT -> {
        double angle = random.nextDouble(2 * Math.PI);
        double depth = random.nextDouble(15, 35);
        fill(
            samples,
            (x, y, c) -> {
              double along =
                  Math.cos(angle) * (x - World.SIZE / 2.0)
                      + Math.sin(angle) * (y - World.SIZE / 2.0);
              return base[c] + depth * along / (World.SIZE / 2.0);
            });
      }
      case NOISE -> {
        double strength = random.nextDouble(6, 22);
        fill(samples, (x, y, c) -> base[c] + strength * random.nextGaussian());
      }
      case PHOTO -> {
        int[][] photo = PHOTOS.get(random.nextInt(PHOTOS.size()));
        int height = photo.length;
        int width = photo[0].length;
        double zoom = random.nextDouble(.6, Math.min(width, height) / (double) World.SIZE);
        int left = random.nextInt((int) (width - zoom * (World.SIZE - 1)));
        int top = random.nextInt((int) (height - zoom * (World.SIZE - 1)));
        double strength = random.nextDouble(.25, .45);
        fill(
            samples,
            (x, y, c) -> {
              int pixel = photo[top + (int) (y * zoom)][left + (int) (x * zoom)];
              int value = pixel >> 16 - 8 * c & 0xff;
              return base[c] + strength * (value - 128);
            });
      }
    }
    return samples;
  }

  /// A colour with enough contrast to all things; the one with most of those tried, where none has.
  private int[] colour(List<Integer> things) {
    int[] best = new int[3];
    double most = -1;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      // Rather pale or rather dark grounds, mostly: those of real pictures.
      int level = random.nextInt(30, 236);
      int[] tried = new int[3];
      for (int c = 0; c < 3; c++) {
        tried[c] = Math.clamp(level + random.nextInt(-35, 36), 0, 255);
      }
      double contrast = things.stream().mapToDouble(rgb -> distance(tried, rgb)).min().orElse(999);
      if (contrast > most) {
        most = contrast;
        best = tried;
      }
      if (most >= CONTRAST) {
        break;
      }
    }
    return best;
  }

  private static double distance(int[] ground, int rgb) {
    double sum = 0;
    for (int c = 0; c < 3; c++) {
      double difference = ground[c] - (rgb >> 16 - 8 * c & 0xff);
      sum += difference * difference;
    }
    return Math.sqrt(sum);
  }

  private interface Value {
    double at(int x, int y, int channel);
  }

  private static void fill(byte[] samples, Value value) {
    for (int y = 0, i = 0; y < World.SIZE; y++) {
      for (int x = 0; x < World.SIZE; x++) {
        for (int c = 0; c < 3; c++, i++) {
          samples[i] = (byte) Math.clamp(Math.round(value.at(x, y, c)), 0, 255);
        }
      }
    }
  }

  private static int[][] photo(String name) {
    try (InputStream in = Ground.class.getResourceAsStream(name + ".jpg")) {
      if (in == null) {
        throw new IllegalStateException("the jar has no " + name + ".jpg");
      }
      BufferedImage image = ImageIO.read(in);
      int[][] rows = new int[image.getHeight()][];
      for (int y = 0; y < rows.length; y++) {
        rows[y] = image.getRGB(0, y, image.getWidth(), 1, null, 0, image.getWidth());
      }
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException("the jar's " + name + ".jpg cannot be read", e);
    }
  }
}
