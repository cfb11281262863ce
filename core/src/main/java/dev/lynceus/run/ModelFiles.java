package dev.lynceus.run;

import dev.lynceus.model.Model;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.run.choice.GenerationFiles;
import dev.lynceus.run.choice.GenerationSettings;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.text.Tokenizer;
import java.util.Optional;

/// What the files of a checkpoint say beside its weights, as a model needs it.
final class ModelFiles {
  /// How the token is called that all a decoder says comes after, where the files have no name for
  /// it.
  private static final String BEGIN = "[DEC]";

  private ModelFiles() {}

  private static Optional<VisionLanguageModel> eyes(Model model) {
    return model instanceof VisionLanguageModel seeing ? Optional.of(seeing) : Optional.empty();
  }

  private static Optional<VisionLanguageModel.Reading> reading(Model model) {
    return eyes(model).flatMap(VisionLanguageModel::reading);
  }

  /// The tokenizer, for the words that the model has rows for.
  static Tokenizer tokenizer(Checkpoint checkpoint, Model model) {
    Tokenizer words =
        Tokenizer.load(checkpoint.folder())
            .within(
                model.decoder().config().vocabulary(),
                eyes(model).map(VisionLanguageModel::imageToken).orElse(-1));
    return reading(model)
        .map(VisionLanguageModel.Reading::begin)
        .filter(begin -> !words.hasPiece(begin))
        .map(begin -> words.naming(begin, BEGIN))
        .orElse(words);
  }

  /// How an answer is chosen, and what ends it.
  static GenerationSettings settings(
      Checkpoint checkpoint, Model model, LoadOptions.Choice choice) {
    int vocabulary = model.decoder().config().vocabulary();
    Optional<Integer> end = reading(model).map(VisionLanguageModel.Reading::end);
    return switch (choice) {
      case AS_CHECKPOINT ->
          end.map(id -> GenerationFiles.ofPart(checkpoint, vocabulary, id))
              .orElseGet(() -> GenerationFiles.read(checkpoint, vocabulary));
      case MOST_PROBABLE ->
          end.map(id -> GenerationFiles.endOnly(checkpoint, id))
              .orElseGet(() -> GenerationFiles.endsOnly(checkpoint));
    };
  }
}
