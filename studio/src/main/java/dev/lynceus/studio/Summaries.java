package dev.lynceus.studio;

import tools.jackson.databind.JsonNode;

/// What came of a run, in the sentence that its result begins with.
final class Summaries {
  private static final int LONGEST = 400;

  private static final String[] PLACES = {
    "/conclusions/0",
    "/conclusion",
    "/headline/sentences/0",
    "/headlines/0/sentences/0",
    "/answer/text",
    "/answer"
  };

  private Summaries() {}

  /// @param value of a result
  static String of(JsonNode value) {
    for (String place : PLACES) {
      JsonNode found = value.at(place);
      if (found.isString() && !found.asString().isBlank()) {
        String text = found.asString();
        return text.substring(0, Math.min(text.length(), LONGEST));
      }
    }
    return "";
  }
}
