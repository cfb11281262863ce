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
  MATCHES,
  /// It makes the pixels of patches that it did not see.
  RECONSTRUCTS;

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
    if (type.equals("vit_mae")) {
      return RECONSTRUCTS;
    }
    boolean heads = checkpoint.names().contains("itm_head.weight");
    boolean matches =
        classes.isEmpty()
            ? heads && (type.equals("blip") || type.equals("blip-2"))
            : classes.getFirst().endsWith(RETRIEVAL);
    return matches ? MATCHES : ANSWERS;
  }

  /// Refuses a checkpoint that is for something else.
  ///
  /// @throws LynceusException UNSUPPORTED_MODEL, saying what it is for and who takes it
  static void require(Checkpoint checkpoint, Purpose wanted) {
    Purpose own = of(checkpoint);
    if (own == wanted) {
      return;
    }
    String folder = checkpoint.folder().toString();
    String what = name(checkpoint);
    throw new LynceusException(
        ErrorCode.UNSUPPORTED_MODEL,
        switch (own) {
          case MATCHES ->
              "%s is a model for matching (%s): it says how well texts fit pictures, and nothing else"
                  .formatted(folder, what);
          case RECONSTRUCTS ->
              "%s is a masked autoencoder (%s): it makes pixels that it did not see, and nothing else"
                  .formatted(folder, what);
          case ANSWERS ->
              switch (wanted) {
                case MATCHES ->
                    "%s has no head that says how well a text fits a picture (%s)"
                        .formatted(folder, what);
                case RECONSTRUCTS -> "%s makes no pixels (%s)".formatted(folder, what);
                case ANSWERS -> throw new IllegalStateException("refused for what it is for");
              };
        },
        own.next(wanted));
  }

  /// What to do with a checkpoint of this kind where another was wanted.
  private String next(Purpose wanted) {
    String use =
        switch (this) {
          case MATCHES -> "Use `lynceus match` with it";
          case RECONSTRUCTS -> "Use `lynceus reconstruct` with it";
          case ANSWERS -> "`lynceus ask`, or `lynceus read` of BERT and its kin, asks this one";
        };
    return use
        + "; here a model "
        + switch (wanted) {
          case MATCHES ->
              "for matching is needed: BlipForImageTextRetrieval or Blip2ForImageTextRetrieval.";
          case RECONSTRUCTS -> "that makes pixels is needed: ViTMAEForPreTraining.";
          case ANSWERS -> "that answers is needed.";
        };
  }

  private static String name(Checkpoint checkpoint) {
    Config config = new Config(checkpoint.config(), "config.json");
    String named = checkpoint.config().path("architectures").path(0).asString("");
    return named.isEmpty() ? "model_type " + config.text("model_type", "none") : named;
  }
}
