package dev.lynceus.pupil.train;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.pupil.train.Parameters.Part;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.file.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Writes checkpoints in the Hugging Face layout, in float16.
///
/// @param tokenizer folder of the tokenizer's files
record Exporter(Parameters parameters, Path tokenizer) {
  private static final String DECODER = "language_model.";
  private static final List<String> OF_PICTURES =
      List.of("processor_config.json", "preprocessor_config.json");

  /// The base model after a stage of texts, the whole model after one of pictures.
  void write(Path folder, Stage stage) {
    boolean pictures =
        switch (stage) {
          case COPY, TEXT -> false;
          case TOWER, PROJECTOR, TUNE -> true;
        };
    SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
    Set<Part> parts =
        pictures ? Set.of(Part.TOWER, Part.PROJECTOR, Part.DECODER) : Set.of(Part.DECODER);
    try (Scope scope = Scope.open()) {
      for (Variables.Entry<Part> entry : parameters.variables().entries(parts)) {
        String name = pictures ? entry.name() : entry.name().substring(DECODER.length());
        writer.add(name, Variables.view(parameters.variables().vector(), entry).to(DType.FLOAT16));
      }
      Files.createDirectories(folder);
      writer.write(folder.resolve("model.safetensors"));
      Files.writeString(
          folder.resolve("config.json"),
          pictures ? parameters.shape().llavaJson() : parameters.shape().llamaJson());
      try (Stream<Path> files = Files.list(tokenizer)) {
        for (Path file : files.toList()) {
          String name = file.getFileName().toString();
          if (pictures || !OF_PICTURES.contains(name)) {
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
