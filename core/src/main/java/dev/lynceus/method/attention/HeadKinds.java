package dev.lynceus.method.attention;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Inputs;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What kind of head each head is, by where it looks in sequences whose right places are known.
///
/// In random tokens that come twice, a head of row `i` in the second copy (of length `n`) is scored
/// by its attention to `i - 1` (previous token), `i - n` (duplicate token) and `i - n + 1`
/// (induction: what followed the same token before; Olsson and others, arXiv 2209.11895). Tokens of
/// a copy are all different. In texts such as `The dog is brown. The car is red. The dog is` a head
/// of the last row is scored by its attention to the colour that is right (in-context; arXiv
/// 2402.02872).
public final class HeadKinds {
  private static final List<String> NOUNS =
      List.of(
          "dog", "car", "cup", "hat", "bird", "boat", "box", "door", "table", "lamp", "book",
          "chair");
  private static final List<String> COLOURS =
      List.of("red", "blue", "green", "brown", "yellow", "white", "black", "orange");

  private HeadKinds() {}

  /// How much is measured.
  ///
  /// @param length tokens of a copy
  /// @param sequences how many random sequences
  /// @param texts how many texts
  public record Settings(int length, int sequences, int texts, long seed) {
    /// Ten sequences of twice 24 tokens, twenty texts.
    public static final Settings DEFAULT = new Settings(24, 10, 20, 0);

