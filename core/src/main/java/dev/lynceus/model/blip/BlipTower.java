package dev.lynceus.model.blip;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.stack.FeedForward;
import dev.lynceus.model.stack.Layer;
import dev.lynceus.model.stack.Projections;
import dev.lynceus.model.vit.VitConfig;
import dev.lynceus.model.vit.VitWeights;
import dev.lynceus.nn.Linear;
import dev.lynceus.nn.Norm;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Weights;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The vision tower of BLIP, BLIP-2 and InstructBLIP: a class token, queries, keys and values from
/// one matrix, a norm after the last layer.
public final class BlipTower {
  private BlipTower() {}

  /// Which keys of the config of a BLIP tower have an effect.
  public static final ConfigKeys KEYS =
      ConfigKeys.of(
          "a blip tower",
          ConfigKeys.TOWER + " qkv_bias",
          "projection_dim initializer_factor dropout");

  /// Reads its config.
  ///
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL or BAD_CHECKPOINT, naming the key
  public static VitConfig read(Config c, Generation generation) {
    return VitConfig.blip(c, generation == Generation.SECOND);
  }

  /// Which defaults hold.
  public enum Generation {
    /// BLIP.
    FIRST,
    /// BLIP-2 and InstructBLIP.
    SECOND
  }

  /// Takes its weights.
  ///
  /// @param bias whether queries, keys and values have one
  /// @param w the view that holds `embeddings` and `encoder`
  /// @throws dev.lynceus.error.LynceusException BAD_CHECKPOINT if a tensor is absent or has another
  ///   shape
  public static VitWeights weights(VitConfig c, boolean bias, Weights w) {
    List<Layer> layers = new ArrayList<>();
    for (int l = 0; l < c.layers(); l++) {
      layers.add(layer(c, bias, w.at("encoder.layers." + l)));
    }
    int width = c.width();
    int patch = c.patchSize();
    return new VitWeights(
        w.get("embeddings.patch_embedding.weight", width, c.channels(), patch, patch).own(),
        w.get("embeddings.patch_embedding.bias", width).own(),
        w.get("embeddings.class_embedding", 1, 1, width).reshape(width).own(),
        w.get("embeddings.position_embedding", 1, c.positions(), width).select(0, 0).own(),
        null,
        layers,
        norm(c, w, "post_layernorm"));
  }

  private static Layer layer(VitConfig c, boolean hasBias, Weights w) {
    int width = c.width();
    Tensor all = w.get("self_attn.qkv.weight", 3L * width, width);
    @Nullable Tensor bias = hasBias ? w.get("self_attn.qkv.bias", 3L * width) : null;
    return new Layer(
        norm(c, w, "layer_norm1"),
        new Projections(
            part(all, bias, 0, width),
            part(all, bias, 1, width),
            part(all, bias, 2, width),
            linear(w, "self_attn.projection", width, width),
            null),
        norm(c, w, "layer_norm2"),
        new FeedForward(
            null,
            linear(w, "mlp.fc1", c.inner(), width),
            linear(w, "mlp.fc2", width, c.inner()),
            c.activation()));
  }

  private static Linear part(Tensor all, @Nullable Tensor bias, int number, int width) {
    long from = (long) number * width;
    return new Linear(
        all.narrow(0, from, width).own(), bias == null ? null : bias.narrow(0, from, width).own());
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
