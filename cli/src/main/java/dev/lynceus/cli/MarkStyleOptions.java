package dev.lynceus.cli;

import dev.lynceus.lab.mark.Style;
import dev.lynceus.lab.mark.Wording;
import dev.lynceus.lab.picture.Rgb;
import dev.lynceus.lab.picture.Side;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How marks look, and what is said of them.
final class MarkStyleOptions {
  @Option(
      names = "--colour",
      defaultValue = "red",
      paramLabel = "COLOUR",
      description = "Of lines: a name, or #rrggbb. Default: ${DEFAULT-VALUE}.")
  String colour = "red";

  @Option(
      names = "--size",
      defaultValue = "1",
      paramLabel = "X",
      description =
          "Thickness of lines and height of numbers, as a multiple of the usual. Default: ${DEFAULT-VALUE}.")
  double size = 1;

  @Option(
      names = "--alpha",
      defaultValue = "1",
      paramLabel = "A",
      description = "How solid lines are, 0 to 1. Default: ${DEFAULT-VALUE}.")
  double alpha = 1;

  @Option(
      names = "--side",
      defaultValue = "centre",
      paramLabel = "SIDE",
      description = {
        "Where marks stand: centre, left, top, right or bottom; arrows come from there.",
        "Default: ${DEFAULT-VALUE}."
      })
  String side = "centre";

  @Option(
      names = "--say",
      paramLabel = "TEXT",
      description = {
        "What is asked with every operator: {question}, {box}, {colour} and {mark} are filled in.",
        "Default: the question; with text-box and scaffold a text of their own."
      })
  @Nullable String say;

  Style style() {
    return new Style(
        Rgb.parse(colour), size, alpha, CausalOptions.choice("--side", side, Side.class));
  }

  Wording wording() {
    return new Wording(Optional.ofNullable(say));
  }
}
