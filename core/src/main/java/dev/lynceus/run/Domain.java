package dev.lynceus.run;

import dev.lynceus.image.RgbImage;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.text.Message;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/// What a model was made to answer. A small model says something about any picture and any words:
/// whoever shows its answer shows beside it what this says of the prompt.
@FunctionalInterface
public interface Domain {

  /// Why a conversation lies outside of what the model was made for: a sentence each; empty where
  /// it lies inside.
  ///
  /// @param messages the last one is the question
  /// @param pictures of all messages, in order, as they were read
  List<String> outside(List<Message> messages, List<RgbImage> pictures);

  /// Whether the model was taught a word, in small letters: what it says of others tells nothing.
  default boolean knows(String word) {
    return true;
  }

  /// Somebody who knows the domains of some models; found through [ServiceLoader].
  interface Known {

    /// The domain of a checkpoint; empty where it is none of these models.
    Optional<Domain> of(Checkpoint checkpoint);
  }

  /// The domain of a checkpoint; empty where nobody knows it.
  static Optional<Domain> of(Checkpoint checkpoint) {
    return ServiceLoader.load(Known.class).stream()
        .flatMap(known -> known.get().of(checkpoint).stream())
        .findFirst();
  }
}
