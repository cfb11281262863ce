package dev.lynceus.method.evidence;

import dev.lynceus.method.AnswerWords;
import dev.lynceus.method.Blind;
import dev.lynceus.model.Picture;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.run.Batch;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Asks a model about what another question took for granted.
///
/// Whether a thing is there is asked with yes or no. Whether it has an attribute is asked with a
/// question that leaves the attribute open, `What is the color of the apple?`, and the attribute is
/// compared with what the model says in its place: on the bundled model yes and no tell attributes
/// no better than chance (`lynceus pupil verdict`).
public final class AskBack {
  /// Most tokens of an answer to such a question.
  private static final int MOST = 24;

  /// Words that are written in two ways.
  private static final Map<String, String> SAME =
      Map.of("grey", "gray", "golden", "gold", "metallic", "metal");

  private static final List<String> DIGITS =
      List.of(("zero one two three four five six seven eight nine ten eleven twelve").split(" "));

  private final LoadedModel model;

  public AskBack(LoadedModel model) {
    this.model = model;
  }

  /// What came of a question about an attribute.
  ///
  /// @param question as it was asked
  /// @param said what the model says instead, or likewise
  /// @param odds log probability of the attribute less that of the best other word in its place,
  ///   nats; for a question that yes or no answers, of yes against no
  /// @param effect what the picture raises the log probability of the attribute by, nats
  public record Attribute(String question, String said, double odds, double effect) {}

  /// Log odds of yes against no where the model is asked whether a thing is there.
  public double presence(String thing, List<Picture> pictures) {
    return yes(Things.question(thing), pictures);
  }

  /// Whether a model takes questions: one that only goes on with a description is asked nothing.
  static boolean canBeAsked(LoadedModel model) {
    return !(model.model() instanceof VisionLanguageModel eyes)
        || eyes.reading().map(VisionLanguageModel.Reading::asked).orElse(true);
  }

  /// Log odds of yes against no at the beginning of the answer to any question.
  public double yes(String question, List<Picture> pictures) {
    Prompt prompt = model.prompt(question, pictures, "");
    try (Run run = model.run(prompt, Capture.NONE);
        Scope scope = Scope.open()) {
      Tensor logits = run.logits().to(DType.FLOAT64).reshape(-1);
      return logits.narrow(0, first("Yes"), 1).item() - logits.narrow(0, first("No"), 1).item();
    }
  }

  /// Whether a thing is of a colour.
  public Attribute colour(String thing, String colour, List<Picture> pictures) {
    return attribute(new Premises.Attribute(thing, colour, Premises.Kind.COLOUR), pictures);
  }

  /// Whether there are so many of a thing.
  ///
  /// @param things in the plural
  public Attribute number(String things, String number, List<Picture> pictures) {
    return attribute(new Premises.Attribute(things, number, Premises.Kind.NUMBER), pictures);
  }

  /// Whether a thing has an attribute. An answer in which no word stands in the attribute's place
  /// is followed by the question for yes or no.
  Attribute attribute(Premises.Attribute asked, List<Picture> pictures) {
    if (!asked.alternatives().isEmpty()) {
      Prompt prompt = model.prompt(asked.question(), pictures, "");
      int[] ids = answer(prompt);
      if (ids.length > 0) {
        AnswerWords words = new AnswerWords(model.tokenizer(), ids, prompt.length() - 1);
        for (int[] group : words.groups()) {
          String said = words.text(group).toLowerCase(Locale.ROOT);
          if (asked.alternatives().contains(said)) {
            return compared(asked, prompt, ids, group, said);
          }
        }
      }
    }
    return closed(asked, pictures);
  }

  private int[] answer(Prompt prompt) {
    try (Generation generation =
        model.generate(
            Batch.of(prompt),
            GenerationOptions.greedy(MOST),
            Capture.NONE,
            List.of(),
            text -> {})) {
      return generation.answer().ids();
    }
  }

