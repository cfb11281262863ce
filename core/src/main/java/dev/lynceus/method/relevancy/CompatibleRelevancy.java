package dev.lynceus.method.relevancy;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Target;
import dev.lynceus.method.gradient.Backward;
import dev.lynceus.method.gradient.Objective;
import dev.lynceus.method.gradient.TowerGraph;
import dev.lynceus.model.TowerInput;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Run;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Relevancy as LVLM-Interpret (arXiv 2404.03118) computes it, for comparison with its maps. Its
/// known faults are part of it:
///
/// - the rows of a layer hold gradients of different tokens: those of the prompt of the first token
///   of the answer, each later row of the token that it predicts. So the map of a later token is
///   not that of Chefer's rules, as [RelevancyMaps] is;
/// - gradients with respect to the tower's attention are never cleared: the tower's map of a token
///   is that of the sum of all tokens up to it;
/// - `vit` reads the row of the class token, which the projector of LLaVA never sees;
/// - `all` begins at what image tokens are to image tokens in the decoder: the row of the answer is
///   not used, so the answer enters through the gradients of the first token alone;
/// - a word of several tokens shows the decoder's map of its last token alone: maps of earlier
///   tokens are enlarged by a row of zeros, and the last row is what is shown ([Pieces]);
/// - image and text are stretched together to the range from 0 to 1, so the smallest value is
///   always 0.
///
/// One difference: the scores are the model's logits, not those after temperature and top-p, which
/// would make a map depend on how the answer was drawn.
public record CompatibleRelevancy() {
  /// Positions after the picture that the tool leaves out.
  private static final int AFTER_IMAGE = 3;

  /// Positions at the end of the prompt that the tool leaves out.
  private static final int TEMPLATE = 5;

  /// How the tokens of a word become the maps of the word.
  public enum Pieces {
    /// As the tool does it: `vit` and `all` are means over the tokens, `llama` is that of the last
    /// token divided by the number of tokens, `shown` that of the last token.
    LAST,
    /// The mean over the tokens for every map.
    MEAN;

    /// The maps of a word.
    ///
    /// @param tokens maps of its tokens, in order
    public Maps of(List<Maps> tokens) {
      Maps last = tokens.getLast();
      double[] llama =
          switch (this) {
            case LAST -> Arrays.stream(last.llama()).map(v -> v / tokens.size()).toArray();
            case MEAN -> mean(tokens.stream().map(Maps::llama).toList());
          };
      double[] shown =
          switch (this) {
            case LAST -> last.shown();
            case MEAN -> mean(tokens.stream().map(Maps::shown).toList());
          };
      return new Maps(
          llama,
          mean(tokens.stream().map(Maps::vit).toList()),
          mean(tokens.stream().map(Maps::all).toList()),
          shown);
    }

    private static double[] mean(List<double[]> maps) {
      return IntStream.range(0, maps.getFirst().length)
          .mapToDouble(p -> maps.stream().mapToDouble(map -> map[p]).average().orElseThrow())
          .toArray();
    }
  }

  /// Maps of one token of the answer, or of a word; each has one number for each patch, row by row.
  ///
  /// @param llama the row that predicts the token at the visual tokens, normalised
  /// @param vit the class token's row of the tower, normalised
  /// @param all the same, begun at the decoder's block of image tokens
  /// @param shown `llama`, stretched to the range from 0 to 1 together with the text
  // Plain numbers of a result; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  public record Maps(double[] llama, double[] vit, double[] all, double[] shown) {}

