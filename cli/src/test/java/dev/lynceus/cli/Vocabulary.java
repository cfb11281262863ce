package dev.lynceus.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What is said in another way than [dev.lynceus.method.Spoken] and [dev.lynceus.method.Term] do.
final class Vocabulary {
  private static final Map<String, Pattern> VARIANTS = new LinkedHashMap<>();

  static {
    variant(
        "a patch is row 3, column 7",
        "(?!row \\d+, column \\d)(?:\\brow \\d+,? col(umn)? ?\\d|\\br\\d+ c\\d+\\b)");
    variant("a head is head 1.2", "\\b[Ll]ayer \\d+,? head \\d+");
    variant(
        "a depth is after layer 2, or embedding",
        "\\blayer input \\d|\\blayer input,|\\bdepth \\d");
    variant("nothing is minus zero", "(?<![\\d.])[-+\\u2212]0(\\.0+)?(?![\\d.])");
    variant("a number has its zero", "(?<![\\w.\\])}])\\.\\d+");
    variant("100 % is 100 %", "\\b100\\.0 ?%");
    variant("the unit is nats", "\\blog prob\\b|\\battention probability\\b");
    variant("zones are image, question, answer, template", "(?i)\\banswer so far\\b");
    variant("no number is a power of ten", "(?<!\\w)\\d(\\.\\d+)?[eE][-+\\u2212]?\\d+(?!\\w)");
  }

  private Vocabulary() {}

  private static void variant(String rule, String pattern) {
    VARIANTS.put(rule, Pattern.compile(pattern));
  }

  /// Each variant with what it says; empty where all is said in one way.
  static List<String> variants(String text) {
    List<String> found = new ArrayList<>();
    for (Map.Entry<String, Pattern> variant : VARIANTS.entrySet()) {
      Matcher matcher = variant.getValue().matcher(text);
      while (matcher.find() && found.size() < 20) {
        int from = Math.max(0, matcher.start() - 30);
        int to = Math.min(text.length(), matcher.end() + 30);
        found.add(variant.getKey() + ": " + text.substring(from, to).replace('\n', '|'));
      }
    }
    return found;
  }
}
