package dev.lynceus.text.safe;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Post-processors, which put special tokens around a text. The library looks up the special tokens
/// of a template, and its second sequence, without asking whether they are there.
final class ProcessorCheck {
  private static final int MOST_PARTS = 64;
  private static final int MOST_TOKENS = 1000;
  private static final int LONGEST_NAME = 1000;

  private final Set<Long> ids;
  private int parts;

  /// @param ids every id that the vocabulary has
  ProcessorCheck(Set<Long> ids) {
    this.ids = ids;
  }

  JsonNode check(JsonNode part) {
    if (part.isMissingNode() || part.isNull()) {
      return Fields.NODES.nullNode();
    }
    Fields fields = Fields.of("post_processor", part);
    String type = fields.type();
    if (++parts > MOST_PARTS) {
      throw fields.beyond("has more than " + MOST_PARTS + " parts");
    }
    switch (type) {
      case "Sequence" -> sequence(fields);
      case "ByteLevel" -> PartCheck.byteLevel(fields);
      case "BertProcessing" -> pair(fields);
      case "RobertaProcessing" -> {
        pair(fields);
        fields.flag("trim_offsets");
        fields.flag("add_prefix_space");
      }
      case "TemplateProcessing" -> template(fields);
      default ->
          throw fields.unsupported("the type " + TokenizerDefect.shown(type) + " is not known");
    }
    return fields.to();
  }

  private void sequence(Fields fields) {
    JsonNode all = fields.from().path("processors");
    if (!all.isArray()) {
      throw fields.defect("processors is no list");
    }
    ArrayNode checked = fields.to().putArray("processors");
    for (JsonNode one : all) {
      if (one.path("type").asString("").equals("Sequence")) {
        throw fields.defect("a sequence within a sequence");
      }
      checked.add(check(one));
    }
  }

  private long id(Fields fields, JsonNode value, String key) {
    long id = fields.whole(value, key, 0, Integer.MAX_VALUE);
    if (!ids.contains(id)) {
      throw fields.defect(key + " names id " + id + ", which the vocabulary does not have");
    }
    return id;
  }

  private void pair(Fields fields) {
    for (String key : new String[] {"sep", "cls"}) {
      JsonNode pair = fields.from().path(key);
      if (!pair.isArray() || pair.size() != 2) {
        throw fields.defect(key + " is not a token and its id");
      }
      fields
          .to()
          .putArray(key)
          .add(fields.string(pair.get(0), key, LONGEST_NAME))
          .add(id(fields, pair.get(1), key));
    }
  }

  private void template(Fields fields) {
    ObjectNode tokens = fields.to().putObject("special_tokens");
    JsonNode special = fields.from().path("special_tokens");
    if (!special.isObject()) {
      throw fields.defect("special_tokens is no object");
    }
    int count = 0;
    for (Map.Entry<String, JsonNode> entry : special.properties()) {
      Fields token = Fields.of("post_processor special_tokens", entry.getValue());
      fields.string(Fields.NODES.stringNode(entry.getKey()), "special_tokens", LONGEST_NAME);
      JsonNode tokenIds = token.from().path("ids");
      JsonNode texts = token.from().path("tokens");
      if (!tokenIds.isArray() || !texts.isArray() || tokenIds.size() != texts.size()) {
        throw token.defect(
            TokenizerDefect.shown(entry.getKey()) + " has not as many ids as tokens");
      }
      count += tokenIds.size();
      if (count > MOST_TOKENS) {
        throw fields.beyond("has more than " + MOST_TOKENS + " special tokens");
      }
      token.copy("id", LONGEST_NAME);
      ArrayNode idList = token.to().putArray("ids");
      tokenIds.forEach(value -> idList.add(id(token, value, "ids")));
      ArrayNode textList = token.to().putArray("tokens");
      texts.forEach(value -> textList.add(token.string(value, "tokens", LONGEST_NAME)));
      tokens.set(entry.getKey(), token.to());
    }
    fields.to().set("single", pieces(fields, "single", tokens, Set.of("A")));
    fields.to().set("pair", pieces(fields, "pair", tokens, Set.of("A", "B")));
  }

  private static ArrayNode pieces(
      Fields fields, String key, ObjectNode tokens, Set<String> sequences) {
    JsonNode pieces = fields.from().path(key);
    if (!pieces.isArray() || pieces.size() > MOST_PARTS) {
      throw fields.defect(key + " is no list of at most " + MOST_PARTS + " pieces");
    }
    ArrayNode checked = Fields.NODES.arrayNode();
    Set<String> used = new HashSet<>();
    for (JsonNode piece : pieces) {
      String kind = piece.has("Sequence") ? "Sequence" : "SpecialToken";
      JsonNode inside = piece.path(kind);
      if (piece.size() != 1 || !inside.isObject()) {
        throw fields.defect(key + " has a piece that is neither a sequence nor a special token");
      }
      String id = fields.string(inside.path("id"), key, LONGEST_NAME);
      if (kind.equals("Sequence")) {
        if (!sequences.contains(id)) {
          throw fields.defect(
              key + " uses the sequence " + TokenizerDefect.shown(id) + ", which it is not given");
        }
        if (!used.add(id)) {
          throw fields.defect(key + " uses the sequence " + id + " twice");
        }
      } else if (!tokens.has(id)) {
        throw fields.defect(
            key + " uses " + TokenizerDefect.shown(id) + ", which special_tokens does not have");
      }
      checked
          .addObject()
          .putObject(kind)
          .put("id", id)
          .put("type_id", fields.whole(inside.path("type_id"), "type_id", 0, 1000));
    }
    if (!used.equals(sequences)) {
      throw fields.defect(key + " leaves out a sequence");
    }
    return checked;
  }
}
