package dev.lynceus.model;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.error.Spelling;
import dev.lynceus.tensor.file.HubCache;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/// Finds the folder that a model's name means: a bundled model, a folder, or `org/name[@revision]`
/// in the local Hugging Face cache. Never touches the network.
public final class Checkpoints {
  private Checkpoints() {}

  /// A model that ships with Lynceus; found through [ServiceLoader].
  public interface Bundled {

    /// The name that users give.
    String name();

    /// The folder of its checkpoint, unpacked on first use.
    Path folder();
  }

  /// The names of the bundled models.
  public static List<String> bundled() {
    return ServiceLoader.load(Bundled.class).stream().map(model -> model.get().name()).toList();
  }

  /// The folder that a name means.
  ///
  /// @throws LynceusException MODEL_NOT_FOUND, saying where was looked
  public static Path locate(String name) {
    if (name.isBlank()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the model's name is empty",
          "Give a folder, org/name, or a bundled name.");
    }
    Optional<Bundled> model =
        ServiceLoader.load(Bundled.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(candidate -> candidate.name().equals(name))
            .findFirst();
    if (model.isPresent()) {
      return model.get().folder();
    }
    try {
      return HubCache.fromEnvironment().locate(name);
    } catch (LynceusException missing) {
      List<String> near = Spelling.near(name, bundled());
      if (missing.code() != ErrorCode.MODEL_NOT_FOUND || near.isEmpty()) {
        throw missing;
      }
      throw new LynceusException(
          missing.code(),
          String.valueOf(missing.getMessage()),
          "Did you mean %s? %s".formatted(String.join(", ", near), missing.nextStep()),
          missing);
    }
  }
}