  /// Maps of all tokens of an answer.
  ///
  /// @param run prompt and answer
  /// @param answer one target for each token, the first predicted by the last row of the prompt,
  ///   each further one by the next row
  /// @throws LynceusException BAD_REQUEST where the tool has no map: several views of a picture,
  ///   several pictures, a tower without class token
  public List<Maps> explain(Run run, List<Target> answer, Progress progress) {
    int[] image = image(run);
    List<Objective> objectives =
        answer.stream().flatMap(target -> Objective.logits(target).stream()).toList();
    int first = objectives.getFirst().rows()[0];
    int count = objectives.size();
    int length = run.batch().length();
    try (Scope scope = Scope.open()) {
      Backward backward = new Backward(run);
      Tensor start = start(first, count, image, length, backward.entering());
      Tensor rows = start.copy();
      Tensor weights = Torch.zeros(start.dtype(), length, length);
      LayerWeights gathered = new LayerWeights(backward.heads(), length, start.dtype(), count);
      List<Tensor> slopes =
          backward.attention(
              objectives,
              at -> {
                gathered.add(at);
                if (!at.last(backward.heads())) {
                  return;
                }
                int k = at.objective();
                try (Scope inner = Scope.open()) {
                  Tensor own = gathered.take(k);
                  int from = k == 0 ? 0 : first + k;
                  int some = k == 0 ? first + 1 : 1;
                  weights.narrow(0, from, some).copy_(own.narrow(0, from, some));
                  if (k == count - 1) {
                    rows.copy_(Rules.down(rows, weights));
                    progress.at("decoder", backward.depth() - at.layer(), backward.depth());
                  }
                }
              });
      Tensor normalized = Rules.normalized(rows, start);
      Tensor block =
          rows.narrow(0, count, image.length).indexSelect(1, Tensor.indices(image)).contiguous();
      TowerGraph graph = TowerGraph.attention(backward);
      Tensor slope = Torch.zeros(start.dtype(), slopes.getFirst().shape());
      List<Maps> maps = new ArrayList<>();
      for (int k = 0; k < count; k++) {
        slope.add_(slopes.get(k));
        double[] row = normalized.select(0, k).toDoubles();
        try (Scope inner = Scope.open()) {
          TowerWeights tower = TowerWeights.of(run, graph, slope);
          double[] llama = IntStream.of(image).mapToDouble(p -> row[p]).toArray();
          maps.add(
              new Maps(
                  llama,
                  normalized(tower, identity(tower.positions())),
                  normalized(tower, bordered(block)),
                  stretched(llama, text(row, image, first))));
        }
        progress.at("tower", k + 1L, count);
      }
      return maps;
    }
  }

  private static int[] image(Run run) {
    TokenMap tokens = run.tokens();
    List<TokenMap.View> views = tokens.views();
    TowerInput tower =
        run.model().model() instanceof VisionLanguageModel eyes
            ? eyes.input(run.batch().pictures())
            : null;
    boolean fits =
        tower != null
            && views.size() == 1
            && tower.positions() == tower.patches() + 1
            && views.getFirst().positions().length == tower.positions() - 1;
    if (!fits) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the compatible maps are those of one picture, seen once by a tower with a class token",
          "Leave out --compatible.");
    }
    return views.getFirst().positions();
  }

  /// One row for each token and one for each visual token, `[tokens + image, T]`.
  private static Tensor start(int first, int count, int[] image, int length, Tensor like) {
    float[] ones = new float[(count + image.length) * length];
    for (int k = 0; k < count; k++) {
      ones[k * length + first + k] = 1;
    }
    for (int p = 0; p < image.length; p++) {
      ones[(count + p) * length + image[p]] = 1;
    }
    return Tensor.of(ones, count + image.length, length).to(like.dtype());
  }

  /// The class token's row of the product of the tower's layers and a beginning, normalised,
  /// without the class token.
  private static double[] normalized(TowerWeights tower, double[] beginning) {
    int positions = tower.positions();
    double[][] classRow = new double[tower.views()][positions];
    classRow[0][0] = 1;
    double[] followed = tower.followed(classRow)[0];
    double[] row = new double[positions];
    for (int i = 0; i < positions; i++) {
      for (int j = 0; j < positions; j++) {
        row[j] += followed[i] * beginning[i * positions + j];
      }
    }
    row[0] -= 1;
    double sum = Arrays.stream(row).sum();
    return IntStream.range(1, positions).mapToDouble(j -> sum == 0 ? 0 : row[j] / sum).toArray();
  }

  private static double[] identity(int size) {
    double[] identity = new double[size * size];
    for (int i = 0; i < size; i++) {
      identity[i * size + i] = 1;
    }
    return identity;
  }

  private static double[] bordered(Tensor block) {
    int patches = (int) block.size(0);
    int size = patches + 1;
    double[] inner = block.toDoubles();
    double[] all = new double[size * size];
    all[0] = 1;
    for (int i = 0; i < patches; i++) {
      System.arraycopy(inner, i * patches, all, (i + 1) * size + 1, patches);
    }
    return all;
  }

  /// The part of a row that the tool calls text.
  private static double[] text(double[] row, int[] image, int first) {
    int from = image[image.length - 1] + 1 + AFTER_IMAGE;
    int end = first + 1 - TEMPLATE;
    return from < end ? Arrays.copyOfRange(row, from, end) : new double[0];
  }

  private static double[] stretched(double[] image, double[] text) {
    double[] both =
        IntStream.range(0, image.length + text.length)
            .mapToDouble(i -> i < image.length ? image[i] : text[i - image.length])
            .toArray();
    double low = Arrays.stream(both).min().orElse(0);
    double high = Arrays.stream(both).max().orElse(0);
    return Arrays.stream(image).map(v -> high == low ? 0 : (v - low) / (high - low)).toArray();
  }
}
