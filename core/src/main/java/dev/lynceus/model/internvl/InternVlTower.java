package dev.lynceus.model.internvl;

import dev.lynceus.model.stack.FeedForward;
import dev.lynceus.model.stack.Layer;
import dev.lynceus.model.stack.Projections;
import dev.lynceus.model.vit.VitConfig;
import dev.lynceus.model.vit.VitWeights;
import dev.lynceus.nn.Linear;
import dev.lynceus.nn.Norm;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Weights;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes the weights of InternVL's tower. What each branch writes is scaled by a vector: the
/// vectors are multiplied into the two matrices before them and their biases, once, in float64, so
/// that every reader of these matrices sees what is written. Such a matrix is kept in float32.
final class InternVlTower {
  private InternVlTower() {}

  /// @param w the view that holds `embeddings` and `encoder`
  /// @throws dev.lynceus.error.LynceusException BAD_CHECKPOINT if a tensor is absent or has another
  ///   shape
  static VitWeights read(InternVlConfig config, Weights w) {
    VitConfig c = config.vision();
    List<Layer> layers = new ArrayList<>();
    for (int l = 0; l < c.layers(); l++) {
      layers.add(layer(config, w.at("encoder.layer." + l)));
    }
    w.skip("embeddings.mask_token");
    if (!config.tower().normAfter()) {
      w.skip("layernorm.weight", "layernorm.bias");
    }
    return new VitWeights(
        w.get(
                "embeddings.patch_embeddings.projection.weight",
                c.width(),
                c.channels(),
                c.patchSize(),
                c.patchSize())
            .own(),
        w.get("embeddings.patch_embeddings.projection.bias", c.width()).own(),
        w.get("embeddings.cls_token", 1, 1, c.width()).reshape(c.width()).own(),
        w.get("embeddings.position_embeddings", 1, c.positions(), c.width()).select(0, 0).own(),
        null,
        layers,
        config.tower().normAfter() ? layerNorm(c, w, "layernorm") : null);
  }

  private static Layer layer(InternVlConfig config, Weights w) {
    VitConfig c = config.vision();
    int width = c.width();
    boolean bias = config.tower().attentionBias();
    return new Layer(
        norm(config, w, "layernorm_before"),
        new Projections(
            linear(w, "attention.q_proj", width, width, bias),
            linear(w, "attention.k_proj", width, width, bias),
            linear(w, "attention.v_proj", width, width, bias),
            scaled(w, "lambda_1", linear(w, "attention.projection_layer", width, width, true)),
            null),
        norm(config, w, "layernorm_after"),
        new FeedForward(
            null,
            linear(w, "mlp.fc1", c.inner(), width, true),
            scaled(w, "lambda_2", linear(w, "mlp.fc2", width, c.inner(), true)),
            c.activation()));
  }

  private static Linear scaled(Weights w, String vector, Linear map) {
    Tensor scale = w.get(vector, map.out()).to(DType.FLOAT64);
    Tensor weight = map.weight().to(DType.FLOAT64).mul(scale.unsqueeze(1)).to(DType.FLOAT32);
    @Nullable Tensor bias = map.bias();
    return new Linear(
        weight.own(),
        bias == null ? null : bias.to(DType.FLOAT64).mul(scale).to(DType.FLOAT32).own());
  }

  private static Linear linear(Weights w, String name, int out, int in, boolean hasBias) {
    @Nullable Tensor bias = hasBias ? w.get(name + ".bias", out).own() : null;
    return new Linear(w.get(name + ".weight", out, in).own(), bias);
  }

  private static Norm norm(InternVlConfig config, Weights w, String name) {
    VitConfig c = config.vision();
    return config.tower().rms()
        ? new Norm.Rms(w.get(name + ".weight", c.width()).own(), c.normEps())
        : layerNorm(c, w, name);
  }

  private static Norm.Layer layerNorm(VitConfig c, Weights w, String name) {
    return new Norm.Layer(
        w.get(name + ".weight", c.width()).own(),
        w.get(name + ".bias", c.width()).own(),
        c.normEps());
  }
}
