package dev.lynceus.text.safe;

import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Normalisers, pre-tokenisers and decoders: each type that is known, with each of its fields.
final class PartCheck {
  private static final int MOST_PARTS = 64;
  private static final int DEEPEST = 8;
  private static final int LONGEST_TEXT = 2000;

  /// A piece is decoded for every token that is shown.
  private static final double MOST_DECODED = 100;

  private static final int LONGEST_MAP = 22 << 20;
  private static final String[] BEHAVIOURS = {
    "Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"
  };

  private final Growth growth;
  private int parts;
  private int depth;

  PartCheck(Growth growth) {
    this.growth = growth;
  }

  JsonNode normalizer(JsonNode part) {
    return optional(part, "normalizer", this::oneNormalizer);
  }

  JsonNode preTokenizer(JsonNode part) {
    return optional(part, "pre_tokenizer", this::onePreTokenizer);
  }

  /// Checks a decoder, which is carried out here and never by the library.
  void decoder(JsonNode part) {
    optional(part, "decoder", this::oneDecoder);
    growth.refuseAbove(MOST_DECODED);
  }

  private JsonNode optional(JsonNode part, String where, BiFunction<Fields, String, JsonNode> one) {
    return part.isMissingNode() || part.isNull() ? Fields.NODES.nullNode() : read(part, where, one);
  }

  private JsonNode read(JsonNode part, String where, BiFunction<Fields, String, JsonNode> one) {
    if (++parts > MOST_PARTS) {
      throw new TokenizerDefect(
          "it has more than " + MOST_PARTS + " parts", TokenizerDefect.Kind.BEYOND_BOUNDS);
    }
    Fields fields = Fields.of(where, part);
    String type = fields.type();
    return one.apply(
        new Fields(where + " " + TokenizerDefect.shown(type), part, fields.to()), type);
  }

  private ObjectNode sequence(
      Fields fields, String list, String where, BiFunction<Fields, String, JsonNode> one) {
    JsonNode all = fields.from().path(list);
    if (!all.isArray()) {
      throw fields.defect(list + " is no list");
    }
    if (++depth > DEEPEST) {
      throw fields.beyond("sequences are nested more than " + DEEPEST + " deep");
    }
    ArrayNode checked = Fields.NODES.arrayNode();
    for (JsonNode part : all) {
      checked.add(read(part, where, one));
    }
    depth--;
    fields.to().set(list, checked);
    return fields.to();
  }

  private JsonNode oneNormalizer(Fields fields, String type) {
    switch (type) {
      case "Sequence" -> sequence(fields, "normalizers", "normalizer", this::oneNormalizer);
      case "BertNormalizer" -> {
        fields.flag("clean_text");
        fields.flag("handle_chinese_chars");
        JsonNode accents = fields.from().path("strip_accents");
        if (accents.isBoolean()) {
          fields.flag("strip_accents");
        } else if (accents.isNull() || accents.isMissingNode()) {
          fields.to().putNull("strip_accents");
        } else {
          throw fields.defect("strip_accents is neither true, false nor null");
        }
        fields.flag("lowercase");
        growth.times(2);
      }
      case "Strip", "StripNormalizer" -> {
        fields.flag("strip_left");
        fields.flag("strip_right");
      }
      case "NFKC", "NFKD" -> growth.times(2);
      case "ByteLevel" -> growth.times(2);
      case "NFC", "NFD", "StripAccents", "Lowercase", "Nmt" -> {
        // Without settings, and hardly longer.
      }
      case "Precompiled" ->
          growth.times(
              CharacterMap.longestReplacement(fields.copy("precompiled_charsmap", LONGEST_MAP))
                  / 9.0);
      case "Replace" -> replace(fields);
      case "Prepend" -> {
        // The library loses the first character's place in the text where nothing is put before it.
        int length = fields.copy("prepend", LONGEST_TEXT).length();
        if (length == 0) {
          throw fields.defect("prepend is empty");
        }
        growth.times(1 + length);
      }
      default -> throw fields.unsupported("this type is not known");
    }
    return fields.to();
  }

