package dev.lynceus.method;

import dev.lynceus.image.ViewLayout;
import dev.lynceus.model.Picture;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a question shows, as sentences call it: one picture, several, or a video.
public enum Shown {
  NOTHING,
  PICTURE,
  PICTURES,
  VIDEO;

  /// What a reader quotes is left as it is.
  private static final Pattern PARTS = Pattern.compile("\u201c[^\u201d]*\u201d|[^\u201c]+|\u201c");

  private static final Pattern VERB =
      Pattern.compile(
          "\\b([Tt]he) picture (hardly )?(raises|lowers|speaks|moves|decides|supports|does)\\b");

  /// What a prompt shows.
  public static Shown of(List<Picture> pictures) {
    return switch (pictures.size()) {
      case 0 -> NOTHING;
      case 1 ->
          switch (pictures.getFirst().layout()) {
            case ViewLayout.Frames _ -> VIDEO;
            case ViewLayout.Whole _, ViewLayout.Tiles _, ViewLayout.Crops _, ViewLayout.Patched _ ->
                PICTURE;
          };
      default -> PICTURES;
    };
  }

  /// A sentence about one picture, about what is shown.
  public String told(String sentence) {
    return switch (this) {
      case NOTHING, PICTURE -> sentence;
      case VIDEO ->
          unquoted(sentence, part -> part.replaceAll("\\b([Tt]he) picture\\b", "$1 video"));
      case PICTURES -> {
        String told = unquoted(sentence, Shown::plural);
        yield told.equals(sentence)
            ? sentence
            : unquoted(told, part -> part.replaceAll("\\b(with|without) it\\b", "$1 them"));
      }
    };
  }

  private static String plural(String part) {
    String text =
        VERB.matcher(part)
            .replaceAll(found ->
                found.group(1)
                    + " pictures "
                    + (found.group(2) == null ? "" : found.group(2))
                    + (found.group(3).equals("does")
                        ? "do"
                        : found.group(3).substring(0, found.group(3).length() - 1)));
    return text.replaceAll("\\b([Tt]he) picture's\\b", "$1 pictures'")
        .replaceAll("\\b([Tt]he) picture\\b", "$1 pictures");
  }

  private static String unquoted(String sentence, UnaryOperator<String> change) {
    StringBuilder told = new StringBuilder();
    Matcher parts = PARTS.matcher(sentence);
    while (parts.find()) {
      String part = parts.group();
      told.append(part.startsWith("\u201c") ? part : change.apply(part));
    }
    return told.toString();
  }
}
