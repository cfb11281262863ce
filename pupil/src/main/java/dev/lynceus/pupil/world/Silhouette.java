package dev.lynceus.pupil.world;

import java.awt.geom.Path2D;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The outline of a thing, read from the bundled list of outlines; NOTICE says whose they are.
///
/// @param name the noun, for example `dog`
/// @param outline filled by the non-zero rule, in units of its own
public record Silhouette(String name, Path2D outline) {
  private static final List<Silhouette> ALL = read();

  /// All things of the world, in the order of their names.
  public static List<Silhouette> all() {
    return ALL;
  }

  /// The names of all things.
  public static List<String> names() {
    return ALL.stream().map(Silhouette::name).toList();
  }

  private static List<Silhouette> read() {
    try (InputStream in = Silhouette.class.getResourceAsStream("silhouettes.txt")) {
      if (in == null) {
        throw new IllegalStateException("the jar has no silhouettes.txt");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(Silhouette::parse)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("the jar's silhouettes.txt cannot be read", e);
    }
  }

  private static Silhouette parse(String line) {
    String[] words = line.split(" ", -1);
    Path2D path = new Path2D.Double(Path2D.WIND_NON_ZERO);
    for (int i = 1; i < words.length; ) {
      switch (words[i]) {
        case "M" -> {
          path.moveTo(number(words, i + 1), number(words, i + 2));
          i += 3;
        }
        case "L" -> {
          path.lineTo(number(words, i + 1), number(words, i + 2));
          i += 3;
        }
        case "C" -> {
          path.curveTo(
              number(words, i + 1),
              number(words, i + 2),
              number(words, i + 3),
              number(words, i + 4),
              number(words, i + 5),
              number(words, i + 6));
          i += 7;
        }
        case "Z" -> {
          path.closePath();
          i++;
        }
        default -> throw new IllegalStateException("silhouettes.txt: " + words[i]);
      }
    }
    return new Silhouette(words[0], path);
  }

  private static double number(String[] words, int at) {
    return Double.parseDouble(words[at]);
  }
}
