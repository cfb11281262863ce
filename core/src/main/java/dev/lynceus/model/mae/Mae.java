package dev.lynceus.model.mae;

import dev.lynceus.model.Stacks;
import dev.lynceus.model.encoder.BertNames;
import dev.lynceus.model.encoder.TextEncoder;
import dev.lynceus.model.qformer.QFormer;
import dev.lynceus.model.stack.Layer;
import dev.lynceus.model.stack.StackShape;
import dev.lynceus.model.vit.Tower;
import dev.lynceus.model.vit.Vit;
import dev.lynceus.model.vit.VitWeights;
import dev.lynceus.tap.Labels;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A masked autoencoder (`ViTMAEForPreTraining`; He and others, arXiv 2111.06377): of a picture cut
/// into patches a tower sees a few, and a decoder makes the pixels of all.
///
/// @param tower whose sequence has a class token and the patches that are kept
public record Mae(MaeConfig config, Vit tower, PixelDecoder decoder) implements Stacks {

  /// Builds it.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_CHECKPOINT if a tensor is absent or has another
  ///   shape
  public static Mae of(MaeConfig config, Weights weights) {
    return new Mae(
        config,
        new Vit(config.vision(), tower(config, weights.at("vit"))),
        PixelDecoder.read(config, weights.at("decoder")));
  }

  private static VitWeights tower(MaeConfig c, Weights w) {
    int width = c.vision().width();
    int patch = c.vision().patchSize();
    List<Layer> layers = new ArrayList<>();
    for (int l = 0; l < c.vision().layers(); l++) {
      layers.add(
          layer(
              new BertNames(w.at("encoder.layer." + l), width, c.vision().normEps()),
              c.vision().shape(),
              c));
    }
    String projection = "embeddings.patch_embeddings.projection";
    return new VitWeights(
        w.get(projection + ".weight", width, c.vision().channels(), patch, patch).own(),
        w.get(projection + ".bias", width).own(),
        w.get("embeddings.cls_token", 1, 1, width).reshape(width).own(),
        w.get("embeddings.position_embeddings", 1, c.vision().positions(), width)
            .select(0, 0)
            .own(),
        null,
        List.copyOf(layers),
        new BertNames(w, width, c.vision().normEps()).norm("layernorm"));
  }

  /// A layer of tower or decoder.
  static Layer layer(BertNames names, StackShape shape, MaeConfig c) {
    return new Layer(
        names.norm("layernorm_before"),
        c.bias()
            ? names.attention("attention", "attention", shape.width())
            : names.unbiased("attention", "attention", shape.width()),
        names.norm("layernorm_after"),
        names.network("intermediate", "output", shape.inner(), c.vision().activation()));
  }

  /// What left the tower, through the norm after it, `[images, 1 + kept, width]`.
  ///
  /// @param pixels `[images, 3, height, width]`
  public Tensor seen(Tensor pixels, Mask mask, Tap tap) {
    Tensor finished = tower.finished(tower.some(pixels, mask.kept(), tap), tap);
    return tap.at(Point.vision(Site.FEATURES), finished);
  }

  /// The pixels of all patches, kept ones too, `[images, patches, numbers of a patch]`; with
  /// [MaeConfig#normalised()] as they are with mean and spread of their own taken from them.
  public Tensor forward(Tensor pixels, Mask mask, Tap tap) {
    return decoder.forward(seen(pixels, mask, tap), mask, tap);
  }

  /// What a patch should have been made as, `[images, patches, numbers of a patch]`.
  public Tensor target(Tensor pixels) {
    Tensor patches = Patches.of(pixels, config.vision().patchSize());
    return config.normalised() ? Patches.normalised(patches) : patches;
  }

  /// The loss that it is taught by: the mean over pictures and removed patches of the mean squared
  /// difference of a patch's numbers. What is made of patches that were kept has no part in it.
  ///
  /// @param made `[images, patches, numbers of a patch]`
  /// @param target like it
  public static Tensor error(Tensor made, Tensor target, Mask mask) {
    Tensor removed = Tensor.indices(mask.removed());
    return made.indexSelect(1, removed).sub(target.indexSelect(1, removed)).square().mean();
  }

  /// What the positions of every place are.
  public Labels labels(Mask mask) {
    TokenMap all = tower.tokens();
    List<TokenMap.Spot> some = new ArrayList<>(List.of(all.spots().getFirst()));
    for (int patch : mask.kept()) {
      some.add(all.spots().get(1 + patch));
    }
    TokenMap kept = new TokenMap(some, all.grids());
    return Labels.of(point ->
        point.stack() == Stack.PIXELS
            ? all
            : switch (point.site()) {
              case PIXELS -> TokenMap.NONE;
              case PATCH_EMBED -> tower.patches();
              case POS_EMBED, EMBED -> all;
              default -> kept;
            });
  }

  @Override
  public Optional<Tower> vision() {
    return Optional.of(tower);
  }

  @Override
  public Optional<QFormer> queries() {
    return Optional.empty();
  }

  @Override
  public Optional<TextEncoder> textEncoder() {
    return Optional.empty();
  }

  @Override
  public int layers(Stack stack) {
    return switch (stack) {
      case VISION -> tower.config().layers();
      case PIXELS -> decoder.shape().layers();
      case QFORMER, ENCODER, PROJECTOR, DECODER -> 0;
    };
  }

  @Override
  public boolean has(Point point) {
    return switch (point.stack()) {
      case VISION -> tower.has(point);
      case PIXELS -> decoder.has(point);
      case QFORMER, ENCODER, PROJECTOR, DECODER -> false;
    };
  }
}
