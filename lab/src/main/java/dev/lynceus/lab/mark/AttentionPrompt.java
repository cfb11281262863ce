package dev.lynceus.lab.mark;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.picture.AttentionMask;
import dev.lynceus.lab.picture.Region;
import dev.lynceus.method.Inputs;
import dev.lynceus.method.KeyWord;
import dev.lynceus.method.PatchViews;
import dev.lynceus.method.TargetSpec;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.run.Batch;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Scope;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// Maps of patches for attention prompting: that of the published program, or that of any of our
/// methods.
///
/// @param values one for each patch, row by row
/// @param rows of patches
/// @param columns of patches
/// @param covered what they cover, in pixels of the picture
/// @param text what the map is
// Plain numbers; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
public record AttentionPrompt(
    double[] values, int rows, int columns, Region.Box covered, String text) {

  /// The map of the published program for LLaVA (arXiv 2409.17143): attention scores of each
  /// generated token's row to the patches in one layer, a softmax over the patches alone, mean over
  /// heads and tokens.
  ///
  /// @param layer of the decoder; negative for five eighths of its depth, layer 20 of 32
  /// @throws LynceusException UNSUPPORTED_MODEL where no patches stand among the words
  public static AttentionPrompt attention(
      LoadedModel model, Prompt prompt, int layer, int maxTokens) {
    PatchViews.requireAmongWords(model.model(), "the scores of attention prompting");
    TokenMap.View view = Pull.widest(PatchViews.of(model, prompt, "to prompt with"));
    int depth = model.model().decoder().config().layers();
    int chosen = layer < 0 ? depth * 5 / 8 : layer;
    if (chosen >= depth) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "there is no layer " + chosen + " among " + depth,
          "Use 0 to " + (depth - 1) + ".");
    }
    Capture scores =
        Capture.of(
            Capture.request(Point.ATTN_SCORES)
                .layers(chosen)
                .at(Positions.from(prompt.length() - 1)));
    double[] map = new double[view.positions().length];
    try (Generation said = model.generate(prompt, GenerationOptions.greedy(maxTokens), scores)) {
      var kept = said.run().get(Point.ATTN_SCORES, chosen);
      double[] all = kept.toDoubles();
      int heads = (int) kept.size(1);
      int rows = (int) kept.size(2);
      int width = (int) kept.size(3);
      for (int row = 0; row < heads * rows; row++) {
        add(all, row * width, view.positions(), map, 1.0 / (heads * rows));
      }
    }
    return of(map, view, "attention of layer " + chosen);
  }

  private static void add(double[] scores, int from, int[] positions, double[] map, double part) {
    double most = Double.NEGATIVE_INFINITY;
    for (int position : positions) {
      most = Math.max(most, scores[from + position]);
    }
    double sum = 0;
    for (int position : positions) {
      sum += Math.exp(scores[from + position] - most);
    }
    for (int i = 0; i < map.length && sum > 0; i++) {
      map[i] += part * Math.exp(scores[from + positions[i]] - most) / sum;
    }
  }

  /// The map of a method about the word of the answer that the picture decides most.
  public static AttentionPrompt of(
      LoadedModel model, Prompt prompt, PatchMethod method, int maxTokens, long seed) {
    PatchMethod fitting = PatchMethod.on(model.model(), List.of(method)).getFirst();
    KeyWord word = KeyWord.find(model, prompt, new TargetSpec.OwnAnswer(), maxTokens);
    TokenMap.View view = Pull.widest(PatchViews.of(model, word.prompt(), "to map"));
    try (Scope scope = Scope.open();
        Run run =
            model.run(Batch.of(word.prompt()), fitting.capture(model, word.prompt()), List.of())) {
      double[] map = fitting.map(run, word.target(), view, new SplittableRandom(seed)).values();
      return of(map, view, "%s of “%s”".formatted(fitting.name(), word.target().text()));
    }
  }

  /// The method whose map proposes a region, unless another is named.
  ///
  /// @throws LynceusException BAD_REQUEST if there is none of that name
  public static PatchMethod usual(LoadedModel model, Optional<String> name) {
    return PatchMethod.named(
            name.orElse(Inputs.seesByReading(model.model()) ? "relevancy" : "top-heads"))
        .getFirst();
  }

  private static AttentionPrompt of(double[] map, TokenMap.View view, String text) {
    TokenMap.Tile tile = view.tile();
    return new AttentionPrompt(
        map,
        tile.rows(),
        tile.columns(),
        new Region.Box(
            tile.left(),
            tile.top(),
            tile.left() + tile.seenWidth(),
            tile.top() + tile.seenHeight()),
        text);
  }

  /// The mask that it makes.
  public AttentionMask mask() {
    return AttentionMask.of(rows, columns, values, covered);
  }

  /// The same values elsewhere, carried round the edges: what a map of the same sharpness does that
  /// points nowhere.
  public AttentionPrompt rolled(int down, int right) {
    double[] rolled = new double[values.length];
    for (int i = 0; i < rolled.length; i++) {
      int row = Math.floorMod(i / columns + down, rows);
      int column = Math.floorMod(i % columns + right, columns);
      rolled[row * columns + column] = values[i];
    }
    return new AttentionPrompt(rolled, rows, columns, covered, text + ", rolled");
  }

  /// The patches around the strongest one that have at least half its value.
  public Region region() {
    boolean[] inside = dev.lynceus.method.evidence.MapRegion.of(values, rows, columns);
    List<Integer> cells =
        java.util.stream.IntStream.range(0, inside.length).filter(i -> inside[i]).boxed().toList();
    return new Region.Patches(
        rows,
        columns,
        covered.x0(),
        covered.y0(),
        covered.x1() - covered.x0(),
        covered.y1() - covered.y0(),
        cells);
  }
}
