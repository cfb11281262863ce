package dev.lynceus.method.probe;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.GivenTensor;
import dev.lynceus.tensor.file.Safetensors;
import dev.lynceus.tensor.file.SafetensorsWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A probe in a file: one tensor, `probe`, `[classes, width + 1]`, how each class is read from
/// states as they are, and in the metadata what the classes are and where they are read.
///
/// @param names of the classes
/// @param depth at which it reads; 0 is what enters the first layer
/// @param positions whose mean state it reads
/// @param revision checkpoint that it was fitted for
public record StoredProbe(
    LinearProbe probe, List<String> names, int depth, String positions, String revision) {
  private static final String NAME = "probe";
  private static final String NEXT =
      "Name a file that `lynceus probe --save FILE` wrote for this model.";

  public StoredProbe {
    names = List.copyOf(names);
  }

  /// The class that it reads from a prompt.
  public String read(LoadedModel model, Prompt prompt) {
    try (Run run = model.run(prompt, ProbedStates.capture(model))) {
      return names.get(probe.read(ProbedStates.of(run, positions)[depth]));
    }
  }

  /// Writes it as safetensors.
  ///
  /// @throws LynceusException NOT_WRITABLE
  public void save(Path file) {
    int width = probe.direction(0).length;
    float[] all = new float[names.size() * width];
    for (int k = 0; k < names.size(); k++) {
      double[] direction = probe.direction(k);
      for (int c = 0; c < width; c++) {
        all[k * width + c] = (float) direction[c];
      }
    }
    try (Tensor tensor = Tensor.of(all, names.size(), width)) {
      new SafetensorsWriter()
          .metadata("classes", String.join("\n", names))
          .metadata("depth", Integer.toString(depth))
          .metadata("positions", positions)
          .metadata("revision", revision)
          .add(NAME, tensor)
          .write(file);
    }
  }

  /// Reads such a file.
  ///
  /// @throws LynceusException BAD_REQUEST if it holds no probe, or none of this model
  public static StoredProbe load(Path file, LoadedModel model) {
    try (Safetensors opened = Safetensors.open(file);
        Scope scope = Scope.open()) {
      Map<String, String> about = opened.metadata();
      String classes = about.get("classes");
      String depth = about.getOrDefault("depth", "");
      String positions = about.get("positions");
      int layers = model.model().decoder().config().layers();
      if (!opened.names().contains(NAME)
          || classes == null
          || positions == null
          || !depth.matches("\\d{1,6}")
          || Integer.parseInt(depth) > layers) {
        throw new LynceusException(ErrorCode.BAD_REQUEST, file + " holds no probe", NEXT);
      }
      String found = about.getOrDefault("revision", "");
      if (!found.equals(model.checkpoint().version())) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "%s was fitted for %s, not for %s".formatted(file, found, model.checkpoint().version()),
            "Fit it anew for this model.");
      }
      List<String> names = List.of(classes.split("\n", -1));
      int width = model.model().decoder().config().width() + 1;
      double[] all = GivenTensor.of(opened, NAME, NEXT, names.size(), width).toDoubles();
      double[][] directions = new double[names.size()][width];
      for (int k = 0; k < names.size(); k++) {
        System.arraycopy(all, k * width, directions[k], 0, width);
      }
      return new StoredProbe(
          LinearProbe.of(directions), names, Integer.parseInt(depth), positions, found);
    }
  }
}
