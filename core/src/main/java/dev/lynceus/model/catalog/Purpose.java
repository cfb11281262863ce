package dev.lynceus.model.catalog;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.config.Config;
import dev.lynceus.tensor.file.Checkpoint;
import java.util.List;

/// What a checkpoint is for. Families have the same `model_type` whatever their heads are: the
/// class in `architectures` tells, and where none is named, the weights do.
public enum Purpose {
  /// It writes an answer.
  ANSWERS,
  /// It says how well a text fits a picture.
  MATCHES;

  private static final String RETRIEVAL = "ForImageTextRetrieval";

  /// What a checkpoint is for.
  public static Purpose of(Checkpoint checkpoint) {
    List<String> classes =
        checkpoint
            .config()
            .path("architectures")
            .valueStream()
            .map(one -> one.asString(""))
            .toList();
    String type = checkpoint.config().path("model_type").asString("");
    boolean heads = checkpoint.names().contains("itm_head.weight");
    boolean matches =
        classes.isEmpty()
            ? heads && (type.equals("blip") || type.equals("blip-2"))
            : classes.getFirst().endsWith(RETRIEVAL);
    return matches ? MATCHES : ANSWERS;
  }

  /// Refuses a checkpoint that is for something else.
  ///
  /// @throws LynceusException BAD_REQUEST, saying what it is for and who takes it
  static void require(Checkpoint checkpoint, Purpose wanted) {
    Purpose own = of(checkpoint);
    if (own == wanted) {
      return;
    }
    String folder = checkpoint.folder().toString();
    throw switch (own) {
      case MATCHES ->
          new LynceusException(
              ErrorCode.BAD_REQUEST,
              "%s is a model for matching (%s): it says how well texts fit pictures, and writes no answers"
                  .formatted(folder, name(checkpoint)),
              "Use `lynceus match` with it; to ask questions, choose a model that answers.");
      case ANSWERS ->
          new LynceusException(
              ErrorCode.BAD_REQUEST,
              "%s has no head that says how well a text fits a picture (%s)"
                  .formatted(folder, name(checkpoint)),
              "Choose a model for matching, BlipForImageTextRetrieval or"
                  + " Blip2ForImageTextRetrieval; `lynceus ask` asks this one.");
    };
  }

  private static String name(Checkpoint checkpoint) {
    Config config = new Config(checkpoint.config(), "config.json");
    String named = checkpoint.config().path("architectures").path(0).asString("");
    return named.isEmpty() ? "model_type " + config.text("model_type", "none") : named;
  }
}
