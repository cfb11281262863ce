package dev.lynceus.run;

import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageProcessor;
import dev.lynceus.image.RgbImage;
import dev.lynceus.model.Checkpoints;
import dev.lynceus.model.Flow;
import dev.lynceus.model.Picture;
import dev.lynceus.model.catalog.Matchers;
import dev.lynceus.model.match.Matcher;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Labels;
import dev.lynceus.tap.Tap;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A checkpoint for matching, ready to be asked how well texts fit pictures.
///
/// ```java
/// try (LoadedMatcher model = LoadedMatcher.load(folder, LoadOptions.DEFAULT);
///     Sight dog = model.look(model.picture("dog.png", image));
///     MatchRun run = model.run(dog, model.words("a brown dog"), Capture.NONE, List.of())) {
///   System.out.println(run.probability());
/// }
/// ```
///
/// For threads, closing and files holds what holds of a [LoadedModel].
public final class LoadedMatcher implements AutoCloseable {
  private final Held<Matcher> held;
  private final Matcher matcher;
  private final DType dtype;
  private final Tokenizer tokenizer;
  private final ImageProcessor processor;

  private LoadedMatcher(Held<Matcher> held) {
    this.held = held;
    this.matcher = held.model();
    this.dtype = held.compute();
    this.tokenizer = Tokenizer.load(held.checkpoint().folder()).within(matcher.vocabulary(), -1);
    this.processor = ImageProcessor.load(held.checkpoint().folder());
  }

  /// Loads a model by a folder, or `org/name[@revision]` in the local Hugging Face cache.
  ///
  /// @throws LynceusException MODEL_NOT_FOUND, BAD_CHECKPOINT, or UNSUPPORTED_MODEL, also for a
  ///   checkpoint that is for something else
  public static LoadedMatcher load(String name, LoadOptions options) {
    return open(name, Checkpoints.locate(name), options);
  }

  /// Loads the checkpoint of a folder.
  public static LoadedMatcher load(Path folder, LoadOptions options) {
    return open(folder.toString(), folder, options);
  }

  private static LoadedMatcher open(String name, Path folder, LoadOptions options) {
    return Held.open(name, folder, options, Matchers::build, LoadedMatcher::new);
  }

  /// The name that it was loaded by.
  public String name() {
    return held.name();
  }

  /// The files.
  public Checkpoint checkpoint() {
    return held.checkpoint();
  }

  /// What is odd about the files and settings, though it does not stop the model: a sentence each.
  public List<String> notes() {
    return held.notes();
  }

  /// Its stacks and heads.
  public Matcher model() {
    return held.model();
  }

  public Tokenizer tokenizer() {
    held.requireOpen();
    return tokenizer;
  }

  /// What turns pictures into the tower's input.
  public ImageProcessor processor() {
    held.requireOpen();
    return processor;
  }

  /// Type of the arithmetic.
  public DType computeType() {
    return dtype;
  }

  /// Leave to use this model until it is given back.
  ///
  /// @throws LynceusException BAD_REQUEST where the model was closed
  public Lease lease() {
    return held.lease();
  }

  /// Processes a picture for this model.
  public Picture picture(String label, RgbImage image) {
    held.requireOpen();
    return Picture.of(label, image, processor);
  }

  /// Cuts a text into what this model reads.
  ///
  /// @throws LynceusException BAD_REQUEST for a text without words, or with tokens that the model
  ///   has no row for
  public MatchText words(String text) {
    held.requireOpen();
    return MatchText.of(text, tokenizer);
  }

  /// Passes a picture through the tower.
  public Sight look(Picture picture) {
    return held.leased(
        () -> {
          Flow flow = Flow.fresh();
          try (Scope scope = Scope.open()) {
            matcher.seen(List.of(picture), dtype, flow, Tap.idle());
            return new Sight(picture, flow.own());
          }
        },
        Sight::close);
  }

  /// A text beside a picture, with what is kept and changed on the way.
  ///
  /// @throws LynceusException BAD_POINT for a place that does not occur; BAD_REQUEST for a text
  ///   that is too long; OUT_OF_MEMORY if the capture would pass its budget
  public MatchRun run(Sight sight, MatchText words, Capture capture, List<Intervention> changes) {
    return held.leased(
        () -> {
          Labels labels = matcher.labels(words.tokens());
          new PassBudget(matcher, labels, dtype).check(capture);
          Tap tap = Tap.of(capture, changes, labels);
          try (Scope scope = Scope.open()) {
            Tensor seen = matcher.seen(List.of(sight.picture()), dtype, sight.flow(), tap);
            Tensor verdicts = matcher.verdicts(seen, List.of(words.tokens()), tap);
            return new MatchRun(tap.finish(), rows(verdicts.select(0, 0)));
          } catch (RuntimeException failure) {
            tap.abandon();
            throw failure;
          }
        },
        MatchRun::close);
  }

  /// What each speaker says of several texts beside a picture, `[texts][speakers][2]`.
  public double[][][] verdicts(Sight sight, List<MatchText> texts) {
    return held.leased(() -> {
      try (Scope scope = Scope.open()) {
        Tensor seen = matcher.seen(List.of(sight.picture()), dtype, sight.flow(), Tap.idle());
        Tensor all =
            matcher.verdicts(seen, texts.stream().map(MatchText::tokens).toList(), Tap.idle());
        double[][][] found = new double[texts.size()][][];
        for (int text = 0; text < found.length; text++) {
          found[text] = rows(all.select(0, text));
        }
        return found;
      }
    });
  }

  /// A picture as vectors of length one, `[speakers][shared]`.
  public double[][] vectors(Sight sight) {
    return vectors(sight, List.of());
  }

  /// The same with something changed on the way.
  ///
  /// @throws LynceusException BAD_POINT for a place that does not occur
  public double[][] vectors(Sight sight, List<Intervention> changes) {
    return held.leased(() -> {
      Tap tap = Tap.of(Capture.NONE, changes, matcher.labels(TokenMap.NONE));
      try (Scope scope = Scope.open()) {
        Tensor seen = matcher.seen(List.of(sight.picture()), dtype, sight.flow(), tap);
        double[][] vectors = rows(matcher.pictures(seen, tap).select(0, 0));
        tap.finish().close();
        return vectors;
      } catch (RuntimeException failure) {
        tap.abandon();
        throw failure;
      }
    });
  }

  /// A text as a vector of length one, `[shared]`.
  public double[] vector(MatchText words) {
    return held.leased(() -> {
      try (Scope scope = Scope.open()) {
        return matcher
            .texts(List.of(words.tokens()), dtype, Tap.idle())
            .to(DType.FLOAT64)
            .reshape(-1)
            .toDoubles();
      }
    });
  }

  private static double[][] rows(Tensor matrix) {
    int columns = (int) matrix.size(1);
    double[] flat = matrix.to(DType.FLOAT64).contiguous().toDoubles();
    List<double[]> rows = new ArrayList<>();
    for (int from = 0; from < flat.length; from += columns) {
      rows.add(Arrays.copyOfRange(flat, from, from + columns));
    }
    return rows.toArray(double[][]::new);
  }

  /// Closes, once the passes that have begun have ended.
  @Override
  public void close() {
    held.close();
  }
}
