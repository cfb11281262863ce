package dev.lynceus.model.vit;

import dev.lynceus.model.stack.FeedForward;
import dev.lynceus.model.stack.Layer;
import dev.lynceus.model.stack.Projections;
import dev.lynceus.nn.Linear;
import dev.lynceus.nn.Norm;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.Weights;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Weights of a vision transformer.
///
/// @param patch `[width, channels, patch, patch]`
/// @param patchBias `[width]`; null for CLIP
/// @param classToken `[width]`; null for SigLIP
/// @param positions `[positions, width]`
/// @param before norm before the first layer; null for SigLIP
/// @param after norm after the last layer; null where hidden states are read before it
public record VitWeights(
    Tensor patch,
    @Nullable Tensor patchBias,
    @Nullable Tensor classToken,
    Tensor positions,
    Norm.@Nullable Layer before,
    List<Layer> layers,
    Norm.@Nullable Layer after) {

  /// Takes the weights of a tower. Its last norm and pooling head are known but not needed: LLaVA
  /// reads hidden states before them.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_CHECKPOINT if a tensor is absent or has another
  ///   shape
  public static VitWeights read(VitConfig c, Weights w) {
    List<Layer> layers = new ArrayList<>();
    for (int l = 0; l < c.layers(); l++) {
      layers.add(layer(c, w.at("encoder.layers." + l)));
    }
    w.skip("embeddings.position_ids");
    if (!c.shared()) {
      w.skip("post_layernorm.weight", "post_layernorm.bias");
    }
    w.at("head")
        .names()
        .forEach(
            name -> w.skip(name.substring(w.prefix().isEmpty() ? 0 : w.prefix().length() + 1)));
    Tensor patch =
        w.get(
                "embeddings.patch_embedding.weight",
                c.width(),
                c.channels(),
                c.patchSize(),
                c.patchSize())
            .own();
    Tensor positions =
        w.get("embeddings.position_embedding.weight", c.positions(), c.width()).own();
    return c.classToken()
        ? new VitWeights(
            patch,
            null,
            w.get("embeddings.class_embedding", c.width()).own(),
            positions,
            norm(c, w, w.has("pre_layrnorm.weight") ? "pre_layrnorm" : "pre_layernorm"),
            layers,
            null)
        : new VitWeights(
            patch,
            w.get("embeddings.patch_embedding.bias", c.width()).own(),
            null,
            c.shared() ? byShare(positions, c.grid()).own() : positions,
            null,
            layers,
            c.shared() ? norm(c, w, "post_layernorm") : null);
  }

  /// The same of a tower whose features are read after its last norm.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_CHECKPOINT if a tensor is absent or has another
  ///   shape
  public static VitWeights finished(VitConfig c, Weights w) {
    VitWeights read = read(c, w);
    return new VitWeights(
        read.patch,
        read.patchBias,
        read.classToken,
        read.positions,
        read.before,
        read.layers,
        norm(c, w, "post_layernorm"));
  }

  /// The row of the table that each patch gets by its share of the side, as the reference library
  /// rounds it: where the side has no power of two of patches, a patch may get its neighbour's.
  private static Tensor byShare(Tensor table, int grid) {
    try (Scope scope = Scope.open()) {
      Tensor bounds = Torch.arange(1.0 / grid, 1, 1.0 / grid);
      Tensor shares =
          Torch.arange(0, grid).to(DType.FLOAT32).mul((float) (1.0 / grid)).clampMax(1 - 1e-6);
      long[] places = Torch.bucketize(shares, bounds).toLongs();
      int[] rows = new int[grid * grid];
      for (int patch = 0; patch < rows.length; patch++) {
        rows[patch] = (int) (places[patch / grid] * grid + places[patch % grid]);
      }
      return scope.keep(table.indexSelect(0, Tensor.indices(rows)));
    }
  }

  private static Layer layer(VitConfig c, Weights w) {
    return new Layer(
        norm(c, w, "layer_norm1"),
        new Projections(
            linear(w, "self_attn.q_proj", c.width(), c.width()),
            linear(w, "self_attn.k_proj", c.width(), c.width()),
            linear(w, "self_attn.v_proj", c.width(), c.width()),
            linear(w, "self_attn.out_proj", c.width(), c.width()),
            null),
        norm(c, w, "layer_norm2"),
        new FeedForward(
            null,
            linear(w, "mlp.fc1", c.inner(), c.width()),
            linear(w, "mlp.fc2", c.width(), c.inner()),
            c.activation()));
  }

  private static Linear linear(Weights w, String name, int out, int in) {
    return new Linear(w.get(name + ".weight", out, in).own(), w.get(name + ".bias", out).own());
  }

  private static Norm.Layer norm(VitConfig c, Weights w, String name) {
    return new Norm.Layer(
        w.get(name + ".weight", c.width()).own(),
        w.get(name + ".bias", c.width()).own(),
        c.normEps());
  }
}
