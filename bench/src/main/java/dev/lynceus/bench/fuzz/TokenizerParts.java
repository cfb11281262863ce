package dev.lynceus.bench.fuzz;

import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Parts that a tokenizer may have, right, wrong and hostile, to be exchanged for those of a file.
final class TokenizerParts {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final List<String> PLACES =
      List.of("normalizer", "pre_tokenizer", "post_processor", "decoder", "model", "added_tokens");
  private static final List<String> PATTERNS =
      List.of(
          ".",
          "(.+)+(?!.|$)",
          "(a|a)*b",
          "(a*)*$",
          "a*a*a*a*b",
          "\\\\s+",
          "",
          "[",
          "(?~ab)",
          "\\\\g<1>",
          "(?<n>a\\\\g<n>?)",
          "(?i)x",
          "\\\\p{L}+|\\\\s",
          "(x+x+)+y",
          "^",
          "(?=a)",
          "a{1000}",
          "(a{1,30000}){1,30000}",
          "\\\\X",
          "[[:alpha:]]+",
          "(?<=a+)b",
          "\\\\K",
          "(((((((a)))))))*",
          "x**",
          " {2,}",
          "\\\\n|[^\\\\w\\\\s]",
          "\\\\s?\\\\p{L}+",
          "\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+",
          "[0-9][0-9][0-9]",
          "a",
          "(?:ab)+",
          "[^\\\\s]+",
          "\\\\s+x",
          "(?i:'s|'t)|\\\\p{L}{1,3}",
          "(?>a+)b",
          "(?<=a)b",
          "[\\\\p{Lu}]*[\\\\p{Ll}]+|[\\\\p{Lu}]+[\\\\p{Ll}]*",
          "\\\\x{1F600}",
          ".\\\\b",
          "'s|'t| ?\\\\p{L}+| ?\\\\p{N}+|\\\\s+(?!\\\\S)|\\\\s+",
          "\\\\d{1,3}",
          "[^\\\\s\\\\p{L}]",
          "(?:)*",
          "\\\\x{110000}");
  private static final List<String> BEHAVIOURS =
      List.of("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous", "None");

  private final List<List<JsonNode>> seen = new ArrayList<>();

  TokenizerParts(Collection<JsonNode> seeds) {
    for (String place : PLACES) {
      seen.add(seeds.stream().map(seed -> seed.path(place)).filter(JsonNode::isContainer).toList());
    }
  }

  /// Puts another part in one place.
  void exchange(RandomGenerator random, ObjectNode root, List<String> done) {
    int place = random.nextInt(PLACES.size());
    String name = PLACES.get(place);
    if (random.nextInt(4) == 0 && !seen.get(place).isEmpty()) {
      root.set(name, Fuzz.pick(random, seen.get(place)).deepCopy());
      done.add(name + " of another file");
      return;
    }
    switch (name) {
      case "normalizer" ->
          set(root, name, some(random, () -> normalizer(random), "normalizers"), done);
      case "pre_tokenizer" ->
          set(root, name, some(random, () -> preTokenizer(random), "pretokenizers"), done);
      case "decoder" -> set(root, name, some(random, () -> decoder(random), "decoders"), done);
      case "post_processor" ->
          set(root, name, some(random, () -> postProcessor(random), "processors"), done);
      case "model" -> model(random, root, done);
      default -> added(random, root, done);
    }
  }

  private static void set(ObjectNode root, String name, JsonNode part, List<String> done) {
    root.set(name, part);
    String text = JSON.writeValueAsString(part);
    done.add(name + " " + (text.length() <= 200 ? text : text.substring(0, 200) + "…"));
  }

  /// One part, a row of several, or parts within parts.
  private static JsonNode some(
      RandomGenerator random, java.util.function.Supplier<String> one, String list) {
    int form = random.nextInt(6);
    if (form < 3) {
      return JSON.readTree(one.get());
    }
    if (form == 3) {
      int depth = 1 + random.nextInt(60);
      return JSON.readTree(
          ("{\"type\": \"Sequence\", \"" + list + "\": [").repeat(depth)
              + one.get()
              + "]}".repeat(depth));
    }
    List<String> several = new ArrayList<>();
    int count = 1 + random.nextInt(form == 4 ? 4 : 40);
    for (int i = 0; i < count; i++) {
      several.add(one.get());
    }
    return JSON.readTree(
        "{\"type\": \"Sequence\", \"" + list + "\": [" + String.join(",", several) + "]}");
  }

  private static String pattern(RandomGenerator random) {
    return random.nextInt(3) == 0
        ? "{\"String\": \"" + Fuzz.pick(random, List.of(" ", "a", "▁", "", "ab", "é")) + "\"}"
        : "{\"Regex\": \"" + Fuzz.pick(random, PATTERNS) + "\"}";
  }

  private static String text(RandomGenerator random) {
    return switch (random.nextInt(12)) {
      case 0 -> "";
      case 1 -> "a".repeat(1 + random.nextInt(2000));
      case 2, 3, 4, 5 -> "▁";
      default -> Fuzz.pick(random, List.of(" ", "▁", "aa", "##", "😀", "\\\\1", "$0", "é"));
    };
  }

