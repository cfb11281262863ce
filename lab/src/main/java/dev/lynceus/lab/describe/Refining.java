package dev.lynceus.lab.describe;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.strategy.Choice;
import dev.lynceus.method.Unit;
import java.util.ArrayList;
import java.util.List;

/// The loop of context-aware description (CVR-LLM, arXiv 2409.13980): an answer is read from a
/// description, a question is asked that checks it, who sees the picture answers that, and the
/// answer is read again.
///
/// @param captioner who sees the picture
/// @param reasoner who reads and asks
/// @param loops how often a question is asked; published: 1; 0 = the plain description
/// @param keep whether a new description takes the place of the old one
public record Refining(Captioner captioner, Reasoner reasoner, int loops, Keep keep) {
  /// Most loops.
  public static final int MOST = 4;

  /// A loop that changes the probability by less, and the answer not, is the last.
  private static final double SETTLED = .01;

  /// What becomes of the description so far.
  public enum Keep {
    /// The new one stands behind it.
    BOTH,
    /// The new one takes its place.
    LAST
  }

  /// Who sees the picture.
  @FunctionalInterface
  public interface Captioner {
    /// What it says.
    ///
    /// @param asked a question; empty for a description
    String say(String asked);
  }

  /// Who does not see the picture.
  public interface Reasoner {
    /// What it holds of the answers.
    Choice answer(String description);

    /// A question about the picture.
    String ask(String description, String prediction);
  }

  /// One round.
  ///
  /// @param number from 0
  /// @param asked the question that was put to who sees; empty for the first description
  /// @param said what that said
  /// @param description that the answer is read from
  /// @param prediction the most probable answer
  /// @param probability of it among the candidates
  /// @param choice all candidates
  public record Round(
      int number,
      String asked,
      String said,
      String description,
      String prediction,
      @Unit("probability") double probability,
      Choice choice) {}

  /// All rounds.
  ///
  /// @param rounds the first is the plain description
  /// @param settled whether it ended early because nothing changed any more
  public record Ledger(List<Round> rounds, boolean settled) {
    public Ledger {
      rounds = List.copyOf(rounds);
    }

    /// The last one.
    public Round last() {
      return rounds.getLast();
    }
  }

  public Refining {
    if (loops < 0 || loops > MOST) {
      throw new LynceusException(ErrorCode.BAD_REQUEST, loops + " loops", "Use 0 to " + MOST + ".");
    }
  }

  /// Goes round.
  ///
  /// @param first a description to begin with; empty to ask for one
  /// @param questions to ask in the first rounds, in the place of the reasoner's
  public Ledger run(String first, List<String> questions) {
    List<Round> rounds = new ArrayList<>();
    String description = first.isEmpty() ? captioner.say("") : first;
    rounds.add(round("", description, description));
    boolean settled = false;
    for (int loop = 0; loop < loops && !settled; loop++) {
      Round before = rounds.getLast();
      String asked =
          loop < questions.size()
              ? questions.get(loop)
              : reasoner.ask(before.description, before.prediction);
      String said = captioner.say(asked);
      Round now = round(asked, said, joined(before.description, said));
      rounds.add(now);
      settled =
          loop + 1 < loops
              && now.prediction.equals(before.prediction)
              && Math.abs(now.probability - before.probability) < SETTLED;
    }
    return new Ledger(number(rounds), settled);
  }

  private static List<Round> number(List<Round> rounds) {
    List<Round> numbered = new ArrayList<>();
    for (Round one : rounds) {
      numbered.add(
          new Round(
              numbered.size(),
              one.asked,
              one.said,
              one.description,
              one.prediction,
              one.probability,
              one.choice));
    }
    return numbered;
  }

  private Round round(String asked, String said, String description) {
    Choice choice = reasoner.answer(description);
    return new Round(
        0,
        asked,
        said,
        description,
        choice.answer(),
        choice.probabilities().get(choice.best()),
        choice);
  }

  private String joined(String before, String said) {
    return switch (keep) {
      case LAST -> said;
      // What was said already adds nothing.
      case BOTH -> before.contains(said) ? before : before + " " + said;
    };
  }
}
