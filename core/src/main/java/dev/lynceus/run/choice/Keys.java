package dev.lynceus.run.choice;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Generation settings as they are written; every error names the file and the key. A key that is
/// null is not there.
///
/// @param source the file, for errors
/// @param places where a key is looked for, in order
record Keys(String source, List<JsonNode> places) {

  /// The value of a key.
  Optional<JsonNode> find(String key) {
    return places.stream()
        .map(place -> place.path(key))
        .filter(value -> !value.isMissingNode() && !value.isNull())
        .findFirst();
  }

  boolean has(String key) {
    return find(key).isPresent();
  }

  /// All keys with their values.
  List<Map.Entry<String, JsonNode>> all() {
    Map<String, JsonNode> all = new LinkedHashMap<>();
    for (JsonNode place : places) {
      place.properties().stream()
          .filter(entry -> !entry.getValue().isNull())
          .forEach(entry -> all.putIfAbsent(entry.getKey(), entry.getValue()));
    }
    return List.copyOf(all.entrySet());
  }

  OptionalDouble number(String key) {
    Optional<JsonNode> value = find(key);
    if (value.isEmpty()) {
      return OptionalDouble.empty();
    }
    if (!value.get().isNumber()) {
      throw bad(key, "a number");
    }
    return OptionalDouble.of(value.get().asDouble());
  }

  /// A number above 0 and up to 1.
  OptionalDouble share(String key) {
    OptionalDouble value = number(key);
    return value.orElse(0) > 0 && value.getAsDouble() <= 1 ? value : OptionalDouble.empty();
  }

  /// A number above 0 and below 1; at 1 such a key has no effect.
  OptionalDouble part(String key) {
    OptionalDouble value = share(key);
    return value.orElse(1) < 1 ? value : OptionalDouble.empty();
  }

  OptionalInt whole(String key) {
    Optional<JsonNode> value = find(key);
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    if (!value.get().isIntegralNumber() || !value.get().canConvertToInt()) {
      throw bad(key, "a whole number");
    }
    return OptionalInt.of(value.get().asInt());
  }

  OptionalInt whole(String key, int least) {
    OptionalInt value = whole(key);
    if (value.orElse(least) < least) {
      throw bad(key, "a whole number of at least " + least);
    }
    return value;
  }

  boolean flag(String key) {
    Optional<JsonNode> value = find(key);
    if (value.isPresent() && !value.get().isBoolean()) {
      throw bad(key, "true or false");
    }
    return value.isPresent() && value.get().asBoolean();
  }

  /// One text or several.
  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    for (JsonNode text : several(key)) {
      if (!text.isString() || text.asString().isEmpty()) {
        throw bad(key, "a text or a list of texts");
      }
      texts.add(text.asString());
    }
    return texts;
  }

  /// One token id or several.
  List<Integer> ids(String key) {
    List<Integer> ids = new ArrayList<>();
    for (JsonNode id : several(key)) {
      if (!id.isIntegralNumber() || !id.canConvertToInt()) {
        throw bad(key, "a token id or a list of them");
      }
      ids.add(id.asInt());
    }
    return ids;
  }

  /// Token ids of a vocabulary.
  List<Integer> idsWithin(String key, int vocabulary) {
    List<Integer> ids = ids(key);
    if (ids.stream().anyMatch(id -> id < 0 || id >= vocabulary)) {
      throw bad(key, "within the " + vocabulary + " ids of the model");
    }
    return ids;
  }

  private List<JsonNode> several(String key) {
    Optional<JsonNode> value = find(key);
    if (value.isEmpty()) {
      return List.of();
    }
    return value.get().isArray() ? value.get().valueStream().toList() : List.of(value.get());
  }

  /// Sequences with what is added to the score of their last token.
  Optional<SequenceBias> biases(String key, int vocabulary) {
    Map<List<Integer>, Float> biases = new LinkedHashMap<>();
    for (JsonNode pair : several(key)) {
      if (!pair.isArray() || pair.size() != 2 || !pair.get(1).isNumber()) {
        throw bad(key, "a list of pairs of token ids and a number");
      }
      biases.put(sequence(key, pair.get(0), vocabulary), (float) pair.get(1).asDouble());
    }
    return bias(key, biases);
  }

  /// Sequences that may not come. An end token alone is not among them, as in the reference.
  Optional<SequenceBias> bans(String key, int vocabulary, Set<Integer> ends) {
    Map<List<Integer>, Float> biases = new LinkedHashMap<>();
    for (JsonNode list : several(key)) {
      List<Integer> sequence = sequence(key, list, vocabulary);
      if (sequence.size() != 1 || !ends.contains(sequence.getFirst())) {
        biases.put(sequence, Float.NEGATIVE_INFINITY);
      }
    }
    return bias(key, biases);
  }

  private static Optional<SequenceBias> bias(String key, Map<List<Integer>, Float> biases) {
    List<SequenceBias.Entry> entries = new ArrayList<>();
    biases.forEach((ids, bias) ->
        entries.add(
            new SequenceBias.Entry(ids.stream().mapToInt(Integer::intValue).toArray(), bias)));
    return entries.isEmpty() ? Optional.empty() : Optional.of(new SequenceBias(key, entries));
  }

  private List<Integer> sequence(String key, JsonNode list, int vocabulary) {
    List<Integer> ids = new ArrayList<>();
    for (JsonNode id : list) {
      if (!id.isIntegralNumber() || !id.canConvertToInt() || id.asInt() < 0) {
        throw bad(key, "a list of lists of token ids");
      }
      if (id.asInt() >= vocabulary) {
        throw bad(key, "within the " + vocabulary + " ids of the model");
      }
      ids.add(id.asInt());
    }
    if (!list.isArray() || ids.isEmpty()) {
      throw bad(key, "a list of lists of token ids");
    }
    return ids;
  }

  /// A pair of a start and a factor.
  Optional<LengthDecay> decay(String key, Set<Integer> ends) {
    Optional<JsonNode> pair = find(key);
    if (pair.isEmpty()) {
      return Optional.empty();
    }
    boolean right =
        pair.get().isArray()
            && pair.get().size() == 2
            && pair.get().get(0).isIntegralNumber()
            && pair.get().get(0).canConvertToInt()
            && pair.get().get(1).isNumber();
    if (!right) {
      throw bad(key, "a pair of a whole number and a factor");
    }
    return Optional.of(
        new LengthDecay(pair.get().get(0).asInt(), pair.get().get(1).asDouble(), ends));
  }

  /// The error for a value that makes no sense.
  LynceusException bad(String key, String expected) {
    String value = find(key).map(JsonNode::toString).orElse("null");
    return new LynceusException(
        ErrorCode.BAD_CHECKPOINT,
        "%s: %s = %s is not %s"
            .formatted(
                source, key, value.length() <= 80 ? value : value.substring(0, 79) + "…", expected),
        "Correct the value, or leave out all generation settings (--argmax).");
  }
}
