package dev.lynceus.model.qwenvl;

import dev.lynceus.model.stack.FeedForward;
import dev.lynceus.model.stack.Layer;
import dev.lynceus.model.stack.Projections;
import dev.lynceus.nn.Linear;
import dev.lynceus.nn.Norm;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Weights;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Weights of a tower that takes pictures of any size, and of what makes visual tokens of its
/// features.
///
/// @param patch `[width, numbers of a patch]`
/// @param positions `[positions, width]`; null without learned positions
/// @param merger makes visual tokens of what leaves the last layer
/// @param deep makes those that are added in the decoder, one for each of the config's
record PatchTowerWeights(
    Linear patch,
    @Nullable Tensor positions,
    List<Layer> layers,
    PatchMerger merger,
    List<PatchMerger> deep) {

  /// Takes the weights.
  ///
  /// @param w the view that holds `patch_embed`, `blocks` and `merger`
  /// @throws dev.lynceus.error.LynceusException BAD_CHECKPOINT if a tensor is absent or has another
  ///   shape
  static PatchTowerWeights read(PatchTowerConfig c, Weights w) {
    boolean third = c.generation() == PatchTowerConfig.Generation.QWEN3;
    List<Layer> layers = new ArrayList<>();
    for (int l = 0; l < c.layers(); l++) {
      layers.add(layer(c, w.at("blocks." + l)));
    }
    w.skip("rotary_pos_emb.inv_freq");
    Tensor patch =
        w.get("patch_embed.proj.weight", c.width(), 3, c.temporal(), c.patch(), c.patch())
            .reshape(c.width(), c.patchWidth())
            .own();
    List<PatchMerger> deep = new ArrayList<>();
    for (PatchTowerConfig.Deep one : c.deep()) {
      deep.add(merger(c, w.at("deepstack_merger_list." + one.merger()), true));
    }
    for (int merger = 0; merger < c.deepMergers(); merger++) {
      Weights one = w.at("deepstack_merger_list." + merger);
      one.skip(
          "norm.weight",
          "norm.bias",
          "linear_fc1.weight",
          "linear_fc1.bias",
          "linear_fc2.weight",
          "linear_fc2.bias");
    }
    return new PatchTowerWeights(
        new Linear(patch, third ? w.get("patch_embed.proj.bias", c.width()).own() : null),
        third ? w.get("pos_embed.weight", c.positions(), c.width()).own() : null,
        layers,
        merger(c, w.at("merger"), false),
        deep);
  }

  private static PatchMerger merger(PatchTowerConfig c, Weights w, boolean joinedNorm) {
    boolean third = c.generation() == PatchTowerConfig.Generation.QWEN3;
    String norm = third ? "norm" : "ln_q";
    int size = joinedNorm ? c.joined() : c.width();
    return new PatchMerger(
        norm(c, w, norm, size),
        joinedNorm,
        linear(w, third ? "linear_fc1" : "mlp.0", c.joined(), c.joined()),
        linear(w, third ? "linear_fc2" : "mlp.2", c.out(), c.joined()));
  }

  private static Layer layer(PatchTowerConfig c, Weights w) {
    int width = c.width();
    Linear all = linear(w, "attn.qkv", 3 * width, width);
    return new Layer(
        norm(c, w, "norm1", width),
        new Projections(
            rows(all, 0, width),
            rows(all, width, width),
            rows(all, 2 * width, width),
            linear(w, "attn.proj", width, width),
            null),
        norm(c, w, "norm2", width),
        switch (c.generation()) {
          case QWEN2 -> network(c, w, "mlp.fc1", "mlp.fc2");
          case QWEN2_5 ->
              new FeedForward(
                  linear(w, "mlp.gate_proj", c.inner(), width),
                  linear(w, "mlp.up_proj", c.inner(), width),
                  linear(w, "mlp.down_proj", width, c.inner()),
                  c.activation());
          case QWEN3 -> network(c, w, "mlp.linear_fc1", "mlp.linear_fc2");
        });
  }

  private static FeedForward network(PatchTowerConfig c, Weights w, String up, String down) {
    return new FeedForward(
        null,
        linear(w, up, c.inner(), c.width()),
        linear(w, down, c.width(), c.inner()),
        c.activation());
  }

  private static Linear rows(Linear all, int start, int count) {
    @Nullable Tensor bias = all.bias() == null ? null : all.bias().narrow(0, start, count).own();
    return new Linear(all.weight().narrow(0, start, count).own(), bias);
  }

  private static Linear linear(Weights w, String name, int out, int in) {
    return new Linear(w.get(name + ".weight", out, in).own(), w.get(name + ".bias", out).own());
  }

  private static Norm norm(PatchTowerConfig c, Weights w, String name, int width) {
    Tensor weight = w.get(name + ".weight", width).own();
    return c.generation() == PatchTowerConfig.Generation.QWEN2_5
        ? new Norm.Rms(weight, c.eps())
        : new Norm.Layer(weight, w.get(name + ".bias", width).own(), c.eps());
  }
}