  private static int number(RandomGenerator random) {
    return Fuzz.pick(random, List.of(0, 1, 1, 1, -1, 2, 2, 5, 100, Integer.MAX_VALUE));
  }

  private static String normalizer(RandomGenerator random) {
    return switch (random.nextInt(9)) {
      case 0, 1 ->
          "{\"type\": \"Replace\", \"pattern\": %s, \"content\": \"%s\"}"
              .formatted(pattern(random), text(random));
      case 2 -> "{\"type\": \"Prepend\", \"prepend\": \"%s\"}".formatted(text(random));
      case 3 ->
          "{\"type\": \"BertNormalizer\", \"clean_text\": %b, \"handle_chinese_chars\": %b, \"strip_accents\": null, \"lowercase\": %b}"
              .formatted(random.nextBoolean(), random.nextBoolean(), random.nextBoolean());
      case 4 ->
          "{\"type\": \"Strip\", \"strip_left\": %b, \"strip_right\": %b}"
              .formatted(random.nextBoolean(), random.nextBoolean());
      case 5, 6 -> precompiled(random);
      default ->
          "{\"type\": \"%s\"}"
              .formatted(
                  Fuzz.pick(
                      random,
                      List.of(
                          "NFC",
                          "NFD",
                          "NFKC",
                          "NFKD",
                          "Lowercase",
                          "Nmt",
                          "StripAccents",
                          "ByteLevel",
                          "X")));
    };
  }

  /// A table of replacements whose trie is random, short, or points outside of itself.
  private static String precompiled(RandomGenerator random) {
    int units = random.nextInt(300);
    byte[] bytes = new byte[4 + units * 4 + random.nextInt(50)];
    if (random.nextBoolean()) {
      random.nextBytes(bytes);
    }
    int size = random.nextInt(4) == 0 ? random.nextInt() : units * 4;
    for (int i = 0; i < 4; i++) {
      bytes[i] = (byte) (size >> 8 * i);
    }
    return "{\"type\": \"Precompiled\", \"precompiled_charsmap\": \"%s\"}"
        .formatted(Base64.getEncoder().encodeToString(bytes));
  }

  private static String preTokenizer(RandomGenerator random) {
    return switch (random.nextInt(10)) {
      case 9 -> "{\"type\": \"CharDelimiterSplit\", \"delimiter\": \"%s\"}".formatted(text(random));
      case 0, 1, 2 ->
          "{\"type\": \"Split\", \"pattern\": %s, \"behavior\": \"%s\", \"invert\": %b}"
              .formatted(pattern(random), Fuzz.pick(random, BEHAVIOURS), random.nextBoolean());
      case 3 -> "{\"type\": \"FixedLength\", \"length\": %d}".formatted(number(random));
      case 4 ->
          "{\"type\": \"Metaspace\", \"replacement\": \"%s\", \"prepend_scheme\": \"%s\", \"split\": %b}"
              .formatted(
                  text(random),
                  Fuzz.pick(
                      random, List.of("always", "first", "never", "always", "first", "never", "x")),
                  random.nextBoolean());
      case 5 ->
          "{\"type\": \"ByteLevel\", \"add_prefix_space\": %b, \"trim_offsets\": %b, \"use_regex\": %b}"
              .formatted(random.nextBoolean(), random.nextBoolean(), random.nextBoolean());
      case 6 -> "{\"type\": \"Digits\", \"individual_digits\": %b}".formatted(random.nextBoolean());
      case 7 ->
          "{\"type\": \"Punctuation\", \"behavior\": \"%s\"}"
              .formatted(Fuzz.pick(random, BEHAVIOURS));
      default ->
          "{\"type\": \"%s\"}"
              .formatted(
                  Fuzz.pick(
                      random,
                      List.of(
                          "Whitespace",
                          "WhitespaceSplit",
                          "BertPreTokenizer",
                          "UnicodeScripts",
                          "Delimiter",
                          "X")));
    };
  }

  private static String decoder(RandomGenerator random) {
    return switch (random.nextInt(8)) {
      case 0, 1 ->
          "{\"type\": \"Replace\", \"pattern\": %s, \"content\": \"%s\"}"
              .formatted(pattern(random), text(random));
      case 2 ->
          "{\"type\": \"Strip\", \"content\": \"%s\", \"start\": %d, \"stop\": %d}"
              .formatted(text(random), number(random), number(random));
      case 3 ->
          "{\"type\": \"WordPiece\", \"prefix\": \"%s\", \"cleanup\": %b}"
              .formatted(text(random), random.nextBoolean());
      case 4 -> "{\"type\": \"BPEDecoder\", \"suffix\": \"%s\"}".formatted(text(random));
      case 5 ->
          "{\"type\": \"CTC\", \"pad_token\": \"%s\", \"word_delimiter_token\": \"|\", \"cleanup\": %b}"
              .formatted(text(random), random.nextBoolean());
      case 6 ->
          "{\"type\": \"Metaspace\", \"replacement\": \"%s\", \"prepend_scheme\": \"always\", \"split\": true}"
              .formatted(text(random));
      default ->
          "{\"type\": \"%s\"}"
              .formatted(Fuzz.pick(random, List.of("ByteLevel", "ByteFallback", "Fuse", "X")));
    };
  }

