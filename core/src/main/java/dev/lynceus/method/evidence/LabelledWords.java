package dev.lynceus.method.evidence;

import dev.lynceus.method.WordChoice;
import dev.lynceus.method.evidence.ThresholdFit.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Which words of an answer are right, wrong, or of its form, by what is known of it.
///
/// With a right answer: its decisive words are those that are no words of form and that the
/// question did not say; if the answer says them in their order, the first of them is right, else
/// the first word of the answer that decides and is not among them is wrong. Of a yes or a no only
/// that word counts. With a mark alone: the decisive word that the picture moves most. With a list
/// of things alone: each thing and colour that the answer names. Words before the decisive one that
/// decide nothing are of its form.
///
/// @param word its number in the answer
record LabelledWords(int word, Kind kind, boolean right) {
  private static final List<String> NUMBERS =
      List.of(("zero one two three four five six seven eight nine ten eleven twelve").split(" "));

  private static final Set<String> YES_NO = Set.of("yes", "no");

  /// The words that can be labelled.
  static List<LabelledWords> of(Evidence found, Labels labels) {
    List<String> said = found.words().stream().map(word -> plain(word.text())).toList();
    String question = found.question();
    String expected = labels.expected();
    if (said.isEmpty()) {
      return List.of();
    }
    if (expected != null) {
      return compared(found, said, question, expected, labels);
    }
    Boolean right = labels.right();
    if (right != null) {
      int at = decisive(found, said, question);
      return at < 0 ? List.of() : judged(said, question, at, right, kind(right, said, at, labels));
    }
    return described(said, labels);
  }

  private static List<LabelledWords> compared(
      Evidence found, List<String> said, String question, String expected, Labels labels) {
    List<String> all =
        Arrays.stream(expected.split("[^\\p{L}\\p{N}]+"))
            .filter(word -> !word.isEmpty())
            .map(LabelledWords::plain)
            .toList();
    List<String> key = content(all, question);
    if (key.isEmpty()) {
      key = all.isEmpty() ? List.of() : List.of(all.getLast());
    }
    if (key.isEmpty()) {
      return List.of();
    }
    if (YES_NO.contains(key.getFirst())) {
      int at =
          IntStream.range(0, said.size())
              .filter(i -> YES_NO.contains(said.get(i)))
              .findFirst()
              .orElse(-1);
      if (at >= 0) {
        boolean right = said.get(at).equals(key.getFirst());
        return judged(said, question, at, right, kind(right, said, at, labels));
      }
      int other = decisive(found, said, question);
      return other < 0
          ? List.of()
          : judged(said, question, other, false, kind(false, said, other, labels));
    }
    int first = -1;
    int next = 0;
    for (int i = 0; i < said.size() && next < key.size(); i++) {
      if (said.get(i).equals(key.get(next))) {
        first = next == 0 ? i : first;
        next++;
      }
    }
    if (next == key.size()) {
      return judged(said, question, first, true, kind(true, said, first, labels));
    }
    List<String> wanted = key;
    Set<String> asked = WordChoice.asked(question);
    int wrong =
        IntStream.range(0, said.size())
            .filter(i -> decides(said.get(i), asked) && !wanted.contains(said.get(i)))
            .findFirst()
            .orElseGet(() -> decisive(found, said, question));
    return wrong < 0
        ? List.of()
        : judged(said, question, wrong, false, kind(false, said, wrong, labels));
  }

  private static Kind kind(boolean right, List<String> said, int at, Labels labels) {
    // A right no is said without the picture, too.
    if (right) {
      return said.get(at).equals("no") ? Kind.OTHER : Kind.ANSWER;
    }
    String question = labels.question();
    if (labels.answer() != null) {
      return Kind.OTHER;
    }
    List<String> things = question == null ? List.of() : Premises.of(question).things();
    boolean absent =
        things.stream()
            .anyMatch(thing -> labels.absent().stream().anyMatch(one -> same(thing, one)));
    return absent ? Kind.ABSENT : Kind.ANSWER;
  }

