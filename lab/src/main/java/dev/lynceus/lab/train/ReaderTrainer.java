package dev.lynceus.lab.train;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.reader.TextReader;
import dev.lynceus.run.Passages;
import dev.lynceus.tensor.file.ContentDigest;
import dev.lynceus.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// Makes a reader of an encoder: puts a head on it that marks a piece of a passage, and teaches
/// both on questions whose answers are known (Devlin and others, arXiv 1810.04805, 4.2).
public final class ReaderTrainer implements StageTrainer {
  /// Name of the stage, of its files and of the checkpoint.
  public static final String LABEL = "reader";

  private static final String TOKENIZER = "tokenizer";

  /// Of two windows of a passage, in parts of a window.
  private static final double OVERLAP = 1 / 3.0;

  /// Parts that learn together or not.
  enum Part {
    ENCODER,
    /// Scores of beginnings and ends.
    HEAD
  }

  private final Path folder;
  private final ReaderStart begun;
  private final SpanLesson lesson;
  private final Learning<Part, TextReader> learning;

  /// Prepares a training: from its file in the folder if it was begun, else from the encoder.
  ///
  /// @param folder of states; made if it is not there
  /// @param encoder folder of a checkpoint of a family of readers, with or without a head
  /// @param heldOut questions that are asked while it learns
  /// @throws LynceusException UNSUPPORTED_MODEL for another model; BAD_CHECKPOINT; BAD_REQUEST
  ///   where no question can be taught, or another plan was begun there; NOT_WRITABLE
  public ReaderTrainer(Path folder, Path encoder, ReaderPlan plan, List<PassageQuestion> heldOut) {
    this.folder = folder;
    this.begun = ReaderStart.of(encoder, plan);
    Passages passages =
        new Passages(begun.replica(Set.of(), begun.variables().vector()), Tokenizer.load(encoder));
    this.lesson = lesson(passages, plan.questions(), plan);
    if (lesson.windows().isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "none of the %d questions has an answer that tokens begin and end with"
              .formatted(plan.questions().size()),
          "Give questions whose answer_start says where the answer stands in the passage.");
    }
    SpanLesson others = lesson(passages, heldOut, plan);
    begun.files(folder.resolve(TOKENIZER));
    this.learning =
        new Learning<>(
            folder,
            ReaderCourse.of(plan),
            new Learning.Plan(
                text(plan, begun.origin()), plan.seed(), plan.steps(), plan.threads()),
            begun.variables(),
            lesson,
            others.windows().isEmpty() ? lesson : others,
            begun::replica);
  }

  private static String text(ReaderPlan plan, String origin) {
    return "%s of %s, seed %d, %d steps, %d threads, rate %s, windows of %d, on %d questions %s from %s"
        .formatted(
            plan.learns(),
            plan.from(),
            plan.seed(),
            plan.steps(),
            plan.threads(),
            plan.rate(),
            plan.length(),
            plan.questions().size(),
            ContentDigest.of(plan.questions().toString()).substring(0, 12),
            origin);
  }

  private static SpanLesson lesson(
      Passages passages, List<PassageQuestion> questions, ReaderPlan plan) {
    List<SpanLesson.Taught> windows = new ArrayList<>();
    for (PassageQuestion one : questions) {
      windows.addAll(
          SpanLesson.taught(passages, one, plan.length(), (int) (OVERLAP * plan.length())));
    }
    return new SpanLesson(List.copyOf(windows), ReaderPlan.EXAMPLES);
  }

  /// How many questions are taught: those whose answer begins and ends with tokens, in a window.
  public int taught() {
    return lesson.windows().size();
  }

  @Override
  public long done() {
    return learning.done();
  }

  @Override
  public void train(TrainingListener listener, long until, BooleanSupplier stopped) {
    learning.train(listener, until, stopped);
  }

  /// Writes the reader as it is now, in float32.
  @Override
  public void export(Path target) {
    begun.export(target, folder.resolve(TOKENIZER));
  }

  /// Writes what a training begins with: the encoder with a head that has learned nothing.
  ///
  /// @throws LynceusException as the constructor
  public static void exportUntrained(Path target, Path encoder, ReaderPlan plan) {
    ReaderStart begun = ReaderStart.of(encoder, plan);
    begun.files(target);
    begun.export(target, target);
  }

  @Override
  public void close() {
    learning.close();
  }
}
