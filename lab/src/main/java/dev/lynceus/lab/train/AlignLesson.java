package dev.lynceus.lab.train;

import dev.lynceus.model.mae.Mae;
import dev.lynceus.model.mae.Mask;
import dev.lynceus.model.xformer.DualAttention;
import dev.lynceus.model.xformer.XFormer;
import dev.lynceus.pupil.world.Colour;
import dev.lynceus.pupil.world.Fact;
import dev.lynceus.pupil.world.Silhouette;
import dev.lynceus.tap.Tap;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// The first stage: contrast (ITC), matching (ITM) and telling (ITG) of descriptions, and the
/// pixels of patches that the autoencoder did not see, each of weight one. Half of the wrong texts
/// of the matching are those of another picture, half the own one with one thing or colour
/// exchanged for another.
///
/// @param path ways that are open
/// @param pixels whether pixels are a loss
record AlignLesson(Phrases phrases, int tell, XFormerPath path, boolean pixels)
    implements XFormerLesson {
  /// Begins texts that are compared.
  private static final int BEGIN = 1;

  /// Ends texts that are told.
  private static final int END = 2;

  @Override
  public Loss loss(TrainedXFormer trained, ScenePool pool, int[] some, SplittableRandom random) {
    XFormer model = trained.model();
    Mae mae = model.mae();
    Mask mask = Mask.drawn(mae.config().patches(), mae.config().ratio(), random.nextLong());
    Tensor picture = pool.pixels(some);
    Tensor seen = path.view(model.seen(picture));
    Tensor details = path.detail(model.details(picture, mask));
    DualAttention.Fused fused = path.fuse(model, model.queries(seen), details);
    List<int[]> words =
        Arrays.stream(some)
            .mapToObj(i -> phrases.words(ScenePool.description(pool.facts(i))))
            .toList();
    Map<String, Double> parts = new LinkedHashMap<>();
    Tensor contrast = contrast(model, fused.queries(), words, parts);
    Tensor matching =
        matching(model, seen, details, words, wrong(pool, some, words, random), parts);
    Tensor telling = telling(model, fused.queries(), words);
    Tensor total = contrast.add(matching).add(telling);
    parts.put("itc", contrast.detach().item());
    parts.put("itm", matching.detach().item());
    parts.put("itg", telling.detach().item());
    Tensor made = mae.decoder().forward(fused.details(), mask, Tap.idle());
    Tensor error = Mae.error(made, mae.target(picture), mask);
    parts.put("pixels", error.detach().item());
    return new Loss(pixels ? total.add(error) : total, parts);
  }

  private static Tensor contrast(
      XFormer model, Tensor queries, List<int[]> words, Map<String, Double> parts) {
    Tensor texts = model.texts(words.stream().map(ids -> text(BEGIN, ids)).toList());
    Tensor scores =
        model
            .pictures(queries)
            .matmul(texts.transpose(0, 1))
            .amax(1)
            .mul(CaptionLesson.heat(model.warmth()));
    parts.put("itc-right", Contrast.right(scores, IntStream.range(0, words.size()).toArray()));
    return Contrast.both(scores);
  }

  private Tensor matching(
      XFormer model,
      Tensor seen,
      Tensor details,
      List<int[]> words,
      List<int[]> wrong,
      Map<String, Double> parts) {
    List<TokenMap> texts = new ArrayList<>();
    words.forEach(ids -> texts.add(text(BEGIN, ids)));
    wrong.forEach(ids -> texts.add(text(BEGIN, ids)));
    Tensor queries = model.queries(Torch.cat(List.of(seen, seen), 0), texts);
    Tensor fused = path.fuse(model, queries, Torch.cat(List.of(details, details), 0)).queries();
    int[] wanted = new int[texts.size()];
    Arrays.fill(wanted, 0, words.size(), 1);
    Tensor scores = model.verdicts(fused);
    parts.put("itm-right", Contrast.right(scores, wanted));
    return Contrast.entropy(scores, wanted);
  }

  /// Mean loss of a word, nats.
  private Tensor telling(XFormer model, Tensor queries, List<int[]> words) {
    Tensor scores = model.told(queries, words.stream().map(ids -> text(tell, ids)).toList());
    int longest = (int) scores.size(1);
    List<Integer> rows = new ArrayList<>();
    List<Integer> wanted = new ArrayList<>();
    for (int text = 0; text < words.size(); text++) {
      int[] ids = words.get(text);
      for (int i = 0; i <= ids.length; i++) {
        rows.add(text * longest + i);
        wanted.add(i < ids.length ? ids[i] : END);
      }
    }
    Tensor read =
        scores
            .reshape((long) words.size() * longest, -1)
            .indexSelect(0, Tensor.indices(rows.stream().mapToInt(i -> i).toArray()));
    return Contrast.entropy(read, wanted.stream().mapToInt(i -> i).toArray());
  }

  /// A text that does not belong to each picture.
  private List<int[]> wrong(
      ScenePool pool, int[] some, List<int[]> words, SplittableRandom random) {
    List<int[]> wrong = new ArrayList<>();
    for (int i = 0; i < some.length; i++) {
      wrong.add(
          i % 2 == 0
              ? words.get((i + 1) % some.length)
              : phrases.words(ScenePool.description(exchanged(pool.facts(some[i]), random))));
    }
    return wrong;
  }

  /// The facts with one thing, or its colour, exchanged for another.
  static List<Fact> exchanged(List<Fact> facts, SplittableRandom random) {
    List<Fact> other = new ArrayList<>(facts);
    int which = random.nextInt(facts.size());
    Fact fact = facts.get(which);
    String noun = fact.noun();
    Colour colour = fact.colour();
    if (random.nextBoolean()) {
      colour =
          Colour.values()[
              (colour.ordinal() + 1 + random.nextInt(Colour.values().length - 1))
                  % Colour.values().length];
    } else {
      List<String> absent =
          Silhouette.names().stream()
              .filter(name -> facts.stream().noneMatch(one -> one.noun().equals(name)))
              .toList();
      noun = absent.get(random.nextInt(absent.size()));
    }
    other.set(which, new Fact(noun, colour, fact.place(), fact.column()));
    return other;
  }

  /// A text of a first token and words.
  static TokenMap text(int first, int[] ids) {
    List<TokenMap.Spot> spots = new ArrayList<>();
    spots.add(new TokenMap.Spot(first, TokenMap.Role.TEMPLATE, 0, -1));
    for (int i = 0; i < ids.length; i++) {
      spots.add(new TokenMap.Spot(ids[i], TokenMap.Role.QUESTION, i, -1));
    }
    return new TokenMap(spots, List.of());
  }
}
