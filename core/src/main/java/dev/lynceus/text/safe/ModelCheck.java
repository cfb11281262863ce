package dev.lynceus.text.safe;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The model of a tokenizer: its vocabulary, its merges, its settings.
final class ModelCheck {
  private static final int MOST_PIECES = 4_000_000;
  private static final int LONGEST_PIECE = 4000;
  private static final int LONGEST_PREFIX = 100;
  private static final int MOST_WORD_CHARACTERS = 1000;
  private static final double LARGEST_SCORE = 1e9;

  private final Growth growth;
  private final Map<String, Long> vocabulary = new HashMap<>();
  private long size;

  ModelCheck(Growth growth) {
    this.growth = growth;
  }

  /// How many ids the library counts in the vocabulary, after [#check(JsonNode)].
  long size() {
    return size;
  }

  /// Ids by piece, after [#check(JsonNode)].
  Map<String, Long> vocabulary() {
    return vocabulary;
  }

  /// Checks the model and builds it anew. Its vocabulary and merges are the nodes of the file.
  ObjectNode check(JsonNode model) {
    Fields fields = Fields.of("model", model);
    String type = model.has("type") ? fields.string("type", 40) : inferred(model);
    fields.to().put("type", type);
    switch (type) {
      case "BPE" -> bpe(fields);
      case "WordPiece" -> {
        pieces(fields);
        fields.copy("unk_token", LONGEST_PIECE);
        fields.copy("continuing_subword_prefix", LONGEST_PREFIX);
        long most =
            fields.whole(
                fields.from().path("max_input_chars_per_word"),
                "max_input_chars_per_word",
                1,
                MOST_WORD_CHARACTERS);
        fields.to().put("max_input_chars_per_word", most);
        growth.steps((double) most * most);
      }
      case "WordLevel" -> {
        pieces(fields);
        fields.copy("unk_token", LONGEST_PIECE);
      }
      case "Unigram" -> unigram(fields);
      default ->
          throw fields.unsupported("the type " + TokenizerDefect.shown(type) + " is not known");
    }
    return fields.to();
  }

  /// Files of early versions do not name the type.
  private static String inferred(JsonNode model) {
    if (model.has("merges")) {
      return "BPE";
    }
    if (model.path("vocab").isArray()) {
      return "Unigram";
    }
    return model.has("max_input_chars_per_word") ? "WordPiece" : "WordLevel";
  }

  private void pieces(Fields fields) {
    JsonNode vocab = fields.from().path("vocab");
    if (!vocab.isObject() || vocab.size() > MOST_PIECES) {
      throw fields.defect("vocab is no object of at most " + MOST_PIECES + " pieces");
    }
    // An array is made with one place for each id.
    long largest = 4L * vocab.size() + 65_536;
    BitSet seen = new BitSet(vocab.size());
    for (Map.Entry<String, JsonNode> entry : vocab.properties()) {
      String piece = piece(fields, entry.getKey());
      JsonNode value = entry.getValue();
      long id = value.isIntegralNumber() && value.canConvertToInt() ? value.asInt() : -1;
      if (id < 0 || id > largest) {
        id = fields.whole(value, "the id of " + TokenizerDefect.shown(piece), 0, largest);
      }
      if (seen.get((int) id)) {
        throw fields.defect("two pieces have the id " + id);
      }
      seen.set((int) id);
      vocabulary.put(piece, id);
    }
    fields.to().set("vocab", vocab);
    size = vocab.size();
  }

  private static String piece(Fields fields, String piece) {
    if (piece.length() > LONGEST_PIECE) {
      throw fields.beyond(
          "a piece has " + piece.length() + " characters, more than " + LONGEST_PIECE);
    }
    return fields.wellFormed(piece, "a piece");
  }

