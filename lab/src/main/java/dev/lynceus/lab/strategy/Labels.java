package dev.lynceus.lab.strategy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The answers that an open question is decided among.
public final class Labels {
  /// More would make each of them improbable.
  public static final int MOST = 8;

  private Labels() {}

  /// The different answers among what was said, the most frequent first and of equals the earlier:
  /// at most [#MOST]. Answers are the same if their words are ([AnswerJudge#words]).
  public static List<String> of(List<String> said) {
    Map<List<String>, List<String>> same = new LinkedHashMap<>();
    for (String one : said) {
      List<String> words = AnswerJudge.words(one);
      if (!words.isEmpty()) {
        same.computeIfAbsent(words, key -> new ArrayList<>()).add(one.strip());
      }
    }
    return same.values().stream()
        .sorted((a, b) -> b.size() - a.size())
        .limit(MOST)
        .map(List::getFirst)
        .toList();
  }

  /// Which of some labels an answer means: the one with the same words, else the only one whose
  /// words it holds one after the other; -1 for none.
  public static int meant(String answer, List<String> labels) {
    List<String> words = AnswerJudge.words(answer);
    for (int i = 0; i < labels.size(); i++) {
      if (!words.isEmpty() && AnswerJudge.words(labels.get(i)).equals(words)) {
        return i;
      }
    }
    int found = -1;
    for (int i = 0; i < labels.size(); i++) {
      if (AnswerJudge.WORDS.score(answer, List.of(labels.get(i))) == 1) {
        if (found >= 0) {
          return -1;
        }
        found = i;
      }
    }
    return found;
  }
}
