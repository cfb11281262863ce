package dev.lynceus.lab.train;

import dev.lynceus.model.ImageScale;
import dev.lynceus.model.llava.Llava;
import dev.lynceus.model.llava.LlavaConfig;
import dev.lynceus.model.llava.VisualEncoder;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.model.text.TextWeights;
import dev.lynceus.model.vit.Vit;
import dev.lynceus.model.vit.VitWeights;
import dev.lynceus.pupil.world.Exercise;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Weights;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// All numbers of the model, by part and name.
final class Parameters {
  /// Parts that are trained together or not.
  enum Part {
    TOWER,
    /// Read-outs that only the training of the tower has; no part of the model.
    READOUT,
    PROJECTOR,
    DECODER,
    /// Read-outs of marks, which only the training of further skills has; no part of the model.
    MARKS
  }

  /// Things that a patch can show: the nouns of the world and the ground.
  static final int OBJECTS = dev.lynceus.pupil.world.Silhouette.all().size();

  static final int COLOURS = dev.lynceus.pupil.world.Colour.values().length;

  /// Numbers that are read out of a patch: thing, colour, way to the thing's centre (x, y), whether
  /// the centre is here, the centre's place in the picture (x, y).
  static final int READ = OBJECTS + 1 + COLOURS + 1 + 2 + 1 + 2;

  private final PupilShape shape;
  private final Variables<Part> variables;

  Parameters(PupilShape shape) {
    this.shape = shape;
    this.variables = list(shape);
  }

  private static Variables<Part> list(PupilShape shape) {
    Variables.Builder<Part> list = new Variables.Builder<>();
    LlavaConfig c = shape.llava();
    int w = c.vision().width();
    double in = Math.pow(w, -.5) * Math.pow(2.0 * c.vision().layers(), -.5);
    double out = Math.pow(w, -.5);
    String tower = "vision_tower.";
    list.normal(Part.TOWER, tower + "embeddings.class_embedding", out, w);
    list.normal(
        Part.TOWER,
        tower + "embeddings.patch_embedding.weight",
        .02,
        w,
        3,
        PupilShape.PATCH,
        PupilShape.PATCH);
    list.normal(
        Part.TOWER, tower + "embeddings.position_embedding.weight", .02, c.vision().positions(), w);
    list.norm(Part.TOWER, tower + "pre_layrnorm", w);
    for (int l = 0; l < c.vision().layers(); l++) {
      String layer = tower + "encoder.layers." + l + ".";
      list.norm(Part.TOWER, layer + "layer_norm1", w);
      list.biased(Part.TOWER, layer + "self_attn.q_proj", in, w, w);
      list.biased(Part.TOWER, layer + "self_attn.k_proj", in, w, w);
      list.biased(Part.TOWER, layer + "self_attn.v_proj", in, w, w);
      list.biased(Part.TOWER, layer + "self_attn.out_proj", out, w, w);
      list.norm(Part.TOWER, layer + "layer_norm2", w);
      list.biased(Part.TOWER, layer + "mlp.fc1", Math.pow(2.0 * w, -.5), c.vision().inner(), w);
      list.biased(Part.TOWER, layer + "mlp.fc2", in, w, c.vision().inner());
    }
    list.norm(Part.TOWER, tower + "post_layernorm", w);
    list.biased(Part.READOUT, "readout.patch", out, READ, w);
    list.biased(
        Part.READOUT, "readout.mask", out, PupilShape.PATCH / 2 * (PupilShape.PATCH / 2), w);
    list.biased(Part.READOUT, "readout.picture", out, OBJECTS, w);
    int d = shape.width();
    list.biased(Part.PROJECTOR, "multi_modal_projector.linear_1", uniformLike(w), d, w);
    list.biased(Part.PROJECTOR, "multi_modal_projector.linear_2", uniformLike(d), d, d);
    String body = "language_model.model.";
    list.normal(Part.DECODER, body + "embed_tokens.weight", .02, shape.vocabulary(), d);
    for (int l = 0; l < shape.layers(); l++) {
      String layer = body + "layers." + l + ".";
      list.ones(Part.DECODER, layer + "input_layernorm.weight", d);
      for (String name : List.of("q_proj", "k_proj", "v_proj", "o_proj")) {
        list.normal(Part.DECODER, layer + "self_attn." + name + ".weight", .02, d, d);
      }
      list.ones(Part.DECODER, layer + "post_attention_layernorm.weight", d);
      list.normal(Part.DECODER, layer + "mlp.gate_proj.weight", .02, shape.inner(), d);
      list.normal(Part.DECODER, layer + "mlp.up_proj.weight", .02, shape.inner(), d);
      list.normal(Part.DECODER, layer + "mlp.down_proj.weight", .02, d, shape.inner());
    }
    list.ones(Part.DECODER, body + "norm.weight", d);
    list.normal(Part.DECODER, "language_model.lm_head.weight", .02, shape.vocabulary(), d);
    // The last one: what is drawn for the others does not depend on it.
    list.biased(
        Part.MARKS, "readout.marks", Math.pow(d, -.5), Exercise.MARKS + Exercise.COLOURS, d);
    return list.build();
  }

  /// The deviation of PyTorch's default for linear maps.
  private static double uniformLike(int in) {
    return 1 / Math.sqrt(3.0 * in);
  }

  PupilShape shape() {
    return shape;
  }

  /// The numbers, by part and name.
  Variables<Part> variables() {
    return variables;
  }

  /// The model over the vector's memory: it changes as the vector changes.
  ///
  /// @param trained parts whose gradients are wanted
  /// @param gradients vector that gradients are added to
  Replica replica(Set<Part> trained, Tensor gradients) {
    Map<String, Tensor> tensors = variables.tensors(trained, gradients);
    LlavaConfig c = shape.llava();
    Weights weights = Weights.of("the model in training", tensors);
    TextStack decoder =
        new TextStack(
            c.text(),
            TextWeights.read(
                c.text(), weights.at("language_model.model"), weights.at("language_model")));
    VisualEncoder encoder =
        VisualEncoder.of(
            c,
            new Vit(c.vision(), VitWeights.read(c.vision(), weights.at("vision_tower"))),
            weights.at("multi_modal_projector"));
    return new Replica(shape, new Llava(c, encoder, decoder, ImageScale.AS_PROJECTED), tensors);
  }

  /// A model over the vector, and its tensors by name.
  record Replica(PupilShape shape, Llava model, Map<String, Tensor> tensors) implements Sight {
    @Override
    public Vit tower() {
      return model.encoder().tower();
    }

    @Override
    public int featureDepth() {
      return shape.featureDepth();
    }

    @Override
    public Tensor features(Tensor state) {
      return state;
    }

    @Override
    public Tensor tensor(String name) {
      return java.util.Objects.requireNonNull(tensors.get(name), name);
    }
  }
}
