package dev.lynceus.text.safe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A `tokenizer.json` that was looked at: what the library gets, and what was found out.
///
/// @param root the file built anew from what was checked; its decoder is left out, because texts
///   are decoded here
/// @param ids the id of each added token, in the order of `added_tokens`, as the library numbers
///   them
/// @param longestText characters of the longest text that may be encoded
/// @param normalized contents of added tokens that are looked for in the normalised text
public record TokenizerCheck(
    ObjectNode root, List<Integer> ids, int longestText, List<String> normalized) {
  private static final int MOST_ADDED = 16_384;
  private static final int LONGEST_ADDED = 1000;
  private static final long MOST_ADDED_CHARACTERS = 2_000_000;
  private static final int LARGEST_ID = 1 << 26;

  /// Checks a file.
  ///
  /// @param file the file, parsed
  /// @param own how many of its added tokens are its own; the ids of the others come from files
  ///   beside it, and those that the library gives are taken instead, as in Python
  /// @throws TokenizerDefect for what is not known to be safe
  public static TokenizerCheck of(JsonNode file, int own) {
    Growth growth = new Growth();
    ModelCheck models = new ModelCheck(growth);
    ObjectNode model = models.check(file.path("model"));
    PartCheck parts = new PartCheck(growth);
    ObjectNode root = Fields.NODES.objectNode();
    root.put("version", "1.0");
    root.putNull("truncation");
    root.putNull("padding");
    JsonNode normalizer = parts.normalizer(file.path("normalizer"));
    JsonNode preTokenizer = parts.preTokenizer(file.path("pre_tokenizer"));
    // Native and decoded texts grow apart from each other.
    new PartCheck(new Growth()).decoder(file.path("decoder"));
    Added added = new Added(models, !normalizer.isNull());
    root.set("added_tokens", added.check(file.path("added_tokens"), own));
    root.set("normalizer", normalizer);
    root.set("pre_tokenizer", preTokenizer);
    Set<Long> all = new HashSet<>(models.vocabulary().values());
    added.ids.forEach(id -> all.add((long) id));
    root.set("post_processor", new ProcessorCheck(all).check(file.path("post_processor")));
    root.putNull("decoder");
    root.set("model", model);
    return new TokenizerCheck(
        root,
        List.copyOf(added.ids),
        growth.longestText(),
        normalizer.isNull() ? List.of() : List.copyOf(added.normalized));
  }

  /// The added tokens, numbered as the library numbers them.
  private static final class Added {
    private final Map<String, Long> vocabulary;
    private final long size;
    private final boolean normalizes;
    private final Map<String, Long> added = new HashMap<>();
    private final List<Integer> ids = new ArrayList<>();
    private final List<String> normalized = new ArrayList<>();
    private long largest = -1;

    Added(ModelCheck model, boolean normalizes) {
      this.vocabulary = model.vocabulary();
      this.size = model.size();
      this.normalizes = normalizes;
    }

    ArrayNode check(JsonNode list, int own) {
      ArrayNode checked = Fields.NODES.arrayNode();
      if (list.isMissingNode() || list.isNull()) {
        return checked;
      }
      if (!list.isArray() || list.size() > MOST_ADDED) {
        throw new TokenizerDefect(
            "added_tokens is no list of at most " + MOST_ADDED + " tokens",
            list.isArray() ? TokenizerDefect.Kind.BEYOND_BOUNDS : TokenizerDefect.Kind.BROKEN);
      }
      long characters = 0;
      boolean eats = false;
      boolean blank = false;
      boolean eatsNormalized = false;
      boolean stripsNormalized = false;
      for (JsonNode token : list) {
        Fields fields = Fields.of("added_tokens", token);
        String content = fields.copy("content", LONGEST_ADDED);
        if (content.isEmpty()) {
          throw fields.defect("a token is empty");
        }
        characters += content.length();
        fields.flag("single_word", false);
        boolean left = fields.flag("lstrip", false);
        boolean right = fields.flag("rstrip", false);
        eats |= right;
        blank |= isBlank(content.codePointAt(0));
        boolean special = fields.flag("special", false);
        if (fields.flag("normalized", !special)) {
          normalized.add(content);
          stripsNormalized |= left && normalizes;
          eatsNormalized |= right && normalizes;
        }
        long id = id(content);
        long said = fields.whole(token.path("id"), "id", 0, LARGEST_ID);
        if (said != id && ids.size() < own) {
          throw fields.defect(
              TokenizerDefect.shown(content)
                  + " has the id "
                  + said
                  + ", where the vocabulary has room for "
                  + id);
        }
        fields.to().put("id", id);
        ids.add(Math.toIntExact(id));
        checked.add(fields.to());
      }
      if (characters > MOST_ADDED_CHARACTERS) {
        throw new TokenizerDefect(
            "added_tokens has more than " + MOST_ADDED_CHARACTERS + " characters",
            TokenizerDefect.Kind.BEYOND_BOUNDS);
      }
      // Found inside the space that the token before it took, a token would begin after its end.
      if (eats && blank || eatsNormalized && stripsNormalized) {
        throw new TokenizerDefect(
            "added_tokens has tokens that take the space after them, and one that may begin with space",
            TokenizerDefect.Kind.UNSUPPORTED);
      }
      return checked;
    }

    private long id(String content) {
      Long known = added.getOrDefault(content, vocabulary.get(content));
      long id = known != null ? known : largest >= size || size == 0 ? largest + 1 : size;
      added.put(content, id);
      largest = Math.max(largest, id);
      return id;
    }

    private static boolean isBlank(int c) {
      return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }
  }
}