  /// A pattern and what is put in its place.
  private void replace(Fields fields) {
    long least = pattern(fields);
    int length = fields.copy("content", LONGEST_TEXT).length();
    growth.times((double) length / least);
  }

  /// Copies a pattern; returns the length of its shortest match.
  private long pattern(Fields fields) {
    JsonNode pattern = fields.from().path("pattern");
    ObjectNode checked = fields.to().putObject("pattern");
    if (pattern.size() == 1 && pattern.has("String")) {
      String text = fields.string(pattern.path("String"), "pattern", LONGEST_TEXT);
      if (text.isEmpty()) {
        throw fields.defect("the pattern is empty");
      }
      checked.put("String", text);
      return text.codePointCount(0, text.length());
    }
    if (pattern.size() == 1 && pattern.has("Regex")) {
      String source = fields.string(pattern.path("Regex"), "pattern", LONGEST_TEXT * 2);
      PatternCost.Safe safe = PatternCost.of(source);
      growth.pattern(safe);
      checked.put("Regex", source);
      return safe.least();
    }
    throw fields.defect("the pattern is neither a String nor a Regex");
  }

  private JsonNode onePreTokenizer(Fields fields, String type) {
    switch (type) {
      case "Sequence" -> sequence(fields, "pretokenizers", "pre_tokenizer", this::onePreTokenizer);
      case "BertPreTokenizer", "Whitespace", "WhitespaceSplit", "UnicodeScripts" -> {
        // Without settings.
      }
      case "ByteLevel" -> {
        byteLevel(fields);
        growth.times(2);
      }
      case "Metaspace" -> {
        metaspace(fields);
        growth.times(2);
      }
      case "Digits" -> fields.flag("individual_digits");
      case "Punctuation" -> {
        if (fields.from().has("behavior")) {
          fields.choice("behavior", BEHAVIOURS);
        }
      }
      case "CharDelimiterSplit" -> fields.copyCharacter("delimiter");
      case "FixedLength" ->
          fields
              .to()
              .put("length", fields.whole(fields.from().path("length"), "length", 1, 10_000));
      case "Split" -> {
        pattern(fields);
        fields.choice("behavior", BEHAVIOURS);
        fields.flag("invert");
      }
      default -> throw fields.unsupported("this type is not known");
    }
    return fields.to();
  }

  static void byteLevel(Fields fields) {
    fields.flag("add_prefix_space");
    fields.flag("trim_offsets", true);
    fields.flag("use_regex", true);
  }

  private static void metaspace(Fields fields) {
    fields.copyCharacter("replacement");
    if (fields.from().has("prepend_scheme")) {
      fields.choice("prepend_scheme", "always", "first", "never");
    }
    if (fields.from().has("add_prefix_space")) {
      fields.flag("add_prefix_space");
    }
    fields.flag("split", true);
  }

  private JsonNode oneDecoder(Fields fields, String type) {
    switch (type) {
      case "Sequence" -> sequence(fields, "decoders", "decoder", this::oneDecoder);
      case "ByteLevel", "ByteFallback", "Fuse" -> {
        // Without settings that matter here.
      }
      case "WordPiece" -> {
        fields.string("prefix", LONGEST_TEXT);
        fields.flag("cleanup");
      }
      case "Metaspace" -> metaspace(fields);
      case "BPEDecoder" -> filled(fields, "suffix");
      case "CTC" -> {
        filled(fields, "pad_token");
        filled(fields, "word_delimiter_token");
        fields.flag("cleanup");
      }
      case "Replace" -> {
        long least = pattern(fields);
        growth.times((double) fields.string("content", LONGEST_TEXT).length() / least);
      }
      case "Strip" -> {
        fields.copyCharacter("content");
        fields.whole(fields.from().path("start"), "start", 0, 1000);
        fields.whole(fields.from().path("stop"), "stop", 0, 1000);
      }
      default -> throw fields.unsupported("this type is not known");
    }
    return fields.to();
  }

  private static void filled(Fields fields, String key) {
    if (fields.string(key, LONGEST_TEXT).isEmpty()) {
      throw fields.defect(key + " is empty");
    }
  }
}
