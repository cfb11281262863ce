package dev.lynceus.lab.train;

import dev.lynceus.model.match.Unit;
import dev.lynceus.model.vit.Vit;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// The lesson of the first tower: which description belongs to a picture, by contrast (Radford and
/// others, arXiv 2103.00020). The other side is a bag of words and two maps, without order: what is
/// learned is what things and colours are there, hardly how many and where, which is what such
/// towers are known for.
record CaptionLesson(Phrases phrases) implements XFormerLesson {
  private static final double HOTTEST = Math.log(100);

  @Override
  public Loss loss(TrainedXFormer model, ScenePool pool, int[] some, SplittableRandom random) {
    Vit tower = model.model().tower();
    int[] last = {tower.config().layers()};
    Tensor seen =
        tower.forward(pool.pixels(some), last, Tap.idle()).getFirst().select(1, 0).contiguous();
    Tensor pictures = Unit.of(map(model, "caption.picture", seen));
    List<Tensor> bags = new ArrayList<>();
    for (int number : some) {
      int[] ids = phrases.words(ScenePool.description(pool.facts(number)));
      bags.add(Torch.embedding(model.tensor("caption.embedding"), Tensor.indices(ids)).sum(0));
    }
    Tensor inner = Torch.gelu(map(model, "caption.first", Torch.stack(bags, 0)));
    Tensor texts = Unit.of(map(model, "caption.second", inner));
    Tensor scores =
        pictures.matmul(texts.transpose(0, 1)).mul(heat(model.tensor("caption.warmth")));
    double right = Contrast.right(scores, IntStream.range(0, some.length).toArray());
    return new Loss(Contrast.both(scores), Map.of("itc-right", right));
  }

  /// What cosines are multiplied with: 14 at the beginning, 100 at most.
  static Tensor heat(Tensor warmth) {
    return warmth.add(Math.log(14)).clampMax(HOTTEST).exp();
  }

  private static Tensor map(TrainedXFormer model, String name, Tensor x) {
    return Torch.linear(x, model.tensor(name + ".weight"), model.tensor(name + ".bias"));
  }
}
