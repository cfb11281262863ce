package dev.lynceus.lab.train;

import dev.lynceus.image.RgbImage;
import dev.lynceus.model.Flow;
import dev.lynceus.model.llava.Llava;
import dev.lynceus.pupil.world.Exercise;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// The lesson of further skills: questions about one picture or several, side by side.
///
/// @param texts takes the place of the pictures now and then, so that texts are not forgotten; null
///   where they may be
/// @param examples exercises of a step
record SkillLesson(
    Phrases phrases, Pixels pixels, @Nullable TextLesson texts, Exercises exercises, int examples)
    implements Lesson<Parameters.Replica> {
  /// One share of a step in this many is about texts.
  private static final int TEXT_EVERY = 12;

  @Override
  public Loss loss(Parameters.Replica model, SplittableRandom random, int count, double progress) {
    if (texts != null && random.nextInt(TEXT_EVERY) == 0) {
      return texts.loss(model, random, 2 * count, progress);
    }
    List<RgbImage> images = new ArrayList<>();
    List<Exercise.Patch> marked = new ArrayList<>();
    Sequences batch = new Sequences();
    for (int i = 0; i < count; i++) {
      Exercise exercise = exercises.draw(random);
      for (Exercise.Patch patch : exercise.patches()) {
        marked.add(
            new Exercise.Patch(
                images.size() + patch.picture(), patch.patch(), patch.mark(), patch.colour()));
      }
      images.addAll(exercise.pictures());
      int[] beginning = phrases.pictures(model.shape().imageToken(), exercise.pictures().size());
      batch.begin(beginning);
      int asked = 0;
      for (Exercise.Asked question : exercise.questions()) {
        asked++;
        TextLesson.ask(
            batch,
            phrases.aboutPicture(question),
            question.label(),
            question.listed(),
            asked,
            beginning.length);
      }
    }
    Llava llava = model.model();
    Tensor ids = batch.idTensor(model.shape().vocabulary() - 1);
    Tensor visual =
        llava
            .encoder()
            .encode(() -> pixels.ofImages(images), Flow.fresh(), Tap.idle())
            .reshape(-1, model.shape().width());
    Tensor embedded =
        llava.merge(llava.decoder().embed(ids, DType.FLOAT32, Tap.idle()), ids, visual);
    Loss answers = batch.loss(llava.decoder(), embedded);
    return marked.isEmpty() ? answers : withMarks(model, visual, marked, answers);
  }

  /// Adds how well marks are read out of the visual tokens of things: questions alone teach the
  /// tower slowly what a mark is.
  private static Loss withMarks(
      Parameters.Replica model, Tensor visual, List<Exercise.Patch> marked, Loss answers) {
    int count = marked.size();
    long[] marks = marked.stream().mapToLong(Exercise.Patch::mark).toArray();
    long[] colours = marked.stream().mapToLong(Exercise.Patch::colour).toArray();
    int[] rows =
        marked.stream()
            .mapToInt(patch -> patch.picture() * PupilShape.PATCHES + patch.patch())
            .toArray();
    Tensor read =
        Torch.linear(
            visual.indexSelect(0, Tensor.indices(rows)),
            model.tensor("readout.marks.weight"),
            model.tensor("readout.marks.bias"));
    Tensor kinds = read.narrow(1, 0, Exercise.MARKS);
    Tensor tints = read.narrow(1, Exercise.MARKS, Exercise.COLOURS);
    Tensor one = Torch.zeros(DType.FLOAT32, count).add(1);
    Tensor sum =
        TowerLesson.entropy(kinds, marks, one).add(TowerLesson.entropy(tints, colours, one));
    Tally tally = new Tally();
    tally.add(answers.tally());
    try (Scope scope = Scope.open()) {
      int[] best = kinds.detach().argmax(1).toInts();
      for (int i = 0; i < count; i++) {
        tally.add(marks[i] == 0 ? "unmarked patch" : "marked patch", best[i] == marks[i]);
      }
    }
    return new Loss(answers.sum().add(sum), answers.weight() + count, tally);
  }
}
