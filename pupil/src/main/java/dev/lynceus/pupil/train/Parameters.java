package dev.lynceus.pupil.train;

import dev.lynceus.model.ImageScale;
import dev.lynceus.model.llava.Llava;
import dev.lynceus.model.llava.LlavaConfig;
import dev.lynceus.model.llava.VisualEncoder;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.model.text.TextWeights;
import dev.lynceus.model.vit.Vit;
import dev.lynceus.model.vit.VitWeights;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.Weights;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/// All numbers of the model in one vector, part after part, with a name and a shape for each tensor
/// in it. Arithmetic on a part is arithmetic on a range of the vector.
final class Parameters {
  /// Parts that are trained together or not.
  enum Part {
    TOWER,
    /// Read-outs that only the training of the tower has; no part of the model.
    READOUT,
    PROJECTOR,
    DECODER
  }

  /// How a tensor is drawn at the beginning.
  private enum Start {
    NORMAL,
    ZERO,
    ONE
  }

  /// A tensor in the vector.
  ///
  /// @param name as in the checkpoint of the whole model
  /// @param offset index of its first number
  /// @param deviation of the normal distribution that it is drawn from
  /// @param decays whether weight decay pulls it to zero: matrices, but no norms and biases
  record Entry(
      Part part,
      String name,
      long[] shape,
      long offset,
      Start start,
      double deviation,
      boolean decays) {
    long count() {
      long count = 1;
      for (long size : shape) {
        count *= size;
      }
      return count;
    }
  }

  /// Things that a patch can show: the nouns of the world and the ground.
  static final int OBJECTS = dev.lynceus.pupil.world.Silhouette.all().size();

  static final int COLOURS = dev.lynceus.pupil.world.Colour.values().length;

  /// Numbers that are read out of a patch: thing, colour, way to the thing's centre (x, y), whether
  /// the centre is here, the centre's place in the picture (x, y).
  static final int READ = OBJECTS + 1 + COLOURS + 1 + 2 + 1 + 2;

  private final PupilShape shape;
  private final List<Entry> entries = new ArrayList<>();
  private final Tensor vector;
  private long size;

  Parameters(PupilShape shape) {
    this.shape = shape;
    list();
    this.vector = Torch.zeros(DType.FLOAT32, size).own();
  }

  private void list() {
    LlavaConfig c = shape.llava();
    int w = c.vision().width();
    double in = Math.pow(w, -.5) * Math.pow(2.0 * c.vision().layers(), -.5);
    double out = Math.pow(w, -.5);
    String tower = "vision_tower.";
    normal(Part.TOWER, tower + "embeddings.class_embedding", out, w);
    normal(
        Part.TOWER,
        tower + "embeddings.patch_embedding.weight",
        .02,
        w,
        3,
        PupilShape.PATCH,
        PupilShape.PATCH);
    normal(
        Part.TOWER, tower + "embeddings.position_embedding.weight", .02, c.vision().positions(), w);
    norm(tower + "pre_layrnorm", w);
    for (int l = 0; l < c.vision().layers(); l++) {
      String layer = tower + "encoder.layers." + l + ".";
      norm(layer + "layer_norm1", w);
      biased(Part.TOWER, layer + "self_attn.q_proj", in, w, w);
      biased(Part.TOWER, layer + "self_attn.k_proj", in, w, w);
      biased(Part.TOWER, layer + "self_attn.v_proj", in, w, w);
      biased(Part.TOWER, layer + "self_attn.out_proj", out, w, w);
      norm(layer + "layer_norm2", w);
      biased(Part.TOWER, layer + "mlp.fc1", Math.pow(2.0 * w, -.5), c.vision().inner(), w);
      biased(Part.TOWER, layer + "mlp.fc2", in, w, c.vision().inner());
    }
    norm(tower + "post_layernorm", w);
    biased(Part.READOUT, "readout.patch", out, READ, w);
    biased(Part.READOUT, "readout.mask", out, PupilShape.PATCH / 2 * (PupilShape.PATCH / 2), w);
    biased(Part.READOUT, "readout.picture", out, OBJECTS, w);
    int d = shape.width();
    biased(Part.PROJECTOR, "multi_modal_projector.linear_1", uniformLike(w), d, w);
    biased(Part.PROJECTOR, "multi_modal_projector.linear_2", uniformLike(d), d, d);
    String body = "language_model.model.";
    normal(Part.DECODER, body + "embed_tokens.weight", .02, shape.vocabulary(), d);
    for (int l = 0; l < shape.layers(); l++) {
      String layer = body + "layers." + l + ".";
      ones(Part.DECODER, layer + "input_layernorm.weight", d);
      for (String name : List.of("q_proj", "k_proj", "v_proj", "o_proj")) {
        normal(Part.DECODER, layer + "self_attn." + name + ".weight", .02, d, d);
      }
      ones(Part.DECODER, layer + "post_attention_layernorm.weight", d);
      normal(Part.DECODER, layer + "mlp.gate_proj.weight", .02, shape.inner(), d);
      normal(Part.DECODER, layer + "mlp.up_proj.weight", .02, shape.inner(), d);
      normal(Part.DECODER, layer + "mlp.down_proj.weight", .02, d, shape.inner());
    }
    ones(Part.DECODER, body + "norm.weight", d);
    normal(Part.DECODER, "language_model.lm_head.weight", .02, shape.vocabulary(), d);
  }

