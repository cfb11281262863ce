package dev.lynceus.model.convert;

import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The files of BERT's tokenizer.
final class WordPieceJson {
  private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private WordPieceJson() {}

  /// A `tokenizer.json` that cuts and fills no text: what an exporter fixed for its own use would
  /// shorten passages silently.
  ///
  /// @throws IllegalArgumentException where it is none
  static ObjectNode uncut(String text) {
    if (!(JSON.readTree(text) instanceof ObjectNode tokenizer) || !tokenizer.has("model")) {
      throw new IllegalArgumentException("its tokenizer.json is none");
    }
    tokenizer.putNull("truncation");
    tokenizer.putNull("padding");
    return tokenizer;
  }

  /// A `tokenizer.json` of a list of pieces, one a line. A list without a capital letter is of a
  /// model that reads small letters without accents.
  ///
  /// @throws IllegalArgumentException where a token that BERT needs is not in it
  static ObjectNode of(String vocabulary) {
    List<String> pieces = vocabulary.lines().toList();
    for (String special : SPECIAL) {
      if (!pieces.contains(special)) {
        throw new IllegalArgumentException("its vocab.txt has no " + special);
      }
    }
    boolean small =
        pieces.stream().noneMatch(piece -> !SPECIAL.contains(piece) && piece.matches("\\p{Lu}.*"));
    int open = pieces.indexOf("[CLS]");
    int close = pieces.indexOf("[SEP]");
    ObjectNode tokenizer =
        (ObjectNode)
            JSON.readTree(
                """
                {
                  "version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
                  "normalizer": {"type": "BertNormalizer", "clean_text": true,
                    "handle_chinese_chars": true, "strip_accents": null, "lowercase": %s},
                  "pre_tokenizer": {"type": "BertPreTokenizer"},
                  "post_processor": {"type": "TemplateProcessing",
                    "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
                      {"Sequence": {"id": "A", "type_id": 0}},
                      {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
                    "pair": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
                      {"Sequence": {"id": "A", "type_id": 0}},
                      {"SpecialToken": {"id": "[SEP]", "type_id": 0}},
                      {"Sequence": {"id": "B", "type_id": 1}},
                      {"SpecialToken": {"id": "[SEP]", "type_id": 1}}],
                    "special_tokens": {
                      "[CLS]": {"id": "[CLS]", "ids": [%d], "tokens": ["[CLS]"]},
                      "[SEP]": {"id": "[SEP]", "ids": [%d], "tokens": ["[SEP]"]}}},
                  "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
                  "model": {"type": "WordPiece", "unk_token": "[UNK]",
                    "continuing_subword_prefix": "##", "max_input_chars_per_word": 100}
                }
                """
                    .formatted(small, open, close));
    for (String special : SPECIAL) {
      tokenizer
          .withArray("added_tokens")
          .addObject()
          .put("id", pieces.indexOf(special))
          .put("content", special)
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", false)
          .put("special", true);
    }
    ObjectNode words = ((ObjectNode) tokenizer.path("model")).putObject("vocab");
    for (int id = 0; id < pieces.size(); id++) {
      words.put(pieces.get(id), id);
    }
    return tokenizer;
  }

  /// The `tokenizer_config.json` beside it.
  ///
  /// @param positions most tokens of a text
  static ObjectNode config(ObjectNode tokenizer, int positions) {
    boolean small = tokenizer.path("normalizer").path("lowercase").asBoolean(false);
    ObjectNode config = JSON.createObjectNode();
    config.put("tokenizer_class", "BertTokenizer").put("do_lower_case", small);
    config.put("model_max_length", positions);
    for (String special : SPECIAL) {
      String name = special.substring(1, special.length() - 1).toLowerCase(java.util.Locale.ROOT);
      config.put(name + "_token", special);
    }
    return config;
  }

  /// How many words it has.
  static int size(ObjectNode tokenizer) {
    return tokenizer.path("model").path("vocab").size();
  }

  static String text(ObjectNode json) {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
  }
}
