package dev.lynceus.pupil;

import dev.lynceus.image.RgbImage;
import dev.lynceus.pupil.world.WorldDomain;
import dev.lynceus.run.Domain;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.text.Message;
import java.util.List;
import java.util.Optional;

/// What the bundled models were made for. They are known by what is in their files, so that a copy
/// of them is known, too.
public final class PupilDomain implements Domain.Known {
  /// More bytes than the weights of a bundled model take: larger ones need not be read.
  private static final long MOST_BYTES = 1 << 25;

  static final String PUPIL = "0f05c3aea1dc5a5e9af70ad093d53a4d0c37225a91e1d501f62ef5b6bbe1a903";
  static final String BASE = "ce280c6e571ff0e1dcaa54f8a205ee38725513837333ba2fa95652a54347b722";

  @Override
  public Optional<Domain> of(Checkpoint checkpoint) {
    if (checkpoint.bytes() > MOST_BYTES) {
      return Optional.empty();
    }
    return switch (checkpoint.fingerprint()) {
      case PUPIL -> Optional.of(new World(true));
      case BASE -> Optional.of(new World(false));
      default -> Optional.empty();
    };
  }

  /// @param sees whether the model takes pictures
  private record World(boolean sees) implements Domain {
    @Override
    public List<String> outside(List<Message> messages, List<RgbImage> pictures) {
      return WorldDomain.outside(messages, pictures, sees).stream()
          .map(reason -> "outside of what this model was made for: " + reason)
          .toList();
    }

    @Override
    public boolean knows(String word) {
      return WorldDomain.knows(word);
    }
  }
}
