package dev.lynceus.method;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.lynceus.run.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Which word of an answer a reader is shown first, and why: of the words that are more than form
/// the one that depends on the picture most, measured by hiding the picture ([Blind]); where none
/// does, the first that says something new. Words of form are known for English alone; that a
/// picture of two things wants `are` tells less than that it wants `two`, though `are` comes first
/// and leaves no choice afterwards.
///
/// @param words every word of the answer in order, punctuation left out
/// @param chosen index into `words`, -1 where the answer has none
/// @param reason why this one
/// @param shown what the question was about, as sentences call it
public record WordChoice(List<Weighed> words, int chosen, Reason reason, Shown shown) {
  /// Nats below which the picture does not decide a word: its probability changes by a tenth.
  public static final double LEAST = .1;

  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

  private static final Pattern OFFER = Pattern.compile("([\\p{L}\\p{N}]+),? or ([\\p{L}\\p{N}]+)");

  /// English words of which the form of an answer is made.
  private static final Set<String> FORM =
      Set.of(
          ("a an the this that these those it its he she they there here and or but of in on at by"
                  + " to for from with as is are was were be been being am do does did has have had"
                  + " can could will would should may might must i we you your image picture photo"
                  + " photograph shows show shown seen see appears appear looks seems")
              .split(" "));

  /// Why a word was chosen.
  public enum Reason {
    /// The picture raises it more than any other word that is more than form.
    PICTURE,
    /// The picture decides no such word; it is the first that the question did not say.
    NEW,
    /// The question said them all; it is the last word that is more than form.
    CONTENT,
    /// There is no better one.
    FIRST,
    /// The user named it.
    ASKED,
    /// The user asked for the next token, whatever it is.
    NEXT
  }

  /// A word and what becomes of it without the picture.
  ///
  /// @param text without the spaces around it
  /// @param first its first token in the answer, from 0
  /// @param tokens how many it has
  /// @param logProbability of the word after the words before it: the sum over its tokens, natural
  ///   logarithm
  /// @param blind the same where no position may look at a picture; null without a picture
  public record Weighed(
      String text,
      int first,
      int tokens,
      @Unit("nats") double logProbability,
      @Unit("nats") @Nullable Double blind) {

    /// What the picture does to the word, nats; 0 without a picture.
    public double effect() {
      return blind == null ? 0 : logProbability - blind;
    }
  }

  public WordChoice {
    words = List.copyOf(words);
  }

  /// Weighs the words of an answer, and chooses.
  ///
  /// @param run of one prompt and the answer, with keys and values
  /// @param words the answer
  /// @param ids its tokens
  /// @param logs their log probabilities
  /// @param firstRow the position that predicts the first of them
  /// @param question in which what is said is not new; may be empty
  public static WordChoice of(
      Run run, AnswerWords words, int[] ids, double[] logs, int firstRow, String question) {
    boolean seen = !run.batch().pictures().isEmpty() && ids.length > 0;
    double[] blind = seen ? Blind.logProbabilities(run, firstRow, ids) : new double[0];
    List<Weighed> all = new ArrayList<>();
    for (int[] group : words.groups()) {
      String text = words.text(group);
      if (WORD.matcher(text).find()) {
        all.add(
            new Weighed(
                text,
                group[0],
                group[1] - group[0],
                sum(logs, group),
                seen ? Double.valueOf(sum(blind, group)) : null));
      }
    }
    return chosen(all, question, Shown.of(run.batch().pictures()));
  }

  /// Chooses among words.
  static WordChoice chosen(List<Weighed> words, String question, Shown shown) {
    List<Integer> content =
        IntStream.range(0, words.size())
            .filter(i -> !FORM.containsAll(words(words.get(i).text())))
            .boxed()
            .toList();
    List<Integer> candidates =
        content.isEmpty() ? IntStream.range(0, words.size()).boxed().toList() : content;
    int most =
        candidates.stream().max(Comparator.comparingDouble(i -> words.get(i).effect())).orElse(-1);
    if (most >= 0 && words.get(most).effect() >= LEAST) {
      return new WordChoice(words, most, Reason.PICTURE, shown);
    }
    Set<String> asked = asked(question);
    for (int i : content) {
      if (!asked.containsAll(words(words.get(i).text()))) {
        return new WordChoice(words, i, Reason.NEW, shown);
      }
    }
    // What an answer repeats from a text, it says last: `The color of the dog is brown`.
    return content.isEmpty()
        ? new WordChoice(words, words.isEmpty() ? -1 : 0, Reason.FIRST, shown)
        : new WordChoice(words, content.getLast(), Reason.CONTENT, shown);
  }

  /// Whether a word is one of which the form of an answer is made.
  public static boolean isForm(String word) {
    return FORM.containsAll(words(word));
  }

  /// Whether an answer says anything: a word that is no form and that the question did not say.
  public static boolean tells(String answer, String question) {
    Set<String> said = words(answer);
    said.removeAll(FORM);
    said.removeAll(asked(question));
    return !said.isEmpty();
  }

  /// Words of a question, in small letters, without those that it offers as one of two: these are
  /// new when they are chosen.
  public static Set<String> asked(String question) {
    Set<String> asked = words(question);
    OFFER
        .matcher(question.toLowerCase(Locale.ROOT))
        .results()
        .forEach(offer -> {
          asked.remove(offer.group(1));
          asked.remove(offer.group(2));
        });
    return asked;
  }

  private static Set<String> words(String text) {
    return WORD.matcher(text.toLowerCase(Locale.ROOT))
        .results()
        .map(match -> match.group())
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static double sum(double[] values, int[] group) {
    return Arrays.stream(values, group[0], group[1]).sum();
  }

  /// The same with the word that the user named.
  ///
  /// @param first its first token in the answer
  public WordChoice asked(int first) {
    int index =
        IntStream.range(0, words.size())
            .filter(i -> words.get(i).first() == first)
            .findFirst()
            .orElse(-1);
    return new WordChoice(words, index, Reason.ASKED, shown);
  }

  /// The same with the first word, where the next token was asked for.
  public WordChoice next() {
    return new WordChoice(words, words.isEmpty() ? -1 : 0, Reason.NEXT, shown);
  }

  /// The words in the order in which a reader wants them: the chosen one, then those that the
  /// picture raises most, then the others as they are said.
  public List<Weighed> ranked() {
    List<Weighed> ranked = new ArrayList<>(words);
    ranked.sort(
        Comparator.comparingInt(
                (Weighed word) -> chosen >= 0 && word.equals(words.get(chosen)) ? 0 : 1)
            .thenComparingDouble(word -> word.effect() >= LEAST ? -word.effect() : 0));
    return ranked;
  }

  /// Why this word, for a reader. Part of the JSON, made anew when it is read.
  @JsonProperty(access = JsonProperty.Access.READ_ONLY)
  public String why() {
    String undecided =
        words.stream().anyMatch(word -> word.blind() != null)
            ? "the picture decides no word of content; "
            : "";
    return shown.told(
        switch (reason) {
          case PICTURE -> "the picture decides it most";
          case NEW -> undecided + "this is the first that the question did not say";
          case CONTENT -> undecided + "the question said them all, and this is the last";
          case FIRST -> "it is the first word";
          case ASKED -> "you asked for it";
          case NEXT -> "it is the next token";
        });
  }
}
