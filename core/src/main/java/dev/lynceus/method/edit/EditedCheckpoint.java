package dev.lynceus.method.edit;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.tensor.file.RankOne;
import dev.lynceus.tensor.file.Safetensors;
import dev.lynceus.tensor.file.SafetensorsWriter;
import dev.lynceus.tensor.file.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A checkpoint's folder once more, with an edit in its weights: any program that reads the one
/// reads the other. The changed matrix is stored in float32, all else byte for byte.
public final class EditedCheckpoint {
  private static final String WEIGHTS = ".safetensors";

  private EditedCheckpoint() {}

  /// Writes the folder.
  ///
  /// @param to a folder that is not there, or is empty
  /// @throws LynceusException NOT_WRITABLE; BAD_REQUEST where the folder holds something
  public static void write(Checkpoint checkpoint, RankOne edit, Path to) {
    try {
      Files.createDirectories(to);
      if (holdsSomething(to)) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST, to + " holds files already", "Name a folder that is not there.");
      }
      for (Path file : files(checkpoint.folder())) {
        Path copy = to.resolve(file.getFileName());
        if (!file.toString().endsWith(WEIGHTS) || !rewritten(file, edit, copy)) {
          Files.copy(file, copy);
        }
      }
    } catch (IOException failure) {
      throw new LynceusException(
          ErrorCode.NOT_WRITABLE,
          "%s cannot be written: %s".formatted(to, failure.getMessage()),
          "Name another folder, on a disk with room for the whole checkpoint.",
          failure);
    }
  }

  private static boolean holdsSomething(Path folder) throws IOException {
    try (Stream<Path> inside = Files.list(folder)) {
      return inside.findAny().isPresent();
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> inside = Files.list(folder)) {
      return inside.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /// Whether a file holds the matrix, and then it is written with the edit.
  private static boolean rewritten(Path file, RankOne edit, Path copy) {
    try (Safetensors weights = Safetensors.open(file);
        Scope scope = Scope.open()) {
      if (!weights.names().contains(edit.tensor())) {
        return false;
      }
      SafetensorsWriter writer = new SafetensorsWriter();
      weights.metadata().forEach(writer::metadata);
      for (String name : weights.names()) {
        if (name.equals(edit.tensor())) {
          writer.add(name, edit.of(weights.tensor(name)));
        } else {
          TensorInfo info = weights.info(name);
          writer.add(name, info.dtype(), info.shape(), weights.segment(name));
        }
      }
      writer.write(copy);
      return true;
    }
  }
}
