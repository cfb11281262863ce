package dev.lynceus.pupil.train;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.pupil.train.Parameters.Part;
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

  static Path file(Path folder, Stage stage) {
    return folder.resolve("stage-" + stage.label() + ".safetensors");
  }

  /// Writes the file.
  static void save(
      Path file,
      Parameters parameters,
      AdamW optimizer,
      Stage stage,
      TrainingPlan plan,
      long done) {
    SafetensorsWriter writer =
        new SafetensorsWriter()
            .metadata("stage", stage.label())
            .metadata("done", Long.toString(done))
            .metadata("plan", plan.toString())
            .metadata("steps", Long.toString(plan.steps()));
    try (Scope scope = Scope.open()) {
      for (Parameters.Entry entry : parameters.entries(stage.parts())) {
        writer
            .add(entry.name(), Parameters.view(parameters.vector(), entry))
            .add("mean." + entry.name(), Parameters.view(optimizer.mean(), entry))
            .add("square." + entry.name(), Parameters.view(optimizer.square(), entry));
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
  static void requireFinished(Path folder, Stage stage) {
    long[] progress = progress(file(folder, stage));
    if (progress == null || progress[0] < progress[1]) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the stage " + stage.label() + " is not finished in " + folder,
          "Train the stage " + stage.label() + " first, into the same folder.");
    }
  }

  /// Takes the parts of a stage that was finished.
  ///
  /// @param wanted parts to take
  static void take(Path folder, Stage stage, Set<Part> wanted, Parameters parameters) {
    Path file = file(folder, stage);
    try (Safetensors stored = Safetensors.open(file);
        Scope scope = Scope.open()) {
      for (Parameters.Entry entry : parameters.entries(wanted)) {
        copy(stored, entry.name(), Parameters.view(parameters.vector(), entry));
      }
    }
  }

  /// Continues a stage from its file.
  ///
  /// @return steps that were done
  /// @throws LynceusException BAD_REQUEST if the file is of another plan
  static long resume(
      Path file, Parameters parameters, AdamW optimizer, Stage stage, TrainingPlan plan) {
    try (Safetensors stored = Safetensors.open(file);
        Scope scope = Scope.open()) {
      String other = stored.metadata().getOrDefault("plan", "");
      if (!other.equals(plan.toString())) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "%s was begun with %s, and now it is %s".formatted(file, other, plan),
            "Use the same options to continue, or another folder to begin anew.");
      }
      for (Parameters.Entry entry : parameters.entries(stage.parts())) {
        copy(stored, entry.name(), Parameters.view(parameters.vector(), entry));
        copy(stored, "mean." + entry.name(), Parameters.view(optimizer.mean(), entry));
        copy(stored, "square." + entry.name(), Parameters.view(optimizer.square(), entry));
      }
      return Long.parseLong(stored.metadata().get("done"));
    }
  }

  private static void copy(Safetensors stored, String name, Tensor into) {
    into.copy_(stored.tensor(name));
  }
}
