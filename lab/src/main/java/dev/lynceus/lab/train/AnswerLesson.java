package dev.lynceus.lab.train;

import dev.lynceus.model.mae.Mask;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.model.xformer.XFormer;
import dev.lynceus.pupil.world.Asker;
import dev.lynceus.pupil.world.Fact;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Question.Kind;
import dev.lynceus.pupil.world.Silhouette;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// The second stage: each query, through one map, is a visual token of a frozen decoder that knows
/// texts only, and the loss is that of its answers. The autoencoder sees the whole picture, and
/// nobody asks for pixels.
///
/// @param decoder frozen
/// @param imageToken id of the placeholder
/// @param path ways that are open
record AnswerLesson(Phrases phrases, TextStack decoder, int imageToken, XFormerPath path)
    implements XFormerLesson {
  private static final int QUESTIONS = 3;
  private static final List<Kind> KINDS =
      List.of(Kind.COLOUR, Kind.COUNT, Kind.EXISTS, Kind.WHERE, Kind.WHICH);

  @Override
  public Loss loss(TrainedXFormer trained, ScenePool pool, int[] some, SplittableRandom random) {
    XFormer model = trained.model();
    int queries = model.config().former().queries();
    Sequences batch = new Sequences();
    int[] beginning = phrases.picture(imageToken, queries);
    Asker asker = new Asker(Silhouette.names(), random);
    for (int number : some) {
      batch.begin(beginning);
      List<Fact> facts = pool.facts(number);
      int asked = 0;
      while (asked < QUESTIONS) {
        Question question = asker.ask(KINDS.get(random.nextInt(KINDS.size())), facts).orElse(null);
        if (question != null) {
          asked++;
          TextLesson.ask(batch, phrases.aboutPicture(question), question, asked, beginning.length);
        }
      }
    }
    Lesson.Loss loss = batch.loss(decoder, embedded(trained, pool, some, batch, beginning));
    Map<String, Double> parts = new LinkedHashMap<>(loss.tally().shares());
    return new Loss(loss.sum().mul(1 / loss.weight()), parts);
  }

  private Tensor embedded(
      TrainedXFormer trained, ScenePool pool, int[] some, Sequences batch, int[] beginning) {
    XFormer model = trained.model();
    Tensor picture = pool.pixels(some);
    Mask all = Mask.drawn(model.mae().config().patches(), 0, 0);
    Tensor seen = path.view(model.seen(picture));
    Tensor details = path.detail(model.details(picture, all));
    Tensor fused = path.fuse(model, model.queries(seen), details).queries();
    Tensor visual =
        Torch.linear(
            fused,
            trained.tensor("language_projection.weight"),
            trained.tensor("language_projection.bias"));
    int at = 0;
    while (beginning[at] != imageToken) {
      at++;
    }
    Tensor words =
        decoder.embed(batch.idTensor(trained.shape().vocabulary() - 1), DType.FLOAT32, Tap.idle());
    long after = at + visual.size(1);
    List<Tensor> rows = new ArrayList<>();
    rows.add(words.narrow(1, 0, at));
    rows.add(visual);
    rows.add(words.narrow(1, after, words.size(1) - after));
    return Torch.cat(rows, 1);
  }
}
