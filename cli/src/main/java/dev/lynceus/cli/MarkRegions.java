package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageFileReader;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.mark.AttentionPrompt;
import dev.lynceus.lab.picture.Mask;
import dev.lynceus.lab.picture.Region;
import dev.lynceus.lab.picture.Segments;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.tensor.file.InputFile;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which parts of the picture are spoken of.
final class MarkRegions {
  private static final Pattern ALSO =
      Pattern.compile("(grid):(\\d{1,3})x(\\d{1,3})|(superpixels|components):(\\d{1,5})");

  /// Smaller pieces of bright pixels are no things.
  private static final int LEAST = 16;

  @Option(
      names = "--box",
      paramLabel = "X0,Y0,X1,Y1",
      description = {
        "The region: left, upper, right and lower edge in pixels. May be given several times: the first",
        "is spoken of, som numbers all."
      })
  List<String> boxes = List.of();

  @Option(
      names = "--mask",
      paramLabel = "FILE",
      description = "The region is what is white in this picture, as large as the other.")
  List<String> masks = List.of();

  @Option(
      names = "--region-from",
      paramLabel = "METHOD",
      description = {
        "The region is where a map of this method is strongest, for the word that the picture decides",
        "most; see docs/concepts/methods.md."
      })
  @Nullable String method;

  @Option(
      names = "--also",
      paramLabel = "KIND",
      description = {
        "Further regions for som: grid:RxC, superpixels:N, or components:L, the pieces of what is at",
        "least so bright (0 to 255). Without another region the first of them is spoken of."
      })
  @Nullable String also;

  /// What was read before the model was loaded.
  private final List<Region> given = new ArrayList<>();

  /// Reads what needs no model.
  ///
  /// @throws LynceusException BAD_REQUEST for what is no region, or none; BAD_IMAGE
  void read(RgbImage image) {
    given.clear();
    boxes.forEach(box -> given.add(box(box)));
    for (String file : masks) {
      RgbImage mask = new ImageFileReader().read(InputFile.PICTURE.path(file));
      if (mask.width() != image.width() || mask.height() != image.height()) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "the mask %s has %d x %d pixels, the picture %d x %d"
                .formatted(file, mask.width(), mask.height(), image.width(), image.height()),
            "Give a mask as large as the picture.");
      }
      given.add(Region.Painted.of(Mask.bright(mask)));
    }
    if (method != null) {
      PatchMethod.named(method);
    }
    List<Region> more = also == null ? List.of() : also(also, image);
    if (given.isEmpty() && method == null && more.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "there is no region to mark",
          "Give --box, --mask, --region-from METHOD or --also KIND.");
    }
    if (method == null) {
      given.addAll(more);
    }
  }

  /// All regions, the one that is spoken of first.
  List<Region> all(LoadedModel model, Prompt prompt, RgbImage image, int maxTokens, long seed) {
    if (method == null) {
      return List.copyOf(given);
    }
    List<Region> all = new ArrayList<>();
    all.add(
        AttentionPrompt.of(model, prompt, PatchMethod.named(method).getFirst(), maxTokens, seed)
            .region());
    all.addAll(given);
    all.addAll(also == null ? List.of() : also(also, image));
    return all;
  }

  /// Reads a box: left, upper, right and lower edge in pixels.
  ///
  /// @throws LynceusException BAD_REQUEST
  static Region.Box box(String text) {
    String[] parts = text.split(",", -1);
    try {
      if (parts.length == 4) {
        return new Region.Box(
            Double.parseDouble(parts[0]),
            Double.parseDouble(parts[1]),
            Double.parseDouble(parts[2]),
            Double.parseDouble(parts[3]));
      }
    } catch (NumberFormatException e) {
      throw wrong(text, e);
    }
    throw wrong(text, null);
  }

  private static LynceusException wrong(String text, @Nullable Exception cause) {
    return new LynceusException(
        ErrorCode.BAD_REQUEST,
        "--box " + text + " is no box",
        "Give left, upper, right and lower edge in pixels, for example --box 12,30,57,80.",
        cause);
  }

  private static List<Region> also(String kind, RgbImage image) {
    Matcher found = ALSO.matcher(kind);
    if (!found.matches()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--also " + kind + " is not known",
          "Use grid:3x3, superpixels:12 or components:128.");
    }
    if (found.group(1) != null) {
      return Segments.grid(
          image.width(),
          image.height(),
          Integer.parseInt(found.group(2)),
          Integer.parseInt(found.group(3)));
    }
    int number = Integer.parseInt(found.group(5));
    return found.group(4).equals("superpixels")
        ? Segments.superpixels(image, number)
        : Segments.components(image, number, LEAST);
  }
}
