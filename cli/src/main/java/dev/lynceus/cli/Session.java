package dev.lynceus.cli;

import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.file.Checkpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What results say about themselves, known while a command line runs: which command it is, and
/// which model it loaded first. A command that loads two asks the first one.
final class Session {
  private List<String> words = List.of();
  private @Nullable Asked asked;

  /// The model that a result is about.
  ///
  /// @param model as it is called
  /// @param revision commit of a cached model, else the fingerprint of its weights
  /// @param dtype type of the arithmetic
  record Asked(String model, String revision, String dtype) {}

  /// The command that runs, by its words.
  synchronized void command(List<String> given) {
    words = List.copyOf(given);
  }

  /// A model was loaded.
  ///
  /// @param name as it is called
  /// @param type of the arithmetic
  synchronized void loaded(String name, Checkpoint checkpoint, DType type) {
    if (asked == null) {
      asked = new Asked(name, checkpoint.version(), type.toString());
    }
  }

  /// The words of the command; none before one is known.
  synchronized List<String> words() {
    return words;
  }

  /// The first model that was loaded; null before.
  synchronized @Nullable Asked asked() {
    return asked;
  }
}
