package dev.lynceus.method.reader;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// Questions beside passages, and how answers are judged in SQuAD 1.1 (Rajpurkar and others, arXiv
/// 1606.05250): exactly, and by the words that two answers have in common. Of Chinese each
/// character is a word, as in CMRC 2018 (arXiv 1810.07366).
public final class Squad {
  private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

  private Squad() {}

  /// What the words of a text are.
  public enum Language {
    /// Words between spaces; articles do not count.
    EN,
    /// Characters, and what is not Chinese as words.
    ZH
  }

  /// A question beside its passage.
  ///
  /// @param answers any of which is right; empty where the passage has none
  public record Item(String id, String question, String passage, List<String> answers) {
    public Item {
      answers = List.copyOf(answers);
    }
  }

  /// How good an answer is.
  ///
  /// @param exact 1 or 0
  /// @param f1 harmonic mean of precision and recall of its words
  public record Score(double exact, double f1) {}

  /// The best score beside any of the right answers; of a question without one, an empty answer is
  /// right.
  public static Score score(String answer, List<String> right, Language language) {
    if (right.isEmpty()) {
      double good = words(answer, language).isEmpty() ? 1 : 0;
      return new Score(good, good);
    }
    double exact = 0;
    double f1 = 0;
    for (String one : right) {
      List<String> ours = words(answer, language);
      List<String> theirs = words(one, language);
      exact = Math.max(exact, ours.equals(theirs) ? 1 : 0);
      f1 = Math.max(f1, f1(ours, theirs));
    }
    return new Score(exact, f1);
  }

  private static double f1(List<String> ours, List<String> theirs) {
    if (ours.isEmpty() || theirs.isEmpty()) {
      return ours.equals(theirs) ? 1 : 0;
    }
    Map<String, Integer> left = new HashMap<>();
    theirs.forEach(word -> left.merge(word, 1, Integer::sum));
    int common = 0;
    for (String word : ours) {
      if (left.getOrDefault(word, 0) > 0) {
        left.merge(word, -1, Integer::sum);
        common++;
      }
    }
    return 2.0 * common / (ours.size() + theirs.size());
  }

  /// The words that are compared.
  static List<String> words(String text, Language language) {
    StringBuilder plain = new StringBuilder();
    text.toLowerCase(Locale.ROOT)
        .codePoints()
        .filter(c -> PUNCTUATION.indexOf(c) < 0)
        .filter(c -> language == Language.EN || !isChinesePunctuation(c))
        .forEach(c -> {
          boolean alone = language == Language.ZH && isChinese(c);
          plain.append(alone ? " " : "").appendCodePoint(c).append(alone ? " " : "");
        });
    return Stream.of(plain.toString().strip().split("\\s+"))
        .filter(word -> !word.isEmpty())
        .filter(word -> language == Language.ZH || !word.matches("a|an|the"))
        .toList();
  }

  private static boolean isChinese(int c) {
    return Character.UnicodeScript.of(c) == Character.UnicodeScript.HAN;
  }

  private static boolean isChinesePunctuation(int c) {
    int type = Character.getType(c);
    return type == Character.OTHER_PUNCTUATION
        || type == Character.START_PUNCTUATION
        || type == Character.END_PUNCTUATION
        || type == Character.INITIAL_QUOTE_PUNCTUATION
        || type == Character.FINAL_QUOTE_PUNCTUATION
        || type == Character.DASH_PUNCTUATION;
  }

  /// What a question asks for, by the word that it asks with.
  public static String type(String question, Language language) {
    return switch (language) {
      case EN -> english(question.toLowerCase(Locale.ROOT));
      case ZH -> chinese(question);
    };
  }

  private static String english(String question) {
    String padded = " " + question.replaceAll("[^a-z]+", " ") + " ";
    for (String two : List.of("how many", "how much", "how long")) {
      if (padded.contains(" " + two + " ")) {
        return two.equals("how long") ? "how long" : "how many";
      }
    }
    return List.of("who", "whom", "whose", "when", "where", "why", "which", "how", "what").stream()
        .filter(word -> padded.contains(" " + word + " "))
        .findFirst()
        .map(word -> word.startsWith("who") ? "who" : word)
        .orElse("other");
  }

  private static final List<Map.Entry<String, List<String>>> CHINESE =
      List.of(
          Map.entry("how many", List.of("多少", "几")),
          Map.entry("how long", List.of("多久", "多长")),
          Map.entry("when", List.of("何时", "什么时候", "哪年", "哪一年", "什么时间")),
          Map.entry("where", List.of("哪里", "哪儿", "何处", "什么地方", "在哪")),
          Map.entry("who", List.of("谁", "何人", "哪位")),
          Map.entry("why", List.of("为什么", "为何")),
          Map.entry("how", List.of("怎么", "怎样", "如何")),
          Map.entry("which", List.of("哪")),
          Map.entry("what", List.of("什么", "何")));

  private static String chinese(String question) {
    return CHINESE.stream()
        .filter(kind -> kind.getValue().stream().anyMatch(question::contains))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("other");
  }
}
