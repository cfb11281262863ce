package dev.lynceus.text;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.text.safe.TokenizerDefect;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;

/// Turns the pieces of a whole text into the text, as the `decoder` of `tokenizer.json` says and as
/// the tokenizers library does it: each step takes a list of pieces and gives another.
final class TextDecoder {
  /// Characters of the longest text that is made.
  private static final int LONGEST = 16 << 20;

  private final JsonNode decoder;
  private final List<Pattern> patterns = new ArrayList<>();
  private final String name;

  private TextDecoder(JsonNode decoder, String name) {
    this.decoder = decoder;
    this.name = name;
  }

  /// @param decoder the decoder of a file that was checked; not an object where it has none
  /// @param name what to call the file in an error
  /// @throws TokenizerDefect for a pattern that Java does not read
  static TextDecoder of(JsonNode decoder, String name) {
    TextDecoder made = new TextDecoder(decoder, name);
    made.collect(decoder);
    return made;
  }

  private void collect(JsonNode node) {
    node.path("decoders").forEach(this::collect);
    if (node.path("type").asString("").equals("Replace")) {
      patterns.add(pattern(node.path("pattern")));
    }
  }

  /// What a `Replace` looks for.
  static Pattern pattern(JsonNode pattern) {
    JsonNode literal = pattern.path("String");
    if (literal.isString()) {
      return Pattern.compile(literal.asString(), Pattern.LITERAL);
    }
    String source = pattern.path("Regex").asString("");
    try {
      return Pattern.compile(source, Pattern.UNICODE_CHARACTER_CLASS);
    } catch (PatternSyntaxException e) {
      throw new TokenizerDefect(
          "the decoder has the pattern '"
              + source
              + "', which is not supported: "
              + e.getDescription());
    }
  }

  /// Refuses a piece that grew without bound.
  static void refuseLong(long length) {
    if (length > LONGEST) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          "the decoder of tokenizer.json makes a text of more than " + LONGEST + " characters",
          "Correct its Replace steps, or use the tokenizer that the model was published with.");
    }
  }

  String decode(List<String> pieces) {
    if (!decoder.isObject()) {
      return String.join(" ", pieces);
    }
    try {
      return String.join("", run(decoder, pieces, new int[1]));
    } catch (StackOverflowError e) {
      throw NativeTokenizer.unreadable(name, "a pattern of its decoder goes too deep", e);
    }
  }

  private List<String> run(JsonNode step, List<String> pieces, int[] nextPattern) {
    return switch (step.path("type").asString("")) {
      case "Sequence" -> {
        List<String> now = pieces;
        for (JsonNode inner : step.path("decoders")) {
          now = run(inner, now, nextPattern);
        }
        yield now;
      }
      case "Replace" ->
          replace(pieces, patterns.get(nextPattern[0]++), step.path("content").asString(""));
      case "ByteFallback" -> bytes(pieces);
      case "ByteLevel" -> {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        pieces.forEach(piece -> all.writeBytes(ByteAlphabet.bytes(piece)));
        yield List.of(all.toString(StandardCharsets.UTF_8));
      }
      case "Fuse" -> List.of(String.join("", pieces));
      case "Strip" ->
          pieces.stream()
              .map(piece ->
                  strip(
                      piece,
                      step.path("content").asString("").codePointAt(0),
                      step.path("start").asInt(0),
                      step.path("stop").asInt(0)))
              .toList();
      case "Metaspace" -> metaspace(step, pieces);
      case "WordPiece" ->
          wordPiece(
              pieces, step.path("prefix").asString(""), step.path("cleanup").asBoolean(false));
      case "BPEDecoder" -> wordEnds(pieces, step.path("suffix").asString("</w>"));
      default -> ctc(step, pieces);
    };
  }

  private static List<String> replace(List<String> pieces, Pattern pattern, String content) {
    String quoted = Matcher.quoteReplacement(content);
    List<String> replaced = new ArrayList<>(pieces.size());
    long total = 0;
    for (String piece : pieces) {
      // Each match has one character at least.
      refuseLong((long) piece.length() * (1 + content.length()));
      String now = pattern.matcher(piece).replaceAll(quoted);
      total += now.length();
      refuseLong(total);
      replaced.add(now);
    }
    return replaced;
  }

  /// Runs of byte pieces become the characters that they are, or one U+FFFD each.
  private static List<String> bytes(List<String> pieces) {
    List<String> joined = new ArrayList<>(pieces.size());
    ByteArrayOutputStream run = new ByteArrayOutputStream();
    for (String piece : pieces) {
      int value = ByteAlphabet.fallback(piece);
      if (value >= 0) {
        run.write(value);
        continue;
      }
      addRun(run, joined);
      joined.add(piece);
    }
    addRun(run, joined);
    return joined;
  }

  private static void addRun(ByteArrayOutputStream run, List<String> joined) {
    if (run.size() == 0) {
      return;
    }
    try {
      joined.add(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(run.toByteArray()))
              .toString());
    } catch (CharacterCodingException e) {
      joined.addAll(java.util.Collections.nCopies(run.size(), "\uFFFD"));
    }
    run.reset();
  }

  private static String strip(String piece, int dropped, int start, int stop) {
    int[] points = piece.codePoints().toArray();
    int from = 0;
    while (from < start && from < points.length && points[from] == dropped) {
      from++;
    }
    int to = points.length;
    while (to > from && points.length - to < stop && points[to - 1] == dropped) {
      to--;
    }
    return new String(points, from, to - from);
  }

  private static List<String> metaspace(JsonNode step, List<String> pieces) {
    String mark = step.path("replacement").asString("▁");
    boolean never =
        step.path("prepend_scheme").asString("always").equals("never")
            || !step.path("add_prefix_space").asBoolean(true);
    List<String> spaced = new ArrayList<>(pieces.size());
    for (int i = 0; i < pieces.size(); i++) {
      spaced.add(pieces.get(i).replace(mark, i == 0 && !never ? "" : " "));
    }
    return spaced;
  }

  private static List<String> wordPiece(List<String> pieces, String prefix, boolean cleanUp) {
    List<String> words = new ArrayList<>(pieces.size());
    for (int i = 0; i < pieces.size(); i++) {
      String piece = pieces.get(i);
      if (i > 0) {
        piece = piece.startsWith(prefix) ? piece.substring(prefix.length()) : " " + piece;
      }
      words.add(cleanUp ? PieceDecoder.cleanUp(piece) : piece);
    }
    return words;
  }

  private static List<String> wordEnds(List<String> pieces, String suffix) {
    List<String> words = new ArrayList<>(pieces.size());
    for (int i = 0; i < pieces.size(); i++) {
      words.add(pieces.get(i).replace(suffix, i == pieces.size() - 1 ? "" : " "));
    }
    return words;
  }

  /// Of equal pieces in a row one is left, and padding none.
  private static List<String> ctc(JsonNode step, List<String> pieces) {
    String pad = step.path("pad_token").asString("<pad>");
    String word = step.path("word_delimiter_token").asString("|");
    List<String> left = new ArrayList<>();
    String before = null;
    for (String piece : pieces) {
      if (!piece.equals(before)) {
        String now = piece.replace(pad, "");
        if (step.path("cleanup").asBoolean(false)) {
          now = PieceDecoder.cleanUp(now).replace(word, " ");
        }
        if (!now.isEmpty()) {
          left.add(now);
        }
      }
      before = piece;
    }
    return left;
  }
}
