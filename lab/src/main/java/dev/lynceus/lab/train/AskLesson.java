package dev.lynceus.lab.train;

import dev.lynceus.model.Flow;
import dev.lynceus.model.blip.Blip;
import dev.lynceus.model.stack.Surroundings;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.pupil.world.Asker;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Question.Kind;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.Silhouette;
import dev.lynceus.pupil.world.World;
import dev.lynceus.tap.Tap;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// The lesson of a whole BLIP: questions about pictures, answered with the decisive words alone.
///
/// @param pixels makes the tower's input
/// @param examples pictures of a step
record AskLesson(BlipWords words, Pixels pixels, int examples) implements Lesson<BlipReplica> {
  private static final int QUESTIONS = 4;

  /// Weight of the loss on the token that ends an answer, which is easy.
  static final double END = .2;

  /// Kinds of questions, each as often as it shall be asked among twenty.
  private static final List<Kind> KINDS =
      List.of(
          Kind.COLOUR,
          Kind.COLOUR,
          Kind.COLOUR,
          Kind.COLOUR,
          Kind.COLOUR,
          Kind.COLOUR,
          Kind.WHICH,
          Kind.WHICH,
          Kind.WHICH,
          Kind.WHICH,
          Kind.WHERE,
          Kind.WHERE,
          Kind.EXISTS,
          Kind.EXISTS,
          Kind.EXISTS,
          Kind.COUNT,
          Kind.COUNT,
          Kind.SAME,
          Kind.SIDE,
          Kind.SIDE);

  /// Questions about pictures.
  ///
  /// @param picture number of the picture that each question is about
  record Asked(List<Scene> scenes, List<Question> questions, List<Integer> picture) {}

  @Override
  public Loss loss(BlipReplica model, SplittableRandom random, int count, double progress) {
    Asked asked = ask(random, count);
    Blip blip = model.model();
    int[] last = {model.featureDepth()};
    Tensor seen =
        model.features(blip.tower().forward(pixels.of(asked.scenes), last, Tap.idle()).getFirst());
    int[] pictures = asked.picture.stream().mapToInt(i -> i).toArray();
    List<TokenMap> texts = asked.questions.stream().map(words::question).toList();
    Surroundings.Memory memory =
        blip.read(seen.indexSelect(0, Tensor.indices(pictures)), texts, Flow.fresh(), Tap.idle());
    return loss(blip.decoder(), memory, asked.questions);
  }

  static Asked ask(SplittableRandom random, int count) {
    World world = new World(random.nextLong(), SceneRecipe.FREE);
    Asker asker = new Asker(Silhouette.names(), random);
    Asked asked = new Asked(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < count; i++) {
      Scene scene = world.scene(i);
      asked.scenes.add(scene);
      while (asked.questions.size() < QUESTIONS * (i + 1)) {
        Kind kind = KINDS.get(random.nextInt(KINDS.size()));
        Question question = asker.ask(kind, scene.facts()).orElse(null);
        if (question != null) {
          asked.questions.add(question);
          asked.picture.add(i);
        }
      }
    }
    return asked;
  }

  private Loss loss(TextStack decoder, Surroundings.Memory memory, List<Question> questions) {
    List<int[]> answers = questions.stream().map(words::answer).toList();
    int longest = answers.stream().mapToInt(ids -> ids.length).max().orElseThrow();
    long[] given = new long[answers.size() * longest];
    long[] places = new long[given.length];
    Arrays.fill(given, BlipWords.PAD);
    List<Integer> rows = new ArrayList<>();
    List<Integer> wanted = new ArrayList<>();
    List<Integer> whose = new ArrayList<>();
    for (int a = 0; a < answers.size(); a++) {
      int[] ids = answers.get(a);
      for (int p = 0; p < longest; p++) {
        places[a * longest + p] = p;
        if (p < ids.length) {
          given[a * longest + p] = p == 0 ? BlipWords.BEGIN : ids[p - 1];
          rows.add(a * longest + p);
          wanted.add(ids[p]);
          whose.add(a);
        }
      }
    }
    Tensor positions = Tensor.of(places, answers.size(), longest);
    TextStack.Pass pass =
        new TextStack.Pass(
            positions,
            longest,
            null,
            null,
            null,
            List.of(),
            memory,
            0,
            decoder.config().layers(),
            TextStack.Rows.ALL);
    Tensor ids = Tensor.of(given, answers.size(), longest);
    Tensor x = decoder.placed(decoder.embed(ids, DType.FLOAT32, Tap.idle()), positions, Tap.idle());
    Tensor read =
        decoder
            .forward(x, pass, Tap.idle())
            .reshape(given.length, -1)
            .indexSelect(0, Tensor.indices(ints(rows)));
    Tensor logits = decoder.weights().head().apply(decoder.finished(read));
    float[] weights = new float[rows.size()];
    double weight = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (wanted.get(i) == BlipWords.END ? END : 1);
      weight += weights[i];
    }
    Tensor sum =
        Torch.logSoftmax(logits, 1)
            .gather(1, Tensor.indices(ints(wanted)).reshape(weights.length, 1))
            .squeeze(1)
            .mul(Tensor.of(weights, weights.length))
            .sum()
            .neg();
    return new Loss(sum, weight, tally(logits, questions, wanted, whose));
  }

  /// An answer is right if all its tokens are the likeliest.
  private static Tally tally(
      Tensor logits, List<Question> questions, List<Integer> wanted, List<Integer> whose) {
    boolean[] wrong = new boolean[questions.size()];
    try (Scope scope = Scope.open()) {
      int[] best = logits.detach().argmax(1).toInts();
      for (int i = 0; i < best.length; i++) {
        wrong[whose.get(i)] |= best[i] != wanted.get(i);
      }
    }
    Tally tally = new Tally();
    for (int a = 0; a < wrong.length; a++) {
      tally.add(questions.get(a).kind().label(), !wrong[a]);
    }
    return tally;
  }

  private static int[] ints(List<Integer> list) {
    return list.stream().mapToInt(i -> i).toArray();
  }
}
