package dev.lynceus.lab.mark;

import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.picture.Chain;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// A question with its picture after an operator.
///
/// @param operator what was done
/// @param chains what made each picture of it, from the first one
/// @param pictures what is shown, at least one
/// @param question as it is asked
/// @param against the picture of the second pass, where tokens are chosen against one
/// @param alpha how much the difference counts there
public record Marked(
    MarkOperator operator,
    List<Chain> chains,
    List<RgbImage> pictures,
    String question,
    Optional<RgbImage> against,
    OptionalDouble alpha) {
  public Marked {
    chains = List.copyOf(chains);
    pictures = List.copyOf(pictures);
  }

  /// The picture that stands in the place of the first one.
  public RgbImage picture() {
    return pictures.getFirst();
  }

  /// The chains of all pictures as JSON, a list of lists.
  public String json() {
    return chains.stream()
        .map(Chain::json)
        .collect(java.util.stream.Collectors.joining(",", "[", "]"));
  }
}
