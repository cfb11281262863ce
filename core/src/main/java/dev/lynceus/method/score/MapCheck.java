package dev.lynceus.method.score;

import dev.lynceus.method.Explanation;
import dev.lynceus.method.Explanation.WordExplanation;
import dev.lynceus.run.Ledger;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Reader;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.TokenMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// A short causal test of the first map of each word, on the picture at hand: the patches that hold
/// half of the map are blanked, and so are as many elsewhere, in the same shape, moved over the
/// picture at random. One pass for each word, and a replay for each blanking.
///
/// @param draws shapes elsewhere
/// @param seed of where they lie
public record MapCheck(int draws, long seed) {
  /// Most patches that are blanked, as a part of all.
  private static final double MOST = .25;

  /// Shapes elsewhere, where nothing else is asked for.
  public static final int DRAWS = 8;

  /// The explanation with the result of the test beside each word's first map; words of a contrast
  /// are left as they are.
  ///
  /// @param prompt that was explained, without the answer
  public Explanation added(
      Explanation explanation, LoadedModel model, Prompt prompt, Progress progress) {
    int[] ids =
        explanation.answer().tokens().stream().mapToInt(Explanation.AnswerToken::id).toArray();
    List<WordExplanation> words = new ArrayList<>();
    for (WordExplanation word : explanation.words()) {
      progress.at("check", words.size(), explanation.words().size());
      if (word.maps().isEmpty() || word.target().kind().equals("contrast")) {
        words.add(word);
        continue;
      }
      Prompt until = prompt.withAnswer(Arrays.copyOf(ids, word.row() - (prompt.length() - 1)));
      List<Explanation.PatchMap> maps = new ArrayList<>(word.maps());
      String first = maps.getFirst().id();
      try (Run run = model.run(until, Sweep.base(model))) {
        List<TokenMap.View> views = until.tokens().views();
        for (int m = 0; m < maps.size(); m++) {
          Explanation.PatchMap map = maps.get(m);
          if (map.id().equals(first)) {
            maps.set(
                m, map.checked(check(run, word.target().ids()[0], views.get(map.image()), map)));
          }
        }
      }
      words.add(word.withMaps(maps));
    }
    return explanation.withWords(words);
  }

  private Explanation.Check check(Run run, int id, TokenMap.View view, Explanation.PatchMap map) {
    int columns = view.tile().columns();
    int rows = view.tile().rows();
    int[] top = top(map.values());
    SplittableRandom random = new SplittableRandom(seed);
    List<List<Intervention>> replays = new ArrayList<>();
    replays.add(at(run, view, top));
    for (int draw = 0; draw < draws; draw++) {
      replays.add(at(run, view, moved(top, rows, columns, random)));
    }
    double whole = Blanked.logProbability(run.logits(), id);
    double[][] read =
        Sweep.of(
                run,
                replays,
                new Reader.Logits(logits -> new double[] {Blanked.logProbability(logits, id)}))
            .run(Progress.NONE, Ledger.NONE);
    return new Explanation.Check(
        top.length,
        whole - read[0][0],
        IntStream.range(1, read.length).mapToDouble(i -> whole - read[i][0]).average().orElse(0),
        draws);
  }

  private static List<Intervention> at(Run run, TokenMap.View view, int[] patches) {
    return Blanked.without(run, IntStream.of(patches).map(p -> view.positions()[p]).toArray());
  }

  /// The patches with the largest values that hold half of all positive values together.
  public static int[] top(double[] map) {
    List<Integer> order = Pointing.order(map);
    double half = Arrays.stream(map).filter(v -> v > 0).sum() / 2;
    int most = Math.max(1, (int) (MOST * map.length));
    int count = 0;
    for (double sum = 0; count < most && (count == 0 || sum < half); count++) {
      sum += Math.max(0, map[order.get(count)]);
    }
    return order.subList(0, count).stream().mapToInt(Integer::intValue).toArray();
  }

  /// The same shape elsewhere, round the edges: of sixteen places tried, the one that shares fewest
  /// patches with it.
  public static int[] moved(int[] top, int rows, int columns, SplittableRandom random) {
    int[] best = top;
    long least = top.length + 1L;
    for (int attempt = 0; attempt < 16 && least > 0; attempt++) {
      int down = random.nextInt(rows);
      int right = random.nextInt(columns);
      int[] there =
          IntStream.of(top)
              .map(p -> (p / columns + down) % rows * columns + (p % columns + right) % columns)
              .toArray();
      long shared =
          IntStream.of(there).filter(p -> IntStream.of(top).anyMatch(q -> q == p)).count();
      if (shared < least) {
        least = shared;
        best = there;
      }
    }
    return best;
  }
}
