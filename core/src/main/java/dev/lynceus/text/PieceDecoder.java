package dev.lynceus.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Turns one vocabulary piece into the bytes that it adds to a running text.
///
/// The steps follow the `decoder` of `tokenizer.json`, one token at a time. What a decoder does
/// only at the very start of a text (`Strip`, which drops the first space) is left out: a piece is
/// read as the continuation of a text, so `▁brown` is " brown".
final class PieceDecoder {
  private final List<Step> steps;

  private PieceDecoder(List<Step> steps) {
    this.steps = steps;
  }

  private sealed interface Step {
    record Replace(Pattern pattern, String replacement) implements Step {}

    record ByteFallback() implements Step {}

    record ByteLevel() implements Step {}

    /// WordPiece: a piece without the prefix starts a word, so a space goes before it.
    record WordStart(String prefix, boolean cleanUp) implements Step {}

    /// BPE with a mark at the end of words.
    record WordEnd(String suffix) implements Step {}

    /// No decoder at all: pieces are joined by spaces.
    record Joined() implements Step {}
  }

  static PieceDecoder of(JsonNode decoder) {
    List<Step> steps = new ArrayList<>();
    if (decoder.isObject()) {
      collect(decoder, steps);
    } else {
      steps.add(new Step.Joined());
    }
    return new PieceDecoder(List.copyOf(steps));
  }

  private static void collect(JsonNode node, List<Step> steps) {
    switch (node.path("type").asString("")) {
      case "Sequence" -> node.path("decoders").forEach(child -> collect(child, steps));
      case "Replace" ->
          steps.add(
              new Step.Replace(
                  TextDecoder.pattern(node.path("pattern")), node.path("content").asString("")));
      case "Metaspace" -> {
        String mark = node.path("replacement").asString("▁");
        steps.add(new Step.Replace(Pattern.compile(mark, Pattern.LITERAL), " "));
      }
      case "ByteFallback" -> steps.add(new Step.ByteFallback());
      case "ByteLevel" -> steps.add(new Step.ByteLevel());
      case "WordPiece" ->
          steps.add(
              new Step.WordStart(
                  node.path("prefix").asString("##"), node.path("cleanup").asBoolean(true)));
      case "BPEDecoder" -> steps.add(new Step.WordEnd(node.path("suffix").asString("</w>")));
      default -> {
        // Fuse joins what is joined here anyway; Strip acts on the start of a text only.
      }
    }
  }

  /// The UTF-8 bytes of the piece; they need not be whole characters.
  byte[] bytes(String piece) {
    String text = piece;
    for (Step step : steps) {
      TextDecoder.refuseLong(text.length());
      switch (step) {
        case Step.Replace replace ->
            text =
                replace
                    .pattern()
                    .matcher(text)
                    .replaceAll(Matcher.quoteReplacement(replace.replacement()));
        case Step.ByteFallback _ -> {
          int value = ByteAlphabet.fallback(text);
          if (value >= 0) {
            return new byte[] {(byte) value};
          }
        }
        case Step.ByteLevel _ -> {
          return ByteAlphabet.bytes(text);
        }
        case Step.WordStart start -> {
          text =
              text.startsWith(start.prefix())
                  ? text.substring(start.prefix().length())
                  : " " + text;
          text = start.cleanUp() ? cleanUp(text) : text;
        }
        case Step.WordEnd end -> text = text.replace(end.suffix(), " ");
        case Step.Joined _ -> text = " " + text;
      }
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// The WordPiece decoder drops the space before punctuation and English contractions.
  static String cleanUp(String text) {
    return text.replace(" .", ".")
        .replace(" ?", "?")
        .replace(" !", "!")
        .replace(" ,", ",")
        .replace(" ' ", "'")
        .replace(" n't", "n't")
        .replace(" 'm", "'m")
        .replace(" do not", " don't")
        .replace(" 's", "'s")
        .replace(" 've", "'ve")
        .replace(" 're", "'re");
  }
}