  /// The attribute against the word that was said.
  private Attribute compared(
      Premises.Attribute asked, Prompt prompt, int[] ids, int[] group, String said) {
    int[] own = Arrays.copyOfRange(ids, group[0], group[1]);
    String wanted = written(asked.attribute(), said);
    int first = prompt.length() - 1 + group[0];
    Prompt longer = prompt.withAnswer(Arrays.copyOf(ids, group[1] - 1));
    Capture logits = Capture.of(Capture.request(Point.LOGITS).at(Positions.from(first)));
    try (Run run = model.run(longer, logits);
        Run hidden = run.replay(List.of(Blind.hide(run)), logits);
        Scope scope = Scope.open()) {
      Tensor seen = logProbabilities(run);
      Tensor blind = logProbabilities(hidden);
      if (same(wanted).equals(same(said))) {
        double odds = Double.POSITIVE_INFINITY;
        for (String other : asked.alternatives()) {
          int[] theirs = pieces(other);
          int at = Arrays.mismatch(own, theirs);
          // Words that begin with the whole of another are not compared.
          boolean comparable = at >= 0 && at < Math.min(own.length, theirs.length);
          if (comparable && !same(other).equals(same(said))) {
            odds = Math.min(odds, value(seen, at, own[at]) - value(seen, at, theirs[at]));
          }
        }
        double effect = 0;
        for (int i = 0; i < own.length; i++) {
          effect += value(seen, i, own[i]) - value(blind, i, own[i]);
        }
        return new Attribute(asked.question(), said, odds, effect);
      }
      int[] theirs = pieces(wanted);
      int at = Arrays.mismatch(own, theirs);
      if (at < 0 || at >= Math.min(own.length, theirs.length)) {
        return closed(asked, prompt.pictures());
      }
      double there = value(seen, at, theirs[at]);
      return new Attribute(
          asked.question(),
          said,
          there - value(seen, at, own[at]),
          there - value(blind, at, theirs[at]));
    }
  }

  /// The question for yes or no.
  private Attribute closed(Premises.Attribute asked, List<Picture> pictures) {
    Premises.Attribute open =
        new Premises.Attribute(asked.thing(), asked.attribute(), Premises.Kind.OTHER);
    String question =
        asked.kind() == Premises.Kind.NUMBER
            ? "Are there " + asked.attribute() + " " + asked.thing() + "?"
            : open.question();
    Prompt prompt = model.prompt(question, pictures, "");
    Capture logits =
        Capture.of(Capture.request(Point.LOGITS).at(Positions.from(prompt.length() - 1)));
    try (Run run = model.run(prompt, logits);
        Run hidden = run.replay(List.of(Blind.hide(run)), logits);
        Scope scope = Scope.open()) {
      Tensor seen = logProbabilities(run);
      int yes = first("Yes");
      double odds = value(seen, 0, yes) - value(seen, 0, first("No"));
      return new Attribute(
          question,
          odds >= 0 ? "yes" : "no",
          odds,
          value(seen, 0, yes) - value(logProbabilities(hidden), 0, yes));
    }
  }

  /// `[rows, vocabulary]`.
  private static Tensor logProbabilities(Run run) {
    return Torch.logSoftmax(run.get(Point.LOGITS, 0).select(0, 0).to(DType.FLOAT64), 1);
  }

  private static double value(Tensor logs, int row, int id) {
    return logs.select(0, row).narrow(0, id, 1).item();
  }

  /// A number as the answer writes numbers.
  private static String written(String attribute, String said) {
    boolean digits = Character.isDigit(said.charAt(0));
    int number = DIGITS.indexOf(attribute);
    if (digits && number >= 0) {
      return Integer.toString(number);
    }
    if (!digits && attribute.chars().allMatch(Character::isDigit)) {
      int value = attribute.length() < 3 ? Integer.parseInt(attribute) : DIGITS.size();
      return value < DIGITS.size() ? DIGITS.get(value) : attribute;
    }
    return attribute;
  }

  private static String same(String word) {
    return SAME.getOrDefault(word, word);
  }

  private int first(String word) {
    return model.tokenizer().wordIds(word).getFirst();
  }

  private int[] pieces(String word) {
    return model.tokenizer().wordIds(word).stream().mapToInt(Integer::intValue).toArray();
  }
}
