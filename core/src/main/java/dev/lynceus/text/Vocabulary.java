package dev.lynceus.text;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Pieces by id and ids by piece, from the `model` and `added_tokens` of `tokenizer.json`.
final class Vocabulary {
  private @Nullable String[] pieces = new String[1024];
  private int size;
  private final Map<String, Integer> ids = new HashMap<>();
  private final Set<Integer> special = new TreeSet<>();

  private Vocabulary() {}

  /// @param root the whole `tokenizer.json`
  /// @param addedIds the ids of its added tokens, as the library numbers them
  static Vocabulary of(JsonNode root, List<Integer> addedIds) {
    Vocabulary vocabulary = new Vocabulary();
    JsonNode vocab = root.path("model").path("vocab");
    if (vocab.isArray()) {
      // Unigram: a list of [piece, score]; the index is the id.
      int id = 0;
      for (JsonNode entry : vocab) {
        vocabulary.put(id++, entry.path(0).asString(""));
      }
    } else {
      for (Map.Entry<String, JsonNode> entry : vocab.properties()) {
        vocabulary.put(entry.getValue().asInt(), entry.getKey());
      }
    }
    int next = 0;
    for (JsonNode added : root.path("added_tokens")) {
      int id = addedIds.get(next++);
      vocabulary.put(id, added.path("content").asString(""));
      if (added.path("special").asBoolean(false)) {
        vocabulary.special.add(id);
      }
    }
    return vocabulary;
  }

  private void put(int id, String piece) {
    if (id < 0) {
      return;
    }
    if (id >= pieces.length) {
      pieces = Arrays.copyOf(pieces, Math.max(id + 1, pieces.length * 2));
    }
    pieces[id] = piece;
    ids.put(piece, id);
    size = Math.max(size, id + 1);
  }

  /// The same with a special token more.
  Vocabulary with(int id, String piece) {
    Vocabulary more = new Vocabulary();
    for (int known = 0; known < size; known++) {
      String own = pieces[known];
      if (own != null) {
        more.put(known, own);
      }
    }
    more.special.addAll(special);
    more.put(id, piece);
    more.special.add(id);
    return more;
  }

  int size() {
    return size;
  }

  /// The piece of an id, or null where the vocabulary has a hole or ends before it.
  @Nullable String piece(int id) {
    return id >= 0 && id < size ? pieces[id] : null;
  }

  OptionalInt id(String piece) {
    Integer id = ids.get(piece);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  Set<Integer> special() {
    return Collections.unmodifiableSet(special);
  }
}
