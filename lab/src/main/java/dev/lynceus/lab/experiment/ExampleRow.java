package dev.lynceus.lab.experiment;

import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.data.ImageSource;
import dev.lynceus.lab.data.Origin;
import dev.lynceus.tensor.file.ContentDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What came of one example: a row of the table `examples`.
///
/// @param example its name in the data set
/// @param seed of what was left to chance
/// @param row where it stands in its file, from 1
/// @param images names of its pictures
/// @param imagesSha256 SHA-256 of the pixels of each
/// @param width of the first picture in pixels; null without one
/// @param height of the first picture
/// @param question as it was put
/// @param kind of the question, as the data set calls it
/// @param promptIds the tokens of the prompt, a placeholder for each visual token
/// @param answer what the model answered; null where it was not asked to answer
/// @param answerIds its tokens
/// @param label the answer that is wanted most; null where none is known
/// @param correct whether the answer is right; null where that is not known
/// @param logProbability of the answer, nats, before any setting of the checkpoint; null without an
///   answer
/// @param seconds that the example took
/// @param error what went wrong; null where nothing did
public record ExampleRow(
    String example,
    long seed,
    long row,
    List<String> images,
    List<String> imagesSha256,
    @Nullable Integer width,
    @Nullable Integer height,
    String question,
    String kind,
    List<Integer> promptIds,
    @Nullable String answer,
    List<Integer> answerIds,
    @Nullable String label,
    @Nullable Boolean correct,
    @Nullable Double logProbability,
    double seconds,
    @Nullable String error) {
  public ExampleRow {
    images = List.copyOf(images);
    imagesSha256 = List.copyOf(imagesSha256);
    promptIds = List.copyOf(promptIds);
    answerIds = List.copyOf(answerIds);
  }

  /// The row of an example that failed.
  static ExampleRow failed(Example example, long seed, String error) {
    return new ExampleRow(
        example.id(),
        seed,
        example.origin().row(),
        example.images().stream().map(ImageSource::name).toList(),
        List.of(),
        null,
        null,
        example.question(),
        example.kind(),
        List.of(),
        null,
        List.of(),
        example.answers().isEmpty() ? null : example.answers().getFirst(),
        null,
        null,
        0,
        error);
  }

  /// The row of what is no example.
  static ExampleRow failed(Origin origin, long seed, String error) {
    return new ExampleRow(
        "row " + origin.row(),
        seed,
        origin.row(),
        List.of(),
        List.of(),
        null,
        null,
        "",
        "",
        List.of(),
        null,
        List.of(),
        null,
        null,
        null,
        0,
        error);
  }

  /// SHA-256 of the size and the pixels of a picture.
  public static String digest(RgbImage image) {
    return ContentDigest.of(
        "%d %d %s".formatted(image.width(), image.height(), ContentDigest.of(image.toBytes())));
  }
}
