package dev.lynceus.text.safe;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The fields of one part of the file, read strictly, and the part as it is built anew.
///
/// @param where what to call the part in a defect, for example `normalizer Replace`
/// @param from the part in the file
/// @param to the part as the library gets it
record Fields(String where, JsonNode from, ObjectNode to) {
  static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  static Fields of(String where, JsonNode from) {
    if (!from.isObject()) {
      throw new TokenizerDefect(where + " is no object");
    }
    return new Fields(where, from, NODES.objectNode());
  }

  TokenizerDefect defect(String what) {
    return new TokenizerDefect(where + ": " + what);
  }

  TokenizerDefect beyond(String what) {
    return new TokenizerDefect(where + ": " + what, TokenizerDefect.Kind.BEYOND_BOUNDS);
  }

  TokenizerDefect unsupported(String what) {
    return new TokenizerDefect(where + ": " + what, TokenizerDefect.Kind.UNSUPPORTED);
  }

  /// The name of the type, which is kept.
  String type() {
    String type = string("type", 40);
    to.put("type", type);
    return type;
  }

  String string(String key, int longest) {
    return string(from.path(key), key, longest);
  }

  String string(JsonNode value, String key, int longest) {
    if (!value.isString()) {
      throw defect(key + " is no text");
    }
    String text = value.asString();
    if (text.length() > longest) {
      throw beyond(key + " has " + text.length() + " characters, more than " + longest);
    }
    return wellFormed(text, key);
  }

  /// A text that has a UTF-8 form.
  String wellFormed(String text, String key) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw defect(key + " has half a surrogate pair");
      }
    }
    return text;
  }

  /// Copies a text.
  String copy(String key, int longest) {
    String text = string(key, longest);
    to.put(key, text);
    return text;
  }

  /// Copies one character.
  void copyCharacter(String key) {
    String text = copy(key, 2);
    if (text.codePointCount(0, text.length()) != 1) {
      throw defect(key + " is not one character");
    }
  }

  /// Copies a text that may be null or absent; empty then.
  String copyOptional(String key, int longest) {
    JsonNode value = from.path(key);
    if (value.isMissingNode() || value.isNull()) {
      to.putNull(key);
      return "";
    }
    return copy(key, longest);
  }

  /// Copies a flag that must be there.
  boolean flag(String key) {
    JsonNode value = from.path(key);
    if (!value.isBoolean()) {
      throw defect(key + " is neither true nor false");
    }
    to.put(key, value.asBoolean());
    return value.asBoolean();
  }

  /// Copies a flag that may be absent.
  boolean flag(String key, boolean absent) {
    JsonNode value = from.path(key);
    if (value.isMissingNode() || value.isNull()) {
      to.put(key, absent);
      return absent;
    }
    return flag(key);
  }

  /// A whole number in a range; not copied.
  long whole(JsonNode value, String key, long least, long most) {
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw defect(key + " is no whole number from " + least + " to " + most);
    }
    long number = value.asLong();
    if (number < least || number > most) {
      throw defect(key + " = " + number + " is not from " + least + " to " + most);
    }
    return number;
  }

  /// Copies one of several words.
  String choice(String key, String... choices) {
    String text = string(key, 40);
    for (String choice : choices) {
      if (choice.equals(text)) {
        to.put(key, text);
        return text;
      }
    }
    throw unsupported(
        key + " " + TokenizerDefect.shown(text) + " is not one of " + String.join(", ", choices));
  }
}
