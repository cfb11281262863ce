package dev.lynceus.lab.procedure;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.experiment.Outcome;
import dev.lynceus.lab.experiment.Procedure;
import dev.lynceus.lab.experiment.UnitRow;
import dev.lynceus.lab.strategy.AnswerJudge;
import dev.lynceus.run.Candidates;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/// The model chooses among given answers: the most probable of them is its answer. The same is
/// asked without the picture, so that what the words alone give away is seen beside it.
final class Choosing implements Procedure.Step {

  /// What stands for a choice when its probability is taken.
  enum As {
    /// Its words.
    WORDS,
    /// Its letter in the list of choices.
    LETTERS
  }

  /// In which order choices are shown.
  enum Order {
    /// As the data set has them.
    GIVEN,
    /// Shuffled by the seed.
    SHUFFLED
  }

  private final Template template;
  private final Candidates.By by;
  private final As as;
  private final Order order;
  private final List<String> offered;

  Choosing(Settings read) {
    as = read.choice("as", As.WORDS);
    String usual =
        switch (as) {
          case WORDS -> "{question}";
          case LETTERS -> "{question}\n{choices}\nAnswer with a letter.";
        };
    template = new Template(read.text("prompt", usual));
    by = read.choice("by", Candidates.By.SUM);
    order = read.choice("order", Order.GIVEN);
    offered = read.texts("choices");
  }

  @Override
  public Outcome apply(LoadedModel model, Example example, long seed) {
    List<String> choices = new ArrayList<>(offered.isEmpty() ? example.choices() : offered);
    if (choices.size() < 2) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          example.origin() + " offers no choice",
          "Give choices for all rows with the setting choices, for example choices=yes,no.");
    }
    if (order == Order.SHUFFLED) {
      Collections.shuffle(choices, new Random(seed * 31 + example.id().hashCode()));
    }
    List<String> answers =
        switch (as) {
          case WORDS -> choices;
          case LETTERS -> IntStream.range(0, choices.size()).mapToObj(Template::letter).toList();
        };
    Asked asked = Asked.of(model, example, template, choices);
    Candidates seen = Candidates.of(model, asked.prompt(), answers, Candidates.Ending.CLOSED);
    int best = seen.best(by);
    List<UnitRow> units = new ArrayList<>();
    double[] among = seen.among(by);
    UnitRow.At at = asked.at(seed);
    for (int i = 0; i < among.length; i++) {
      units.add(UnitRow.named(at, "choice", choices.get(i), "probability", among[i]));
      units.add(
          UnitRow.named(
              at, "choice", choices.get(i), "log_probability", seen.scores().get(i).by(by)));
    }
    int right = right(example, choices);
    if (right >= 0) {
      units.add(UnitRow.of(at, "score", best == right ? 1 : 0));
      units.add(UnitRow.of(at, "probability", among[right]));
      // For choices of different numbers: 1 where it is right, on average 0 by chance.
      units.add(UnitRow.of(at, "above_chance", best == right ? 1 : -1.0 / (choices.size() - 1)));
    }
    Optional<Prompt> unseen = asked.blind(model);
    if (right >= 0 && unseen.isPresent()) {
      Candidates blind = Candidates.of(model, unseen.get(), answers, Candidates.Ending.CLOSED);
      units.add(UnitRow.of(at, "score_without_picture", blind.best(by) == right ? 1 : 0));
      units.add(UnitRow.of(at, "probability_without_picture", blind.among(by)[right]));
    }
    Candidates.Score said = seen.scores().get(best);
    return new Outcome(
        asked.row(
            seed,
            choices.get(best),
            said.ids(),
            right < 0 ? null : best == right,
            said.by(Candidates.By.SUM)),
        units,
        List.of(),
        List.of());
  }

  /// The choice that is right; -1 where none of them is known to be.
  private static int right(Example example, List<String> choices) {
    for (String answer : example.answers()) {
      for (int i = 0; i < choices.size(); i++) {
        if (AnswerJudge.words(choices.get(i)).equals(AnswerJudge.words(answer))) {
          return i;
        }
      }
    }
    return -1;
  }
}