  /// The deviation of PyTorch's default for linear maps.
  private static double uniformLike(int in) {
    return 1 / Math.sqrt(3.0 * in);
  }

  private void norm(String name, int width) {
    ones(Part.TOWER, name + ".weight", width);
    add(Part.TOWER, name + ".bias", Start.ZERO, 0, false, width);
  }

  private void biased(Part part, String name, double deviation, int out, int in) {
    normal(part, name + ".weight", deviation, out, in);
    add(part, name + ".bias", Start.ZERO, 0, false, out);
  }

  private void ones(Part part, String name, int width) {
    add(part, name, Start.ONE, 0, false, width);
  }

  private void normal(Part part, String name, double deviation, long... sizes) {
    add(part, name, Start.NORMAL, deviation, sizes.length > 1, sizes);
  }

  private void add(
      Part part, String name, Start start, double deviation, boolean decays, long... sizes) {
    Entry entry = new Entry(part, name, sizes, size, start, deviation, decays);
    entries.add(entry);
    size += entry.count();
  }

  /// Draws the parts anew.
  void draw(Set<Part> parts, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (Entry entry : entries) {
      float[] values = new float[Math.toIntExact(entry.count())];
      for (int i = 0; i < values.length; i++) {
        // Numbers are drawn for all parts, so that a part does not depend on which others are
        // drawn.
        values[i] =
            switch (entry.start()) {
              case NORMAL -> (float) (entry.deviation() * random.nextGaussian());
              case ZERO -> 0;
              case ONE -> 1;
            };
      }
      if (parts.contains(entry.part())) {
        view(vector, entry).copy_(Tensor.of(values, entry.shape()));
      }
    }
  }

  PupilShape shape() {
    return shape;
  }

  List<Entry> entries() {
    return entries;
  }

  List<Entry> entries(Collection<Part> parts) {
    return entries.stream().filter(entry -> parts.contains(entry.part())).toList();
  }

  /// All numbers, `[size]`.
  Tensor vector() {
    return vector;
  }

  long size() {
    return size;
  }

  /// The range of a part: index of its first number, and how many they are.
  long[] range(Part part) {
    List<Entry> own = entries(Set.of(part));
    long start = own.getFirst().offset();
    return new long[] {start, own.getLast().offset() + own.getLast().count() - start};
  }

  /// The view of a tensor in a vector of this size.
  static Tensor view(Tensor vector, Entry entry) {
    return vector.narrow(0, entry.offset(), entry.count()).reshape(entry.shape());
  }

  /// The model over the vector's memory: it changes as the vector changes.
  ///
  /// @param trained parts whose gradients are wanted
  /// @param gradients vector that gradients are added to
  Replica replica(Set<Part> trained, Tensor gradients) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Entry entry : entries) {
      Tensor view = view(vector, entry).detach().own();
      if (trained.contains(entry.part())) {
        view.requiresGrad().gradInto(view(gradients, entry));
      }
      tensors.put(entry.name(), view);
    }
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
  record Replica(PupilShape shape, Llava model, Map<String, Tensor> tensors) {
    Tensor tensor(String name) {
      return java.util.Objects.requireNonNull(tensors.get(name), name);
    }
  }
}
