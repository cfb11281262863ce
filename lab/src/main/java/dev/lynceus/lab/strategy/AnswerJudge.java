package dev.lynceus.lab.strategy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// How good an answer is, 0 to 1, beside those that count as right.
public enum AnswerJudge {
  /// One of the others, as the example has it: `VQA` with ten answers or more, `YES_NO` where all
  /// are yes or no, else `WORDS`.
  AUTO,
  /// The same words, after normalisation.
  EXACT,
  /// The words of a right answer come one after the other in the answer.
  WORDS,
  /// The first yes or no of the answer is the right one.
  YES_NO,
  /// Accuracy of VQA (arXiv 1505.00468): the mean over annotators of `min(1, others who said so /
  /// 3)`.
  VQA,
  /// The largest F1 of its words with those of a right answer (arXiv 1606.05250).
  F1;

  private static final int MANY = 10;
  private static final Set<String> ARTICLES = Set.of("a", "an", "the");
  private static final List<String> NUMBERS =
      List.of(
          "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten");

  /// Judges an answer.
  ///
  /// @param right the answers that count; at least one
  public double score(String answer, List<String> right) {
    List<String> said = words(answer);
    List<List<String>> wanted = right.stream().map(AnswerJudge::words).toList();
    return switch (fitting(wanted)) {
      case EXACT -> wanted.contains(said) ? 1 : 0;
      case WORDS -> wanted.stream().anyMatch(words -> within(words, said)) ? 1 : 0;
      case YES_NO ->
          said.stream()
                  .filter(AnswerJudge::decides)
                  .findFirst()
                  .map(word -> wanted.contains(List.of(word)))
                  .orElse(false)
              ? 1
              : 0;
      case VQA -> vqa(said, wanted);
      case F1 -> wanted.stream().mapToDouble(words -> f1(said, words)).max().orElse(0);
      case AUTO -> throw new IllegalStateException("not a judge of its own");
    };
  }

  private AnswerJudge fitting(List<List<String>> wanted) {
    if (this != AUTO) {
      return this;
    }
    if (wanted.size() >= MANY) {
      return VQA;
    }
    return wanted.stream().allMatch(words -> words.size() == 1 && decides(words.getFirst()))
        ? YES_NO
        : WORDS;
  }

  private static boolean decides(String word) {
    return word.equals("yes") || word.equals("no");
  }

  /// Small letters, no punctuation, no articles, number words as digits.
  public static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    String plain = text.toLowerCase(Locale.ROOT).replaceAll("['’`]", "");
    for (String word : plain.split("[^\\p{L}\\p{N}.]+|(?<!\\p{N})\\.|\\.(?!\\p{N})", -1)) {
      if (!word.isEmpty() && !ARTICLES.contains(word)) {
        int number = NUMBERS.indexOf(word);
        words.add(number < 0 ? word : Integer.toString(number));
      }
    }
    return words;
  }

  private static boolean within(List<String> words, List<String> said) {
    return !words.isEmpty() && java.util.Collections.indexOfSubList(said, words) >= 0;
  }

  private static double vqa(List<String> said, List<List<String>> wanted) {
    long same = wanted.stream().filter(said::equals).count();
    double sum = 0;
    for (List<String> one : wanted) {
      sum += Math.min(1, (same - (one.equals(said) ? 1 : 0)) / 3.0);
    }
    return sum / wanted.size();
  }

  private static double f1(List<String> said, List<String> wanted) {
    Map<String, Integer> left = new HashMap<>();
    wanted.forEach(word -> left.merge(word, 1, Integer::sum));
    int shared = 0;
    for (String word : said) {
      if (left.merge(word, -1, Integer::sum) >= 0) {
        shared++;
      }
    }
    return said.isEmpty() || wanted.isEmpty()
        ? said.equals(wanted) ? 1 : 0
        : 2.0 * shared / (said.size() + wanted.size());
  }
}