  private static List<LabelledWords> judged(
      List<String> said, String question, int at, boolean right, Kind kind) {
    List<LabelledWords> all = new ArrayList<>();
    Set<String> asked = WordChoice.asked(question);
    for (int i = 0; i < at; i++) {
      // Colours and numbers that are said on the way are seen.
      if (!decides(said.get(i), asked) && !Premises.describes(said.get(i))) {
        all.add(new LabelledWords(i, Kind.FORM, true));
      }
    }
    all.add(new LabelledWords(at, kind, right));
    return all;
  }

  /// The word that decides: a yes or a no, else of the words that are new the one that the picture
  /// moves most; -1 for none.
  private static int decisive(Evidence found, List<String> said, String question) {
    if (YES_NO.contains(said.getFirst())) {
      return 0;
    }
    Set<String> asked = WordChoice.asked(question);
    return IntStream.range(0, said.size())
        .filter(i -> decides(said.get(i), asked))
        .boxed()
        .max(Comparator.comparingDouble(i -> Math.abs(found.words().get(i).effect())))
        .orElse(-1);
  }

  private static boolean decides(String word, Set<String> asked) {
    return !WordChoice.isForm(word) && !asked.contains(word);
  }

  private static List<String> content(List<String> words, String question) {
    Set<String> asked = WordChoice.asked(question);
    return words.stream().filter(word -> decides(word, asked)).toList();
  }

  // ---- descriptions

  private static List<LabelledWords> described(List<String> said, Labels labels) {
    List<LabelledWords> all = new ArrayList<>();
    if (labels.present().isEmpty() && labels.absent().isEmpty()) {
      return all;
    }
    Map<String, Boolean> things = new HashMap<>();
    labels.absent().stream()
        .filter(one -> !one.contains(" "))
        .forEach(one -> things.put(Things.single(plain(one)), false));
    labels.present().forEach(one -> things.put(Things.single(last(one)), true));
    for (Claims claim : Claims.of(said, List.of())) {
      Premises.Attribute attribute = claim.attribute();
      Boolean right =
          attribute == null
              ? things.get(Things.single(claim.thing()))
              : so(attribute, labels, things.get(Things.single(claim.thing())));
      if (right == null && labels.complete() && !Premises.anything(claim.thing())) {
        right = false;
      }
      if (right != null) {
        all.add(new LabelledWords(claim.word(), Kind.DESCRIPTION, right));
      }
    }
    return all;
  }

  /// Whether a thing has an attribute; null where that is not known.
  private static @Nullable Boolean so(
      Premises.Attribute attribute, Labels labels, @Nullable Boolean there) {
    if (Boolean.FALSE.equals(there)) {
      return false;
    }
    if (listed(labels.present(), attribute)) {
      return true;
    }
    boolean other =
        labels.present().stream()
            .map(Claimed::of)
            .anyMatch(one ->
                one.attribute() != null
                    && same(one.thing(), attribute.thing())
                    && Premises.alike(one.attribute(), attribute.attribute()));
    return other || listed(labels.absent(), attribute) ? Boolean.FALSE : null;
  }

  private static boolean listed(List<String> list, Premises.Attribute attribute) {
    return list.stream()
        .map(Claimed::of)
        .anyMatch(one ->
            one.attribute() != null
                && same(one.thing(), attribute.thing())
                && plain(one.attribute()).equals(attribute.attribute()));
  }

  /// An entry of a list.
  ///
  /// @param attribute null for a thing alone
  record Claimed(String thing, @Nullable String attribute) {
    static Claimed of(String entry) {
      String[] words = entry.strip().toLowerCase(Locale.ROOT).split("\\s+");
      boolean both = words.length > 1 && Premises.describes(words[words.length - 2]);
      return new Claimed(words[words.length - 1], both ? words[words.length - 2] : null);
    }
  }

  private static String last(String entry) {
    return Claimed.of(entry).thing();
  }

  private static boolean same(String one, String other) {
    return Things.single(plain(one)).equals(Things.single(plain(other)));
  }

  /// In small letters, numbers in words.
  private static String plain(String word) {
    String small = word.strip().toLowerCase(Locale.ROOT);
    boolean digits =
        !small.isEmpty() && small.length() < 3 && small.chars().allMatch(c -> c >= '0' && c <= '9');
    int number = digits ? Integer.parseInt(small) : NUMBERS.size();
    return number < NUMBERS.size() ? NUMBERS.get(number) : small;
  }
}