    public Settings {
      if (length < 2 || sequences < 1 || texts < 1) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "%d sequences of twice %d tokens and %d texts".formatted(sequences, length, texts),
            "Use copies of 2 tokens or more, and at least one sequence and one text.");
      }
    }
  }

  /// Mean attention of a head to the places that make its kind, each from 0 to 1.
  ///
  /// @param inContext to the right colour; empty where the model's tokens cannot say the texts
  /// @param other to the wrong colour of the same texts
  public record Score(
      HeadRef head,
      double previous,
      double duplicate,
      double induction,
      OptionalDouble inContext,
      OptionalDouble other) {}

  /// The scores of all heads, and what an even attention over all that a row sees would score.
  ///
  /// @param scores by layer, then head
  /// @param chance one place of a random sequence
  /// @param inContextChance one colour of a text; empty without texts
  /// @param texts how many texts could be said
  /// @param right share of the texts after which the right colour is likelier than the other; empty
  ///   without texts
  public record Result(
      List<Score> scores,
      double chance,
      OptionalDouble inContextChance,
      int texts,
      OptionalDouble right) {}

  /// Measures all heads.
  ///
  /// @throws LynceusException BAD_REQUEST if the vocabulary has too few ordinary tokens;
  ///   UNSUPPORTED_MODEL where nothing is said without a picture (BLIP), or nothing written
  public static Result measure(LoadedModel model, Settings settings, Progress progress) {
    if (Inputs.seesByReading(model.model())) {
      throw new LynceusException(
          ErrorCode.UNSUPPORTED_MODEL,
          "kinds of heads are told by texts without a picture, and this model says what it reads of one",
          "`lynceus attention` shows where its heads look.");
    }
    int layers = model.model().decoder().config().layers();
    int heads = model.model().decoder().config().heads();
    double[][] sums = new double[layers * heads][5];
    SplittableRandom random = new SplittableRandom(settings.seed);
    int[] ordinary = ordinary(model);
    if (ordinary.length < settings.length) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%d different tokens of %d ordinary ones".formatted(settings.length, ordinary.length),
          "Use shorter copies.");
    }
    for (int s = 0; s < settings.sequences; s++) {
      progress.at("repeated tokens", s, settings.sequences);
      repeated(model, ordinary, settings, random, sums);
    }
    int said = 0;
    int right = 0;
    double inContextChance = 0;
    for (int t = 0; t < settings.texts; t++) {
      progress.at("texts", t, settings.texts);
      Text text = Text.of(model, random);
      if (text != null) {
        said++;
        right += text.measure(model, sums) ? 1 : 0;
        inContextChance += (double) text.right.length / text.prompt.length();
      }
    }
    double chance =
        IntStream.range(0, settings.length)
            .mapToDouble(t -> 1.0 / (settings.length + t + begin(model).length + 1))
            .average()
            .orElse(0);
    return new Result(
        scores(sums, heads, said), chance, share(inContextChance, said), said, share(right, said));
  }

  private static List<Score> scores(double[][] sums, int heads, int texts) {
    List<Score> scores = new ArrayList<>();
    for (int i = 0; i < sums.length; i++) {
      double[] sum = sums[i];
      scores.add(
          new Score(
              new HeadRef(i / heads, i % heads),
              sum[0],
              sum[1],
              sum[2],
              share(sum[3], texts),
              share(sum[4], texts)));
    }
    return scores;
  }

  private static OptionalDouble share(double sum, int count) {
    return count == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / count);
  }

  /// Ids that stand for words: no special tokens, no picture.
  private static int[] ordinary(LoadedModel model) {
    Tokenizer tokenizer = model.tokenizer();
    int image = model.model() instanceof VisionLanguageModel seeing ? seeing.imageToken() : -1;
    int size =
        Math.min(
            tokenizer.vocabularySize(),
            (int) model.model().decoder().weights().embedding().size(0));
    return IntStream.range(0, size)
        .filter(id -> id != image && tokenizer.hasPiece(id) && !tokenizer.isSpecial(id))
        .toArray();
  }

  private static int[] begin(LoadedModel model) {
    return model.tokenizer().bosId().stream().toArray();
  }

  private static void repeated(
      LoadedModel model,
      int[] ordinary,
      Settings settings,
      SplittableRandom random,
      double[][] sums) {
    int n = settings.length;
    int[] pool = ordinary.clone();
    for (int i = 0; i < n; i++) {
      int j = i + random.nextInt(pool.length - i);
      int swap = pool[i];
      pool[i] = pool[j];
      pool[j] = swap;
    }
    int[] copy = Arrays.copyOf(pool, n);
    int[] begin = begin(model);
    int[] ids = Stream.of(begin, copy, copy).flatMapToInt(IntStream::of).toArray();
    int first = begin.length + n;
    read(
        model,
        prompt(ids),
        (pattern, head) -> {
          for (int row = first; row < first + n; row++) {
            double share = 1.0 / (n * settings.sequences);
            sums[head][0] += pattern.at(row, row - 1) * share;
            sums[head][1] += pattern.at(row, row - n) * share;
            sums[head][2] += pattern.at(row, row - n + 1) * share;
          }
        });
  }

  private static Prompt prompt(int[] ids) {
    List<TokenMap.Spot> spots =
        IntStream.range(0, ids.length)
            .mapToObj(p -> new TokenMap.Spot(ids[p], TokenMap.Role.TEMPLATE, p, -1))
            .toList();
    return new Prompt("", "", new TokenMap(spots, List.of()), List.of());
  }

  /// Attention of one head.
  private record Pattern(float[] values, int offset, int width) {
    double at(int row, int column) {
      return values[offset + row * width + column];
    }
  }

  private interface Use {
    void of(Pattern pattern, int head);
  }

  private static void read(LoadedModel model, Prompt prompt, Use use) {
    try (Run run = model.run(prompt, Capture.of(Capture.request(Point.PATTERN)))) {
      use(run, use);
    }
  }

  private static void use(Run run, Use use) {
    int heads = run.model().model().decoder().config().heads();
    int length = run.batch().length();
    for (int l = 0; l < run.model().model().decoder().config().layers(); l++) {
      float[] all = run.get(Point.PATTERN, l).toFloats();
      for (int h = 0; h < heads; h++) {
        use.of(new Pattern(all, h * length * length, length), l * heads + h);
      }
    }
  }

  /// A text with two facts that begins to repeat one of them.
  ///
  /// @param right positions of the colour that follows
  /// @param wrong positions of the other colour
  private record Text(Prompt prompt, int[] right, int[] wrong) {

    /// A random text; null where the model's tokens cannot say it.
    static @Nullable Text of(LoadedModel model, SplittableRandom random) {
      int[] nouns = two(random, NOUNS.size());
      int[] colours = two(random, COLOURS.size());
      int asked = random.nextInt(2);
      String first = "The " + NOUNS.get(nouns[0]) + " is";
      String one = first + " " + COLOURS.get(colours[0]);
      String second = one + ". The " + NOUNS.get(nouns[1]) + " is";
      String both = second + " " + COLOURS.get(colours[1]);
      Prompt prompt = model.raw(both + ". The " + NOUNS.get(nouns[asked]) + " is");
      int[] early = between(model, first, one, prompt);
      int[] late = between(model, second, both, prompt);
      boolean told =
          early.length > 0
              && late.length > 0
              && prompt.ids()[early[0]] != prompt.ids()[late[0]]
              && IntStream.concat(IntStream.of(early), IntStream.of(late))
                  .noneMatch(p -> model.tokenizer().isSpecial(prompt.ids()[p]));
      if (!told) {
        return null;
      }
      return asked == 0 ? new Text(prompt, early, late) : new Text(prompt, late, early);
    }

    private static int[] two(SplittableRandom random, int size) {
      int first = random.nextInt(size);
      return new int[] {first, (first + 1 + random.nextInt(size - 1)) % size};
    }

    /// Positions of what a longer beginning of a prompt has more than a shorter one; none if the
    /// prompt does not begin with the tokens of both.
    private static int[] between(LoadedModel model, String shorter, String longer, Prompt prompt) {
      int[] a = model.raw(shorter).ids();
      int[] b = model.raw(longer).ids();
      boolean begins =
          b.length <= prompt.length()
              && Arrays.equals(b, Arrays.copyOf(prompt.ids(), b.length))
              && a.length < b.length
              && Arrays.equals(a, Arrays.copyOf(b, a.length));
      return begins ? IntStream.range(a.length, b.length).toArray() : new int[0];
    }

    /// Adds the attention of the last row; whether the right colour is likelier than the other.
    boolean measure(LoadedModel model, double[][] sums) {
      int last = prompt.length() - 1;
      try (Run run = model.run(prompt, Capture.of(Capture.request(Point.PATTERN)))) {
        use(
            run,
            (pattern, head) -> {
              for (int p : right) {
                sums[head][3] += pattern.at(last, p);
              }
              for (int p : wrong) {
                sums[head][4] += pattern.at(last, p);
              }
            });
        float[] logits = run.logits().toFloats();
        return logits[prompt.ids()[right[0]]] > logits[prompt.ids()[wrong[0]]];
      }
    }
  }
}
