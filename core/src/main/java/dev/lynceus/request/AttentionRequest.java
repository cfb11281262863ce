package dev.lynceus.request;

import dev.lynceus.method.Finding;
import dev.lynceus.method.attention.AttentionOptions;
import dev.lynceus.method.attention.AttentionResult;
import dev.lynceus.method.attention.HeadRef;
import dev.lynceus.method.attention.ReadingLooks;
import dev.lynceus.method.attention.Sinks;
import dev.lynceus.method.attention.VisualRedistribution;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// Where the heads look while the model answers. Gives an [AttentionResult]; of a model that reads
/// pictures by cross-attention, or a text, [ReadingLooks].
///
/// @param target the word of the answer whose rows are read; empty = all rows
/// @param heads how many heads are told with their maps
/// @param named these heads instead, written `2.1`
/// @param patches positions whose readers are told
/// @param sinkDimensions in which sinks have massive values; none = those in which the first
///   position has them
/// @param sinkThreshold how massive; empty = 20, or half of the root of the width
/// @param redistribution whether attention is also taken from sinks
/// @param why a head and where it looked, written `2.1@most`
/// @param maxTokens most tokens of the answer; empty = what the checkpoint says, else 32
@Gives({AttentionResult.class, ReadingLooks.class})
public record AttentionRequest(
    ModelSpec model,
    Question question,
    Optional<String> target,
    @Setting(otherwise = "6", least = 0, most = 10_000) int heads,
    List<HeadRef> named,
    Optional<String> patches,
    @Setting(least = 0, most = 1_000_000) List<Integer> sinkDimensions,
    @Setting(least = 0, most = 1_000_000) OptionalDouble sinkThreshold,
    Optional<VisualRedistribution> redistribution,
    Optional<AttentionOptions.Why> why,
    @Setting(least = 1, most = 1_000_000) OptionalInt maxTokens)
    implements Request<Finding> {
  public AttentionRequest {
    named = List.copyOf(named);
    sinkDimensions = List.copyOf(sinkDimensions);
  }

  /// What the method is told; what can be wrong with it is refused.
  ///
  /// @param most tokens of the answer
  /// @throws dev.lynceus.error.LynceusException BAD_REQUEST
  public AttentionOptions options(int most) {
    return new AttentionOptions(
        target,
        heads,
        named,
        patches,
        new Sinks.Settings(
            sinkDimensions.stream().mapToInt(Integer::intValue).toArray(), sinkThreshold),
        redistribution,
        why,
        most);
  }
}
