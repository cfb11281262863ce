package dev.lynceus.method.cleann;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.lynceus.method.Finding;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.WordChoice;
import java.util.List;
import java.util.Optional;

/// The causal graph behind a word as one head's attention has it, the tokens that explain the word,
/// and whether masking them matters.
///
/// @param head `layer.head`
/// @param word the explained word; of a word of several tokens its first
/// @param row the row that predicts it
/// @param importance largest attention of the row to a patch divided by the largest to a text token
///   after the picture, as LVLM-Interpret weighs heads; infinite without such a token
/// @param nodes of the graph, in the order of the sequence; the explained one is the last
/// @param edges from earlier to later nodes, by index
/// @param sets the explanations by radius, each tested
/// @param smallest the smallest set found that changes the answer when it is masked; empty if none
///   of those that were tried does
/// @param tried how many sets were tried for it
@JsonPropertyOrder("conclusion")
public record CausalExplanation(
    String head,
    String word,
    int row,
    double importance,
    List<Node> nodes,
    List<PartialGraph.Edge> edges,
    List<SetTest> sets,
    Optional<Smallest> smallest,
    int tried)
    implements Finding {

  /// What graph and masking show, in a sentence or two. Part of the JSON, made anew when it is
  /// read.
  @JsonProperty(access = JsonProperty.Access.READ_ONLY)
  public String conclusion() {
    String name = "\u201c" + word + "\u201d";
    if (sets.isEmpty()) {
      return "Nothing in the attention of head %s is joined to %s.".formatted(head, name);
    }
    SetTest test = sets.stream().filter(set -> set.masking() == Masking.MEAN).toList().getLast();
    String masked =
        "Masking %s of the graph takes %s from %s to %s, random sets of as many to %s."
            .formatted(
                test.positions().length == 1
                    ? "the one token"
                    : "all " + test.positions().length + " tokens",
                name,
                Spoken.percent(Math.exp(test.clean())),
                Spoken.percent(Math.exp(test.masked())),
                Spoken.percent(Math.exp(test.randomMasked())));
    double fall = test.clean() - test.masked();
    double chance = test.clean() - test.randomMasked();
    if (fall < WordChoice.LEAST) {
      return masked
          + " The graph tells where head %s looks together, not what %s depends on."
              .formatted(head, name);
    }
    return masked
        + (fall - chance < WordChoice.LEAST
            ? " Any tokens would have done: the graph is not confirmed."
            : " The word depends on these tokens more than on others.");
  }

  /// A token.
  ///
  /// @param attention of the explained row
  /// @param radius its distance in the tree around the explained token, 0 for that token itself, -1
  ///   outside of the tree
  public record Node(int position, String label, String text, double attention, int radius) {}

  /// How tokens are masked.
  public enum Masking {
    /// Their embeddings become the mean of the patches, or of the text.
    MEAN,
    /// The explained row may not look at them, in any layer; what others have read of them stays.
    KNOCKOUT
  }

  /// An explanation set, masked.
  ///
  /// @param positions nodes up to the radius, without the explained one
  /// @param clean log probability of the word before
  /// @param masked and after
  /// @param changes whether another token is now the most probable
  /// @param says that token
  /// @param randomMasked mean log probability after masking random sets of as many patches and as
  ///   many text tokens
  /// @param randomChanges share of these that change the answer
  /// @param lower share of these whose log probability is as low as that of the explanation, or
  ///   lower
  public record SetTest(
      int radius,
      Masking masking,
      int[] positions,
      double clean,
      double masked,
      boolean changes,
      String says,
      double randomMasked,
      double randomChanges,
      double lower) {}

  /// A set that changes the answer, its embeddings replaced by the mean.
  public record Smallest(int[] positions, List<String> labels, String says) {}
}
