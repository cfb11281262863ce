package dev.lynceus.lab.train;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.file.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.stream.Stream;

/// Writes checkpoints in the Hugging Face layout.
///
/// @param files folder of the files of tokenizer and image processor
/// @param dtype what weights are written as
/// @param <P> parts of the model
record Exporter<P extends Enum<P>>(Variables<P> variables, Path files, DType dtype) {

  /// In float16.
  Exporter(Variables<P> variables, Path files) {
    this(variables, files, DType.FLOAT16);
  }

  /// Writes some parts.
  ///
  /// @param prefix what all their names begin with, and are written without
  /// @param config `config.json`
  /// @param without names of files that do not belong to it
  void write(Path folder, Set<P> parts, String prefix, String config, Set<String> without) {
    SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
    try (Scope scope = Scope.open()) {
      for (Variables.Entry<P> entry : variables.entries(parts)) {
        writer.add(
            entry.name().substring(prefix.length()),
            Variables.view(variables.vector(), entry).to(dtype));
      }
      Files.createDirectories(folder);
      writer.write(folder.resolve("model.safetensors"));
      Files.writeString(folder.resolve("config.json"), config);
      try (Stream<Path> all = Files.list(files)) {
        for (Path file : all.toList()) {
          String name = file.getFileName().toString();
          if (!without.contains(name)) {
            Files.copy(file, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
          }
        }
      }
    } catch (IOException e) {
      throw new LynceusException(
          ErrorCode.NOT_WRITABLE,
          "the checkpoint could not be written into " + folder + ": " + e.getMessage(),
          "Choose a folder that you may write to.",
          e);
    }
  }
}