  private static String postProcessor(RandomGenerator random) {
    String special = Fuzz.pick(random, List.of("<s>", "[CLS]", "</s>", "none", ""));
    String piece =
        Fuzz.pick(
            random,
            List.of(
                "{\"SpecialToken\": {\"id\": \"%s\", \"type_id\": 0}}".formatted(special),
                "{\"Sequence\": {\"id\": \"A\", \"type_id\": 0}}",
                "{\"Sequence\": {\"id\": \"B\", \"type_id\": 7}}",
                "{\"Sequence\": {\"id\": \"C\", \"type_id\": 0}}"));
    String ids = Fuzz.pick(random, List.of("1", "1, 2", "", "99999", "4294967295", "-1"));
    return switch (random.nextInt(4)) {
      case 0, 1 ->
          """
          {"type": "TemplateProcessing", "single": [%s, {"Sequence": {"id": "A", "type_id": 0}}],
           "pair": [{"Sequence": {"id": "A", "type_id": 0}}, %s, {"Sequence": {"id": "B", "type_id": 1}}],
           "special_tokens": {"<s>": {"id": "<s>", "ids": [%s], "tokens": ["<s>"]}}}
          """
              .formatted(piece, piece, ids);
      case 2 ->
          "{\"type\": \"%s\", \"sep\": [\"%s\", %d], \"cls\": [\"<s>\", 1], \"trim_offsets\": %b, \"add_prefix_space\": %b}"
              .formatted(
                  Fuzz.pick(random, List.of("RobertaProcessing", "BertProcessing")),
                  special,
                  number(random),
                  random.nextBoolean(),
                  random.nextBoolean());
      default ->
          "{\"type\": \"ByteLevel\", \"add_prefix_space\": true, \"trim_offsets\": %b, \"use_regex\": true}"
              .formatted(random.nextBoolean());
    };
  }

  private static void model(RandomGenerator random, ObjectNode root, List<String> done) {
    if (!(root.path("model") instanceof ObjectNode model)) {
      return;
    }
    String key =
        Fuzz.pick(
            random,
            List.of(
                "type",
                "dropout",
                "unk_token",
                "continuing_subword_prefix",
                "end_of_word_suffix",
                "fuse_unk",
                "byte_fallback",
                "ignore_merges",
                "unk_id",
                "max_input_chars_per_word",
                "merges",
                "vocab"));
    if (Set.of("merges", "vocab").contains(key)) {
      JsonNode list = model.path(key);
      if (list instanceof ArrayNode array && !array.isEmpty()) {
        array.set(random.nextInt(array.size()), JSON.readTree("[\"a\", \"\"]"));
      } else if (list instanceof ObjectNode vocab && !vocab.isEmpty()) {
        List<String> pieces = List.copyOf(vocab.propertyNames());
        vocab.put(Fuzz.pick(random, pieces), number(random));
        vocab.remove(Fuzz.pick(random, pieces));
      }
      done.add("model." + key + " changed inside");
      return;
    }
    String value =
        switch (random.nextInt(4)) {
          case 0 -> "null";
          case 1 -> String.valueOf(number(random));
          case 2 -> String.valueOf(random.nextBoolean());
          default ->
              "\""
                  + Fuzz.pick(
                      random,
                      List.of(
                          "",
                          "##",
                          "</w>",
                          "<unk>",
                          "none",
                          "é",
                          "BPE",
                          "Unigram",
                          "WordLevel",
                          "WordPiece"))
                  + "\"";
        };
    model.set(key, JSON.readTree(value));
    done.add("model." + key + " = " + value);
  }

  private static void added(RandomGenerator random, ObjectNode root, List<String> done) {
    if (!(root.path("added_tokens") instanceof ArrayNode tokens)) {
      return;
    }
    int count = random.nextInt(4) == 0 ? random.nextInt(3000) : 1 + random.nextInt(3);
    int first = Fuzz.pick(random, List.of(0, 3, 500, 100_000, Integer.MAX_VALUE - 5000));
    String content = text(random);
    for (int i = 0; i < count; i++) {
      ObjectNode token = JSON.createObjectNode();
      token.put("id", first + i);
      token.put("content", i == 0 ? content : content + i);
      token.put("single_word", random.nextInt(4) == 0);
      token.put("lstrip", random.nextInt(4) == 0);
      token.put("rstrip", random.nextInt(4) == 0);
      token.put("normalized", random.nextBoolean());
      token.put("special", random.nextBoolean());
      tokens.add(token);
    }
    done.add(count + " tokens added from id " + first);
  }
}
