package dev.lynceus.lab.picture;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A colour: a name of the palette that a text can say, or `#rrggbb`.
///
/// @param red 0 to 255
/// @param green 0 to 255
/// @param blue 0 to 255
public record Rgb(int red, int green, int blue) {
  /// Black.
  public static final Rgb BLACK = new Rgb(0, 0, 0);

  /// White.
  public static final Rgb WHITE = new Rgb(255, 255, 255);

  /// Pure red, the colour of marks.
  public static final Rgb RED = new Rgb(255, 0, 0);

  private static final Map<String, Rgb> NAMED = named();

  public Rgb {
    if ((red | green | blue) < 0 || red > 255 || green > 255 || blue > 255) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a colour of %d, %d, %d".formatted(red, green, blue),
          "Use three numbers from 0 to 255.");
    }
  }

  private static Map<String, Rgb> named() {
    Map<String, Rgb> all = new LinkedHashMap<>();
    all.put("red", RED);
    all.put("green", new Rgb(0, 200, 0));
    all.put("blue", new Rgb(0, 0, 255));
    all.put("yellow", new Rgb(255, 255, 0));
    all.put("magenta", new Rgb(255, 0, 255));
    all.put("cyan", new Rgb(0, 255, 255));
    all.put("orange", new Rgb(255, 140, 0));
    all.put("white", WHITE);
    all.put("grey", new Rgb(128, 128, 128));
    all.put("black", BLACK);
    return all;
  }

  /// The palette, in its order.
  public static Map<String, Rgb> palette() {
    return java.util.Collections.unmodifiableMap(NAMED);
  }

  /// A colour by its name, or as `#rrggbb`.
  ///
  /// @throws LynceusException BAD_REQUEST for anything else
  @JsonCreator
  public static Rgb parse(String text) {
    Rgb named = NAMED.get(text.strip().toLowerCase(Locale.ROOT));
    if (named != null) {
      return named;
    }
    if (text.strip().matches("#[0-9a-fA-F]{6}")) {
      int rgb = Integer.parseInt(text.strip().substring(1), 16);
      return new Rgb(rgb >> 16, rgb >> 8 & 0xff, rgb & 0xff);
    }
    throw new LynceusException(
        ErrorCode.BAD_REQUEST,
        "'" + text + "' is no colour",
        "Use " + String.join(", ", NAMED.keySet()) + ", or #rrggbb.");
  }

  /// Its name, where the palette has one.
  public Optional<String> name() {
    return NAMED.entrySet().stream()
        .filter(entry -> entry.getValue().equals(this))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /// Its name, or `#rrggbb`.
  @JsonValue
  public String text() {
    return name().orElseGet(() -> "#%02x%02x%02x".formatted(red, green, blue));
  }

  /// A channel: 0 is red, 1 green, 2 blue.
  int channel(int number) {
    return number == 0 ? red : number == 1 ? green : blue;
  }
}
