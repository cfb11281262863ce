package dev.lynceus.method.edit;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.GivenTensor;
import dev.lynceus.tensor.file.RankOne;
import dev.lynceus.tensor.file.Safetensors;
import dev.lynceus.tensor.file.SafetensorsWriter;
import java.nio.file.Path;

/// An edit as a file: what is said of a subject, and the change of a matrix that lets a model say
/// it. Whoever adds `left right^T` to the matrix has the edited model; whoever does not, has the
/// other.
///
/// @param revision of the model that it was made for
/// @param subject of which it is said
/// @param said what is said
/// @param layer whose matrix is changed
public record FactEdit(String revision, String subject, String said, int layer, RankOne change) {
  private static final String LEFT = "left";
  private static final String RIGHT = "right";
  private static final String NEXT =
      "Name a file that `lynceus edit --save FILE` wrote for this model.";

  /// An edit of a model.
  public static FactEdit of(
      LoadedModel model, String subject, String said, int layer, RankOne change) {
    return new FactEdit(revision(model), subject, said, layer, change);
  }

  /// Reads a file that [#save] wrote.
  ///
  /// @throws LynceusException BAD_REQUEST if it holds no edit, that of another model, one of
  ///   another shape, or numbers that are not finite
  public static FactEdit load(Path file, LoadedModel model) {
    try (Safetensors opened = Safetensors.open(file);
        Scope scope = Scope.open()) {
      var facts = opened.metadata();
      String layer = facts.getOrDefault("layer", "");
      if (!opened.names().contains(LEFT)
          || !opened.names().contains(RIGHT)
          || !layer.matches("\\d{1,6}")) {
        throw new LynceusException(ErrorCode.BAD_REQUEST, file + " holds no edit", NEXT);
      }
      String found = facts.getOrDefault("revision", "");
      if (!found.equals(revision(model))) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "%s was made for %s, not for %s".formatted(file, found, revision(model)),
            "Name the model that it was made for, or make an edit of this one.");
      }
      int number = Integer.parseInt(layer);
      Tensor matrix = Rome.matrix(model, number);
      Tensor left = GivenTensor.of(opened, LEFT, NEXT, matrix.size(0));
      Tensor right = GivenTensor.of(opened, RIGHT, NEXT, matrix.size(1));
      return new FactEdit(
          found,
          facts.getOrDefault("subject", ""),
          facts.getOrDefault("said", ""),
          number,
          new RankOne(facts.getOrDefault("tensor", ""), left.toFloats(), right.toFloats()));
    }
  }

  /// Writes a safetensors file with the vectors `left` and `right`; which matrix they change is in
  /// its metadata.
  ///
  /// @throws LynceusException NOT_WRITABLE
  public void save(Path file) {
    try (Scope scope = Scope.open()) {
      new SafetensorsWriter()
          .metadata("revision", revision)
          .metadata("tensor", change.tensor())
          .metadata("layer", Integer.toString(layer))
          .metadata("subject", subject)
          .metadata("said", said)
          .add(LEFT, Tensor.of(change.left(), change.left().length).to(DType.FLOAT32))
          .add(RIGHT, Tensor.of(change.right(), change.right().length).to(DType.FLOAT32))
          .write(file);
    }
  }

  private static String revision(LoadedModel model) {
    return model.checkpoint().version();
  }
}
