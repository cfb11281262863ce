package dev.lynceus.bench;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.Extent;
import dev.lynceus.tensor.DType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a checkpoint of a family and size holds, and what it is asked.
sealed interface Shape permits LlavaShape, FamilyShape {

  /// The name on the command line.
  String label();

  /// The type that its weights have where none is asked for.
  DType usual();

  /// Names and sizes of all tensors, in the order of the files.
  Map<String, long[]> tensors();

  /// The `config.json`.
  ///
  /// @param dtype of the weights
  String config(DType dtype);

  /// Writes what stands beside config and weights: tokenizer, templates, settings of pictures.
  void files(Path folder) throws IOException;

  /// Size of the picture that is shown.
  Extent picture();

  /// Positions of the prompt that is measured, visual tokens included; 0 = as many as picture and
  /// question take.
  int positions();

  /// All of them, in the order of the docs.
  static List<Shape> all() {
    return Stream.<Shape>concat(
            Arrays.stream(LlavaShape.values()), Arrays.stream(FamilyShape.values()))
        .toList();
  }

  /// The shape of a name.
  ///
  /// @throws LynceusException BAD_REQUEST if there is none
  static Shape parse(String label) {
    return all().stream()
        .filter(shape -> shape.label().equals(label))
        .findFirst()
        .orElseThrow(() ->
            new LynceusException(
                ErrorCode.BAD_REQUEST,
                "there is no shape '" + label + "'",
                "Choose one of "
                    + all().stream().map(Shape::label).collect(Collectors.joining(", "))
                    + "."));
  }
}
