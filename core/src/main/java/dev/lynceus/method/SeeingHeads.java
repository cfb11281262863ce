package dev.lynceus.method;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.text.TextConfig;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The few heads of a checkpoint through which it sees: found once, by a causal screen on some
/// pictures and questions (`lynceus seeing`), and used for the first map of every explanation.
///
/// @param revision of the checkpoint: its revision or fingerprint
/// @param heads found, the most telling first
/// @param screen how they were found
public record SeeingHeads(String revision, List<Head> heads, Screen screen) {
  /// Most heads of a set: few enough to be told.
  public static final int MOST = 16;

  /// A head of the decoder, both numbers from 0.
  public record Head(int layer, int head) {

    /// `layer.head`.
    public String text() {
      return layer + "." + head;
    }
  }

  /// What the screen measured. A set's score is the mean rank correlation, over questions, between
  /// what a blanked rectangle holds of the set's map and how far the word's log probability falls
  /// when it is blanked.
  ///
  /// @param version of Lynceus
  /// @param source of the questions: the name of a file
  /// @param seed of the rectangles
  /// @param chosenOn questions that the heads were chosen on
  /// @param checkedOn other questions, which nothing was chosen on
  /// @param blankings random rectangles of each picture
  /// @param candidates the heads that told most alone
  /// @param score on the questions that the heads were chosen on
  /// @param checked on the others; NaN where there are none
  /// @param random mean score on the others of as many heads, drawn at random from the same layers
  /// @param all score on the others of all heads together
  public record Screen(
      String version,
      String source,
      long seed,
      int chosenOn,
      int checkedOn,
      int blankings,
      List<Tried> candidates,
      double score,
      double checked,
      double random,
      double all) {
    public Screen {
      candidates = List.copyOf(candidates);
    }
  }

  /// A head alone.
  public record Tried(Head head, double score) {}

  /// Sets that come with bundled models; found through [java.util.ServiceLoader].
  public interface Bundled {

    /// The set of a checkpoint; empty if it is none of the bundled ones.
    Optional<SeeingHeads> of(String revision);
  }

  public SeeingHeads {
    heads = List.copyOf(heads);
  }

  /// Their names, for example `1.2, 1.7`.
  public String text() {
    return String.join(", ", heads.stream().map(Head::text).toList());
  }

  /// Reads JSON.
  ///
  /// @param name what messages call it
  /// @throws LynceusException BAD_CHECKPOINT if it is no such set
  public static SeeingHeads parse(String json, String name) {
    @Nullable Exception cause = null;
    try {
      SeeingHeads read = JsonMapper.shared().readValue(json, SeeingHeads.class);
      if (read != null && read.revision() != null && read.screen() != null) {
        return read;
      }
    } catch (JacksonException | NullPointerException e) {
      cause = e;
    }
    throw broken(name + " holds no seeing heads", cause);
  }

  /// This set, checked against the model that it shall serve.
  ///
  /// @param name what messages call it
  /// @throws LynceusException BAD_CHECKPOINT if it is another model's, empty, or names a head twice
  ///   or one that is not there
  public SeeingHeads fitting(String itsRevision, TextConfig config, String name) {
    if (!revision.equals(itsRevision)) {
      throw broken(name + " holds the seeing heads of another checkpoint, " + revision, null);
    }
    if (heads.isEmpty()
        || heads.size() > MOST
        || heads.stream().distinct().count() < heads.size()) {
      throw broken(
          name
              + " names "
              + heads.size()
              + " heads, or one twice: 1 to "
              + MOST
              + " different ones are needed",
          null);
    }
    for (Head head : heads) {
      if (head.layer() < 0
          || head.layer() >= config.layers()
          || head.head() < 0
          || head.head() >= config.heads()) {
        throw broken(name + " names head " + head.text() + ", which the model has not", null);
      }
    }
    return this;
  }

  private static LynceusException broken(String what, @Nullable Exception cause) {
    return new LynceusException(
        ErrorCode.BAD_CHECKPOINT,
        what,
        "Remove the file, or find the heads again with `lynceus seeing --dataset FILE`.",
        cause);
  }
}
