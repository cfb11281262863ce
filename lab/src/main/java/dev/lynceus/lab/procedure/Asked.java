package dev.lynceus.lab.procedure;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.data.ImageSource;
import dev.lynceus.lab.experiment.ExampleRow;
import dev.lynceus.lab.experiment.UnitRow;
import dev.lynceus.model.Picture;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An example as a model is asked it.
///
/// @param example of the data set
/// @param images its pictures, decoded
/// @param prompt what enters the model
/// @param question as it was put
/// @param begun when work on it began, for [#row]
record Asked(Example example, List<RgbImage> images, Prompt prompt, String question, long begun) {

  /// Puts an example to a model.
  ///
  /// @param choices as they are shown, where the template shows them
  /// @throws LynceusException BAD_REQUEST without a question; BAD_IMAGE
  static Asked of(LoadedModel model, Example example, Template template, List<String> choices) {
    long begun = System.nanoTime();
    List<RgbImage> images = new ArrayList<>();
    List<Picture> pictures = new ArrayList<>();
    for (ImageSource source : example.images()) {
      RgbImage image = source.read();
      images.add(image);
      pictures.add(model.picture(source.name(), image));
    }
    String question = template.fill(example, choices);
    if (question.isBlank()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          example.origin() + " asks nothing",
          "Give a prompt of your own with the setting prompt.");
    }
    return new Asked(example, images, model.prompt(question, pictures, ""), question, begun);
  }

  /// The same question without its pictures; empty where there were none, or where the model says
  /// nothing without one.
  Optional<Prompt> blind(LoadedModel model) {
    boolean reads = model.model() instanceof VisionLanguageModel eyes && eyes.reading().isPresent();
    return images.isEmpty() || reads
        ? Optional.empty()
        : Optional.of(model.prompt(question, List.of(), ""));
  }

  /// Its one picture.
  ///
  /// @param why there is to be one, as a sentence
  /// @throws LynceusException BAD_REQUEST for several, or none
  RgbImage only(String why) {
    if (images.size() != 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%s has %d pictures".formatted(example.origin(), images.size()),
          why);
    }
    return images.getFirst();
  }

  /// What rows say they are about.
  UnitRow.At at(long seed) {
    return new UnitRow.At(example.id(), seed);
  }

  /// The row of the example.
  ///
  /// @param answer null where it was not asked to answer
  /// @param correct null where that is not known
  ExampleRow row(
      long seed,
      @Nullable String answer,
      int[] answerIds,
      @Nullable Boolean correct,
      @Nullable Double logProbability) {
    return new ExampleRow(
        example.id(),
        seed,
        example.origin().row(),
        example.images().stream().map(ImageSource::name).toList(),
        images.stream().map(ExampleRow::digest).toList(),
        images.isEmpty() ? null : images.getFirst().width(),
        images.isEmpty() ? null : images.getFirst().height(),
        question,
        example.kind(),
        boxed(prompt.ids()),
        answer,
        boxed(answerIds),
        example.answers().isEmpty() ? null : example.answers().getFirst(),
        correct,
        logProbability,
        (System.nanoTime() - begun) / 1e9,
        null);
  }

  private static List<Integer> boxed(int[] ids) {
    return Arrays.stream(ids).boxed().toList();
  }
}
