package dev.lynceus.lab.mark;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.List;
import java.util.Optional;

/// What is measured of operators.
///
/// @param operators in their order
/// @param controls regions of the same shape that each is compared with; 0 = none
/// @param seed of the choice of controls
/// @param answer whose log probability is measured; empty = the model's own
/// @param maxTokens most tokens of answers
/// @param alpha of [MarkOperator#CRG]
/// @param layer whose attention makes the mask of [MarkOperator#API]; negative = five eighths of
///   the depth
/// @param map a method whose map makes that mask instead; empty for the attention of that layer
/// @param elsewhere a question about something outside of the region, whose answer should not
///   change; empty for none
/// @param refer a question for the region; empty for none
/// @param sweep whether styles are tried
public record MarkSettings(
    List<MarkOperator> operators,
    int controls,
    long seed,
    Optional<String> answer,
    int maxTokens,
    double alpha,
    int layer,
    Optional<String> map,
    Optional<String> elsewhere,
    Optional<Refer> refer,
    boolean sweep) {

  /// A question for the region.
  ///
  /// @param question for example `What is in the red box?`
  /// @param label that is right
  /// @param candidates that it is chosen among, the label too
  public record Refer(String question, String label, List<String> candidates) {
    public Refer {
      candidates = List.copyOf(candidates);
      if (candidates.size() < 2 || !candidates.contains(label)) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "the label '%s' among %s".formatted(label, candidates),
            "Give at least two candidates, one of them the label.");
      }
    }
  }

  /// Five controls, the model's own answer, nothing else.
  public static MarkSettings of(List<MarkOperator> operators) {
    return new MarkSettings(
        operators,
        5,
        0,
        Optional.empty(),
        32,
        1,
        -1,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false);
  }

  public MarkSettings {
    operators = List.copyOf(operators);
    if (!Double.isFinite(alpha)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "a contrast of " + alpha, "Use a number, for example 1.");
    }
    if (operators.isEmpty() || controls < 0 || controls > 1000 || maxTokens < 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%d operators with %d controls and answers of %d tokens"
              .formatted(operators.size(), controls, maxTokens),
          "Name at least one operator, 0 to 1000 controls, and at least one token.");
    }
  }

  /// Pictures and questions that are made and tried, each with its marks.
  ///
  /// @param regions that each operator is compared with, as many as there is room for
  long marks(int regions) {
    long all = 0;
    for (MarkOperator operator : operators) {
      all +=
          1
              + switch (operator.acts()) {
                case PICTURE, CUT, QUESTION, DECODING -> regions;
                case WHOLE -> 0;
                case MAP -> controls;
              };
    }
    return all + (sweep ? StyleSweep.styles(operators) : 0);
  }
}