  private void bpe(Fields fields) {
    pieces(fields);
    JsonNode dropout = fields.from().path("dropout");
    if (dropout.isNumber()
        ? dropout.asDouble() != 0
        : !dropout.isNull() && !dropout.isMissingNode()) {
      throw fields.unsupported("dropout makes the ids of a text random");
    }
    fields.copyOptional("unk_token", LONGEST_PIECE);
    String prefix = fields.copyOptional("continuing_subword_prefix", LONGEST_PREFIX);
    String suffix = fields.copyOptional("end_of_word_suffix", LONGEST_PREFIX);
    fields.flag("fuse_unk", false);
    boolean bytes = fields.flag("byte_fallback", false);
    fields.flag("ignore_merges", false);
    if (bytes && !(prefix.isEmpty() && suffix.isEmpty())) {
      throw fields.unsupported("byte_fallback goes with neither a prefix nor a suffix of pieces");
    }
    JsonNode merges = fields.from().path("merges");
    if (!merges.isArray() || merges.size() > MOST_PIECES) {
      throw fields.defect("merges is no list of at most " + MOST_PIECES + " pairs");
    }
    boolean pairs = !merges.isEmpty() && merges.get(0).isArray();
    int number = 0;
    for (JsonNode merge : merges) {
      merge(fields, merge, pairs, prefix, number++);
    }
    fields.to().set("merges", merges);
  }

  private void merge(Fields fields, JsonNode merge, boolean pair, String prefix, int number) {
    String left;
    String right;
    if (pair) {
      if (merge.size() != 2 || !merge.get(0).isString() || !merge.get(1).isString()) {
        throw fields.defect("merge " + number + " is no pair of texts, as the first is");
      }
      left = merge.get(0).asString();
      right = merge.get(1).asString();
    } else {
      String text = merge.isString() ? merge.asString() : "";
      if (number == 0 && text.startsWith("#version")) {
        return;
      }
      int blank = text.indexOf(' ');
      if (blank < 0 || text.indexOf(' ', blank + 1) >= 0) {
        throw fields.defect("merge " + number + " is not two pieces with a space between them");
      }
      left = text.substring(0, blank);
      right = text.substring(blank + 1);
    }
    if (!right.startsWith(prefix)) {
      throw fields.defect(
          "merge "
              + number
              + " has a right side without the prefix "
              + TokenizerDefect.shown(prefix));
    }
    String merged = left + right.substring(prefix.length());
    for (String piece : new String[] {left, right, merged}) {
      if (!vocabulary.containsKey(piece)) {
        throw fields.defect(
            "merge "
                + number
                + " needs the piece "
                + TokenizerDefect.shown(piece)
                + ", which the vocabulary does not have");
      }
    }
  }

  private void unigram(Fields fields) {
    JsonNode vocab = fields.from().path("vocab");
    if (!vocab.isArray() || vocab.isEmpty() || vocab.size() > MOST_PIECES) {
      throw fields.defect("vocab is no list of 1 to " + MOST_PIECES + " pieces");
    }
    long id = 0;
    int longest = 1;
    for (JsonNode entry : vocab) {
      boolean pair =
          entry.isArray()
              && entry.size() == 2
              && entry.get(0).isString()
              && entry.get(1).isNumber();
      if (!pair || !(Math.abs(entry.get(1).asDouble()) <= LARGEST_SCORE)) {
        throw fields.defect("piece " + id + " is not a text and a score");
      }
      String piece = piece(fields, entry.get(0).asString());
      if (piece.isEmpty()) {
        throw fields.defect("piece " + id + " is empty");
      }
      longest = Math.max(longest, piece.length());
      // Of two that are the same the library takes the last.
      vocabulary.put(piece, id++);
    }
    fields.to().set("vocab", vocab);
    size = vocab.size();
    JsonNode unknown = fields.from().path("unk_id");
    if (unknown.isNull() || unknown.isMissingNode()) {
      fields.to().putNull("unk_id");
    } else {
      fields.to().put("unk_id", fields.whole(unknown, "unk_id", 0, vocab.size() - 1L));
    }
    fields.flag("byte_fallback", false);
    growth.steps(100.0 * longest);
  }
}
