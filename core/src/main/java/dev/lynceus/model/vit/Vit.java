package dev.lynceus.model.vit;

import dev.lynceus.model.part.Attention;
import dev.lynceus.model.part.TappedNorm;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;

/// A vision transformer of the CLIP or SigLIP kind.
public final class Vit {
  private static final TappedNorm FIRST_NORM =
      new TappedNorm(
          Point.vision(Site.LN1_SCALE),
          Point.vision(Site.LN1_NORMALIZED),
          Point.vision(Site.LN1_OUT));
  private static final TappedNorm SECOND_NORM =
      new TappedNorm(
          Point.vision(Site.LN2_SCALE),
          Point.vision(Site.LN2_NORMALIZED),
          Point.vision(Site.LN2_OUT));

  private final VitConfig config;
  private final VitWeights weights;
  private final Attention attention;

  public Vit(VitConfig config, VitWeights weights) {
    this.config = config;
    this.weights = weights;
    this.attention =
        new Attention(
            Point.vision(Site.ATTN_SCORES),
            Point.vision(Site.PATTERN),
            1 / Math.sqrt(config.headWidth()));
  }

  /// Sizes and switches.
  public VitConfig config() {
    return config;
  }

  /// Whether it has a place.
  public boolean has(Point point) {
    return switch (point.site()) {
      case LN_PRE -> config.classToken();
      case LN_POST -> config.shared();
      default -> point.stack() == Stack.VISION;
    };
  }

  /// Hidden states of chosen depths.
  ///
  /// @param pixels `[images, channels, height, width]`, in the type of the arithmetic
  /// @param depths which hidden states: 0 = input of the first layer, i = output of layer i - 1
  /// @return per depth, in the given order: `[images, positions, width]`
  public List<Tensor> forward(Tensor pixels, int[] depths, Tap tap) {
    int deepest = tap.deepest(Stack.VISION, config.layers()) + 1;
    for (int depth : depths) {
      deepest = Math.max(deepest, depth);
    }
    Tensor x = embed(tap.at(Point.vision(Site.PIXELS), pixels), tap);
    List<Tensor> states = new ArrayList<>(List.of(x));
    for (int l = 0; l < deepest; l++) {
      try (Scope scope = Scope.open()) {
        x = scope.keep(layer(l, x, tap));
      }
      states.add(x);
    }
    List<Tensor> chosen = new ArrayList<>();
    for (int depth : depths) {
      chosen.add(states.get(depth));
    }
    return chosen;
  }

  /// What the last layer gave, through the norm after it where the tower has one.
  public Tensor finished(Tensor last, Tap tap) {
    return weights.after() == null
        ? last
        : tap.at(Point.vision(Site.LN_POST), weights.after().apply(last));
  }

  private Tensor embed(Tensor pixels, Tap tap) {
    Tensor patches = patches(pixels);
    Tensor x = tap.at(Point.vision(Site.PATCH_EMBED), patches);
    if (weights.classToken() != null) {
      Tensor token =
          weights.classToken().to(x.dtype()).reshape(1, 1, -1).expand(x.size(0), 1, config.width());
      x = Torch.cat(List.of(token, x), 1);
    }
    Tensor stored = weights.positions().to(x.dtype()).unsqueeze(0);
    // What a run keeps may outlive the mapped weights.
    Tensor positions =
        tap.at(
            Point.vision(Site.POS_EMBED),
            tap.keeps(Point.vision(Site.POS_EMBED), 0) ? stored.copy() : stored);
    x = tap.at(Point.vision(Site.EMBED), x.add(positions));
    return weights.before() == null
        ? x
        : tap.at(Point.vision(Site.LN_PRE), weights.before().apply(x));
  }

  /// The picture cut into patches, each times the same matrix, `[images, patches, width]`.
  private Tensor patches(Tensor pixels) {
    Tensor weight = weights.patch().to(pixels.dtype());
    Tensor bias = weights.patchBias() == null ? null : weights.patchBias().to(pixels.dtype());
    if (!pixels.recordsGradient()) {
      return Torch.conv2d(pixels, weight, bias, config.patchSize()).flatten(2, 3).transpose(1, 2);
    }
    // Going back, one product serves where a convolution would do one for each picture.
    long size = config.patchSize();
    long rows = pixels.size(2) / size;
    long columns = pixels.size(3) / size;
    Tensor cut =
        pixels
            .narrow(2, 0, rows * size)
            .narrow(3, 0, columns * size)
            .reshape(pixels.size(0), pixels.size(1), rows, size, columns, size)
            .permute(0, 2, 4, 1, 3, 5)
            .reshape(pixels.size(0), rows * columns, -1);
    return Torch.linear(cut, weight.reshape(weight.size(0), -1), bias);
  }

  private Tensor layer(int l, Tensor input, Tap tap) {
    VitWeights.Layer w = weights.layers().get(l);
    Tensor x = tap.at(Point.vision(Site.RESID_PRE), l, input);
    Tensor normalized = FIRST_NORM.apply(w.attentionNorm(), l, x, tap);
    Tensor attended = tap.at(Point.vision(Site.ATTN_OUT), l, attend(l, w, normalized, tap));
    Tensor middle = tap.at(Point.vision(Site.RESID_MID), l, x.add(attended));
    Tensor fed = SECOND_NORM.apply(w.feedForwardNorm(), l, middle, tap);
    Tensor neurons = tap.at(Point.vision(Site.MLP_PRE), l, w.up().apply(fed));
    Tensor activated = tap.at(Point.vision(Site.MLP_POST), l, config.activation().apply(neurons));
    Tensor out = tap.at(Point.vision(Site.MLP_OUT), l, w.down().apply(activated));
    return tap.at(Point.vision(Site.RESID_POST), l, middle.add(out));
  }

  private Tensor attend(int l, VitWeights.Layer w, Tensor normalized, Tap tap) {
    Tensor q = tap.at(Point.vision(Site.Q), l, heads(w.query().apply(normalized))).transpose(1, 2);
    Tensor k = tap.at(Point.vision(Site.K), l, heads(w.key().apply(normalized))).transpose(1, 2);
    Tensor v = tap.at(Point.vision(Site.V), l, heads(w.value().apply(normalized))).transpose(1, 2);
    Tensor z = tap.at(Point.vision(Site.Z), l, attention.apply(q, k, v, null, false, tap, l));
    if (tap.wants(Point.vision(Site.RESULT), l)) {
      List<Tensor> parts = new ArrayList<>();
      for (int h = 0; h < config.heads(); h++) {
        parts.add(
            w.output()
                .columns((long) h * config.headWidth(), config.headWidth())
                .apply(z.select(2, h)));
      }
      Tensor stacked = Torch.stack(parts, 2);
      Tensor seen = tap.at(Point.vision(Site.RESULT), l, stacked);
      // Looking must not change the last bits of the sum, nor may an edit of nothing.
      if (tap.changes(Point.vision(Site.RESULT), l) && seen.sub(stacked).abs().max().item() != 0) {
        return w.output().plusBias(seen.sum(2));
      }
    }
    return w.output().apply(z.reshape(z.size(0), z.size(1), -1));
  }

  private Tensor heads(Tensor x) {
    return x.reshape(x.size(0), x.size(1), config.heads(), config.headWidth());
  }
}
