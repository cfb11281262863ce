package dev.lynceus.lab.measure;

import dev.lynceus.method.causal.Component;
import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Share;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.tap.Stack;
import java.util.List;

/// What causal tracing finds in a BLIP of the world, where it is known what each patch shows.
///
/// @param model the model
/// @param seed of the scenes
/// @param asked scenes about which a question of each kind was asked
/// @param scenes whose colours were asked for, each once, to be traced
/// @param answered how often it answers right, by kind of question
/// @param traced scenes whose question was answered right: all that follows is about them
/// @param damaged what each damage does to the answer
/// @param restored what comes back when single states are restored
/// @param patches what patches the answer needs
/// @param looked where the cross-attention of the encoder looks
/// @param head the head that looks best
/// @param checks what must hold if the tracing is right
public record TraceReport(
    String model,
    long seed,
    int asked,
    int scenes,
    List<Answered> answered,
    int traced,
    List<Damaged> damaged,
    List<Restored> restored,
    List<Patches> patches,
    List<Looked> looked,
    Head head,
    List<Check> checks) {

  public TraceReport {
    answered = List.copyOf(answered);
    damaged = List.copyOf(damaged);
    restored = List.copyOf(restored);
    patches = List.copyOf(patches);
    looked = List.copyOf(looked);
    checks = List.copyOf(checks);
  }

  /// What is done to the input.
  public enum Damage {
    /// Gaussian noise of 3 deviations on all features of the tower.
    IMAGE_NOISE("noise on the picture"),
    /// The features of the same picture with the colours of two things exchanged.
    IMAGE_SWAP("colours exchanged in the picture"),
    /// Gaussian noise of 3 deviations on the embedding of the asked thing's word.
    WORD_NOISE("noise on the thing's word"),
    /// The word of another thing of the picture.
    WORD_SWAP("another thing's word");

    private final String words;

    Damage(String words) {
      this.words = words;
    }

    /// As a reader sees it.
    public String words() {
      return words;
    }
  }

  /// Positions of the question, and of the answer.
  public enum Where {
    /// The token that begins the question.
    START("[CLS]"),
    /// The word of the asked thing.
    WORD("the thing's word"),
    /// The other words: the mean over them.
    OTHER("another word, mean"),
    /// The token that ends the question.
    END("[SEP]"),
    /// All positions of the question together.
    ALL("all positions together"),
    /// The token that begins the answer.
    ANSWER("[DEC]");

    private final String words;

    Where(String words) {
      this.words = words;
    }

    /// As a reader sees it.
    public String words() {
      return words;
    }
  }

  /// Some questions about scenes of any number of things.
  ///
  /// @param right whole answers, token for token, by greedy choice
  /// @param chance what one gets who always gives the most frequent answer of this kind
  public record Answered(Question.Kind kind, Share right, double chance) {}

  /// What a damage does.
  ///
  /// @param effect how much of the probability of the right answer is lost, mean
  /// @param lost answers that become others
  /// @param gated cases that are traced: those whose answer becomes another and loses 0.1 or more
  public record Damaged(Damage damage, Estimate effect, Share lost, int gated) {}

  /// A state that is restored in the damaged run.
  ///
  /// @param row `embedding`, or the number of the layer
  /// @param effect probability that comes back, by the probability that was lost: means over cases
  ///   by each other; 0 = nothing, 1 = all
  public record Restored(
      Damage damage, Stack stack, Component site, String row, Where where, Estimate effect) {}

  /// Features of the tower that are changed at some patches only.
  public enum Region {
    ASKED("the asked thing's"),
    OTHER("another thing's"),
    GROUND("as many of the ground"),
    REST("all but the asked thing's");

    private final String words;

    Region(String words) {
      this.words = words;
    }

    /// As a reader sees it.
    public String words() {
      return words;
    }
  }

  /// What is changed at some patches.
  ///
  /// @param damage noise, or the features of the picture with two colours exchanged
  /// @param lost answers that become others
  /// @param follows answers that become the thing's new colour, where two were exchanged
  public record Patches(Damage damage, Region region, Share lost, Share follows) {}

  /// Mean attention over the heads of a layer of the encoder, paid by some positions.
  ///
  /// @param own share that goes to the asked thing's patches
  /// @param other share that goes to another thing's patches
  /// @param ground share that goes to as many patches of the ground
  /// @param otherAsked share that goes to the same patches as `own` where the other thing is asked
  ///   for
  /// @param area those patches by all positions: what an even attention would pay
  public record Looked(
      int layer,
      Where where,
      Estimate own,
      Estimate other,
      Estimate ground,
      Estimate otherAsked,
      double area) {}

  /// The head whose attention from the thing's word follows the question most. Chosen on every
  /// second scene, measured on the others.
  ///
  /// @param own share that goes to the asked thing's patches
  /// @param otherAsked share that goes there where the other thing is asked for
  /// @param hits scenes in which the patch that it looks at most lies in the asked thing's box
  /// @param chance part of the patches that lie in it
  public record Head(
      int layer, int head, Estimate own, Estimate otherAsked, Share hits, double chance) {}

  /// Something that follows from how the model is built.
  ///
  /// @param name D1 to D4
  /// @param what one sentence
  /// @param error largest difference of two probabilities that should be the same
  /// @param allowed largest difference that rounding explains
  /// @param of pairs compared
  public record Check(String name, String what, double error, double allowed, int of) {
    /// Whether it holds.
    public boolean holds() {
      return error <= allowed;
    }
  }
}
