package dev.lynceus.method.edit;

import dev.lynceus.method.score.Share;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.tap.Capture;
import dev.lynceus.tensor.file.RankOne;
import dev.lynceus.text.WholeWords;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// What becomes of answers when a model is edited: whether they say now what they shall, and
/// whether those that have nothing to do with it stay what they were.
///
/// @param said what edited answers shall say
/// @param maxTokens of an answer
public record EditTrial(String said, int maxTokens) {

  /// What a question has to do with the edit.
  public enum Group {
    /// The question that the edit was made for.
    ASKED("the question itself"),
    /// The same words about other pictures, or behind other words.
    AGAIN("the same question elsewhere"),
    /// Other questions that name the subject.
    NAMED("other questions that name it"),
    /// Questions that do not name the subject, though their answer should.
    SHOWN("questions whose answer is it"),
    /// All others.
    OTHER("other questions");

    private final String label;

    Group(String label) {
      this.label = label;
    }

    /// As a reader sees it.
    public String label() {
      return label;
    }
  }

  /// A question.
  public record Asked(Group group, String question, Prompt prompt) {}

  /// Its answers.
  ///
  /// @param random of models whose matrix was changed as much at random
  public record Answers(
      Group group, String question, String before, String after, List<String> random) {
    public Answers {
      random = List.copyOf(random);
    }
  }

  /// A group of questions.
  ///
  /// @param before answers of the model itself that say what edited ones shall
  /// @param after those of the edited model
  /// @param random those of models whose matrix was changed as much at random
  /// @param kept answers that the edit left as they were
  /// @param randomKept those that random changes left as they were
  public record Tally(
      Group group, Share before, Share after, Share random, Share kept, Share randomKept) {}

  /// The change by vectors of the same length that mean nothing: another value is written for the
  /// same key.
  public static RankOne random(RankOne edit, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] left = new float[edit.left().length];
    double own = 0;
    double drawn = 0;
    for (int i = 0; i < left.length; i++) {
      left[i] = (float) random.nextGaussian();
      own += (double) edit.left()[i] * edit.left()[i];
      drawn += (double) left[i] * left[i];
    }
    for (int i = 0; i < left.length; i++) {
      left[i] *= (float) Math.sqrt(own / drawn);
    }
    return new RankOne(edit.tensor(), left, edit.right());
  }

  /// Asks all questions.
  ///
  /// @param random models with random changes
  public List<Answers> of(
      LoadedModel model,
      LoadedModel edited,
      List<LoadedModel> random,
      List<Asked> questions,
      Progress progress) {
    List<Answers> all = new ArrayList<>();
    for (Asked asked : questions) {
      progress.step("questions", all.size(), questions.size());
      all.add(
          new Answers(
              asked.group(),
              asked.question(),
              answer(model, asked.prompt()),
              answer(edited, asked.prompt()),
              random.stream().map(one -> answer(one, asked.prompt())).toList()));
    }
    return all;
  }

  /// The answers by group; groups without questions are left out.
  public List<Tally> tallies(List<Answers> answers) {
    Map<Group, List<Answers>> groups = new EnumMap<>(Group.class);
    answers.forEach(one -> groups.computeIfAbsent(one.group(), g -> new ArrayList<>()).add(one));
    List<Tally> tallies = new ArrayList<>();
    groups.forEach((group, all) -> {
      List<String> before = all.stream().map(Answers::before).toList();
      List<String> after = all.stream().map(Answers::after).toList();
      List<String> random = all.stream().flatMap(one -> one.random().stream()).toList();
      int kept = (int) all.stream().filter(one -> one.after().equals(one.before())).count();
      int randomKept =
          all.stream()
              .mapToInt(one ->
                  (int) one.random().stream().filter(text -> text.equals(one.before())).count())
              .sum();
      tallies.add(
          new Tally(
              group,
              saying(before),
              saying(after),
              saying(random),
              Share.of(kept, all.size()),
              Share.of(randomKept, random.size())));
    });
    return tallies;
  }

  private Share saying(List<String> answers) {
    return Share.of((int) answers.stream().filter(this::says).count(), answers.size());
  }

  /// Whether an answer says it, as words of their own.
  boolean says(String answer) {
    return WholeWords.ofAnyCase(said.strip()).matcher(answer).find();
  }

  private String answer(LoadedModel model, Prompt prompt) {
    try (Generation generation =
        model.generate(prompt, GenerationOptions.greedy(maxTokens), Capture.NONE)) {
      return generation.answer().text().strip();
    }
  }
}
