package dev.lynceus.method;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Target.Aim;
import dev.lynceus.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/// The words of a generated answer: tokens that belong together, and the rows that predict them.
public final class AnswerWords {
  private final Tokenizer tokenizer;
  private final int[] ids;
  private final int firstRow;
  private final List<int[]> groups = new ArrayList<>();

  /// @param ids tokens of the answer
  /// @param firstRow the row that predicts the first of them
  public AnswerWords(Tokenizer tokenizer, int[] ids, int firstRow) {
    this.tokenizer = tokenizer;
    this.ids = ids;
    this.firstRow = firstRow;
    for (int i = 0; i < ids.length; i++) {
      if (i > 0 && continues(ids[i])) {
        int[] last = groups.getLast();
        groups.set(groups.size() - 1, new int[] {last[0], i + 1});
      } else {
        groups.add(new int[] {i, i + 1});
      }
    }
  }

  /// Whether a token goes on with the word before it: it starts with a letter or a digit, without a
  /// space.
  private boolean continues(int id) {
    String text = tokenizer.shown(id);
    return !text.isEmpty()
        && Character.isLetterOrDigit(text.codePointAt(0))
        && !tokenizer.isSpecial(id);
  }

  /// First (inclusive) and last (exclusive) token of every word.
  public List<int[]> groups() {
    return groups;
  }

  /// The text of a word without the spaces around it.
  public String text(int[] group) {
    StringBuilder text = new StringBuilder();
    for (int i = group[0]; i < group[1]; i++) {
      text.append(tokenizer.shown(ids[i]));
    }
    return text.toString().strip();
  }

  /// The target of a word: one aim per token.
  public Target target(int[] group) {
    List<Aim> aims = new ArrayList<>();
    for (int i = group[0]; i < group[1]; i++) {
      aims.add(new Aim(firstRow + i, ids[i], OptionalInt.empty()));
    }
    return new Target(text(group), aims);
  }

  /// The word that begins with a token of the answer.
  ///
  /// @param first index of the token
  Target at(int first) {
    return groups.stream()
        .filter(group -> group[0] == first)
        .findFirst()
        .map(this::target)
        .orElseThrow();
  }

  /// The first word of the answer that reads like `word`, or null.
  public int @org.jspecify.annotations.Nullable [] find(String word) {
    String wanted = word.strip().toLowerCase(Locale.ROOT);
    for (int[] group : groups) {
      if (text(group).toLowerCase(Locale.ROOT).equals(wanted)) {
        return group;
      }
    }
    return null;
  }

  /// A contrast at the place of a word: the first token of it against the first of another.
  public static Target contrast(Tokenizer tokenizer, int row, String word, String against) {
    List<Integer> first = tokenizer.wordIds(word);
    List<Integer> second = tokenizer.wordIds(against);
    int same = 0;
    while (same < first.size()
        && same < second.size()
        && first.get(same).equals(second.get(same))) {
      same++;
    }
    if (same > 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "'%s' and '%s' begin with the same token, so they cannot be told apart here"
              .formatted(word, against),
          same < Math.min(first.size(), second.size())
              ? "Let the answer begin with that part: --start \"… "
                  + tokenizer.shown(first.getFirst()).strip()
                  + "\"."
              : "Choose two different words.");
    }
    return Target.contrast(
        word.strip() + " − " + against.strip(), row, first.getFirst(), second.getFirst());
  }
}
