package dev.lynceus.lab.train;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Safetensors;
import dev.lynceus.tensor.file.SafetensorsWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/// The file of a stage: the parts that it trains, the optimizer's moments, and how far it is. A
/// stage that is continued from its file gives the same weights, bit for bit, as one that was never
/// stopped.
final class TrainingState {
  private TrainingState() {}

  static Path file(Path folder, Course<?> stage) {
    return folder.resolve("stage-" + stage.label() + ".safetensors");
  }

  /// What a file is of.
  ///
  /// @param stage its name
  /// @param plan everything that the numbers follow from, as a text
  /// @param steps that there shall be
  record Of(String stage, String plan, long steps) {}

  /// Writes the file.
  static <P extends Enum<P>> void save(
      Path file, Variables<P> variables, AdamW<P> optimizer, Set<P> parts, Of of, long done) {
    SafetensorsWriter writer =
        new SafetensorsWriter()
            .metadata("stage", of.stage)
            .metadata("done", Long.toString(done))
            .metadata("plan", of.plan)
            .metadata("steps", Long.toString(of.steps));
    try (Scope scope = Scope.open()) {
      for (Variables.Entry<P> entry : variables.entries(parts)) {
        writer
            .add(entry.name(), Variables.view(variables.vector(), entry))
            .add("mean." + entry.name(), Variables.view(optimizer.mean(), entry))
            .add("square." + entry.name(), Variables.view(optimizer.square(), entry));
      }
      writer.write(file);
    }
  }

  /// Steps that were done and how many there shall be; null where there is no file.
  static long @org.jspecify.annotations.Nullable [] progress(Path file) {
    if (!Files.exists(file)) {
      return null;
    }
    try (Safetensors stored = Safetensors.open(file)) {
      return new long[] {
        Long.parseLong(stored.metadata().getOrDefault("done", "0")),
        Long.parseLong(stored.metadata().getOrDefault("steps", "0"))
      };
    }
  }

  /// Checks that a stage is finished.
  ///
  /// @throws LynceusException BAD_REQUEST if it is not
  static void requireFinished(Path folder, Course<?> stage) {
    if (!isFinished(file(folder, stage))) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the stage " + stage.label() + " is not finished in " + folder,
          "Train the stage " + stage.label() + " first, into the same folder.");
    }
  }

  /// Whether there is a file, and all its steps were done.
  static boolean isFinished(Path file) {
    long[] progress = progress(file);
    return progress != null && progress[0] >= progress[1];
  }

  /// Whether there is a file of this, and all its steps were done.
  ///
  /// @throws LynceusException BAD_REQUEST if the file is of another plan
  static boolean isFinished(Path file, Of of) {
    if (!isFinished(file)) {
      return false;
    }
    try (Safetensors stored = Safetensors.open(file)) {
      requireSame(file, stored, of);
      return true;
    }
  }

  private static void requireSame(Path file, Safetensors stored, Of of) {
    String other = stored.metadata().getOrDefault("plan", "");
    if (!other.equals(of.plan)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%s was begun with %s, and now it is %s".formatted(file, other, of.plan),
          "Use the same options to continue, or another folder to begin anew.");
    }
  }

  /// Takes the parts of a stage that was finished.
  ///
  /// @param wanted parts to take
  static <P extends Enum<P>> void take(Path file, Set<P> wanted, Variables<P> variables) {
    try (Safetensors stored = Safetensors.open(file);
        Scope scope = Scope.open()) {
      for (Variables.Entry<P> entry : variables.entries(wanted)) {
        copy(stored, entry.name(), Variables.view(variables.vector(), entry));
      }
    }
  }

  /// Continues a stage from its file.
  ///
  /// @return steps that were done
  /// @throws LynceusException BAD_REQUEST if the file is of another plan
  static <P extends Enum<P>> long resume(
      Path file, Variables<P> variables, AdamW<P> optimizer, Set<P> parts, Of of) {
    try (Safetensors stored = Safetensors.open(file);
        Scope scope = Scope.open()) {
      requireSame(file, stored, of);
      for (Variables.Entry<P> entry : variables.entries(parts)) {
        copy(stored, entry.name(), Variables.view(variables.vector(), entry));
        copy(stored, "mean." + entry.name(), Variables.view(optimizer.mean(), entry));
        copy(stored, "square." + entry.name(), Variables.view(optimizer.square(), entry));
      }
      return Long.parseLong(stored.metadata().get("done"));
    }
  }

  private static void copy(Safetensors stored, String name, Tensor into) {
    into.copy_(stored.tensor(name));
  }
}
