package dev.lynceus.lab.train;

import dev.lynceus.model.blip.Blip;
import dev.lynceus.model.blip.BlipConfig;
import dev.lynceus.model.config.Config;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Weights;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/// Sizes of a BLIP that answers questions about the world, and the names of all its tensors.
///
/// @param tower width of the tower
/// @param towerInner neurons of a layer of the tower
/// @param width of encoder and decoder
/// @param inner neurons of their layers
/// @param layers of the encoder, and of the decoder
/// @param heads of all stacks
public record BlipShape(
    int tower, int towerInner, int towerLayers, int width, int inner, int layers, int heads) {
  private static final int POSITIONS = 32;

  /// Parts of the model.
  static final Set<Part> MODEL = Set.of(Part.TOWER, Part.LEXICON, Part.WORDS);

  private static final String READS = "crossattention.self.";

  /// Parts that are trained together or not.
  enum Part {
    TOWER,
    /// Read-outs that only the training of the tower has; no part of the model.
    READOUT,
    /// Rows of the encoder's words.
    LEXICON,
    /// The rest of the encoder of the question, and the decoder of the answer.
    WORDS
  }

  /// The bundled model.
  public static BlipShape bundled() {
    return new BlipShape(96, 192, 4, 96, 192, 3, 4);
  }

  /// A model of the same parts that trains in seconds, for tests.
  public static BlipShape tiny() {
    return new BlipShape(32, 48, 2, 32, 32, 2, 2);
  }

  /// `config.json`.
  String json() {
    return """
    {
      "architectures": ["BlipForQuestionAnswering"],
      "model_type": "blip",
      "dtype": "float16",
      "image_text_hidden_size": %3$d,
      "initializer_factor": 1.0,
      "logit_scale_init_value": 2.6592,
      "projection_dim": %3$d,
      "tie_word_embeddings": true,
      "text_config": {
        "model_type": "blip_text_model",
        "attention_probs_dropout_prob": 0.0,
        "bos_token_id": %10$d,
        "encoder_hidden_size": %1$d,
        "eos_token_id": %11$d,
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.0,
        "hidden_size": %3$d,
        "intermediate_size": %4$d,
        "is_decoder": true,
        "layer_norm_eps": 1e-12,
        "max_position_embeddings": %8$d,
        "num_attention_heads": %7$d,
        "num_hidden_layers": %6$d,
        "pad_token_id": %12$d,
        "projection_dim": %3$d,
        "sep_token_id": %11$d,
        "vocab_size": %9$d
      },
      "vision_config": {
        "model_type": "blip_vision_model",
        "attention_dropout": 0.0,
        "hidden_act": "gelu",
        "hidden_size": %1$d,
        "image_size": %13$d,
        "intermediate_size": %2$d,
        "layer_norm_eps": 1e-05,
        "num_attention_heads": %7$d,
        "num_hidden_layers": %5$d,
        "patch_size": %14$d,
        "projection_dim": %3$d
      }
    }
    """
        .formatted(
            tower,
            towerInner,
            width,
            inner,
            towerLayers,
            layers,
            heads,
            POSITIONS,
            BlipWords.VOCABULARY.size(),
            BlipWords.BEGIN,
            BlipWords.END,
            BlipWords.PAD,
            PupilShape.IMAGE_SIZE,
            PupilShape.PATCH);
  }

  private BlipConfig config() {
    return BlipConfig.read(new Config(JsonMapper.shared().readTree(json()), "config.json"));
  }

  /// A model over the memory of what is trained: it changes as that changes.
  ///
  /// @param trained parts whose gradients are wanted
  /// @param gradients vector that gradients are added to
  BlipReplica replica(Variables<Part> variables, Set<Part> trained, Tensor gradients) {
    Map<String, Tensor> all = variables.tensors(trained, gradients);
    Map<String, Tensor> own = new LinkedHashMap<>();
    variables.entries(MODEL).forEach(entry -> own.put(entry.name(), all.get(entry.name())));
    Weights weights = Weights.of("the model in training", own);
    return new BlipReplica(
        Blip.of(
            config(),
            weights.at("vision_model"),
            weights.at("text_encoder"),
            weights.at("text_decoder")),
        all);
  }

  /// Draws all tensors. Keys of the encoder's cross-attention begin as its queries do, so that a
  /// word is drawn to patches whose features resemble its own state (mimetic initialisation,
  /// Trockman and Kolter, arXiv 2305.09828): from independent maps that is learned late.
  void draw(Variables<Part> variables, long seed) {
    variables.draw(EnumSet.allOf(Part.class), seed);
    if (tower != width) {
      return;
    }
    for (int l = 0; l < layers; l++) {
      String reads = "text_encoder.encoder.layer." + l + "." + READS;
      view(variables, reads + "key.weight").copy_(view(variables, reads + "query.weight"));
    }
  }

  private static Tensor view(Variables<Part> variables, String name) {
    return variables.entries().stream()
        .filter(entry -> entry.name().equals(name))
        .map(entry -> Variables.view(variables.vector(), entry))
        .findFirst()
        .orElseThrow();
  }

  /// All tensors, zero.
  Variables<Part> variables() {
    Variables.Builder<Part> list = new Variables.Builder<>();
    tower(list);
    double out = root(tower);
    list.biased(Part.READOUT, "readout.patch", out, Parameters.READ, tower);
    int half = PupilShape.PATCH / 2;
    list.biased(Part.READOUT, "readout.mask", out, half * half, tower);
    list.biased(Part.READOUT, "readout.picture", out, Parameters.OBJECTS, tower);
    words(list, Part.LEXICON, "text_encoder.", tower);
    words(list, Part.WORDS, "text_decoder.bert.", width);
    String said = "text_decoder.cls.predictions.";
    list.biased(Part.WORDS, said + "transform.dense", root(width), width, width);
    list.norm(Part.WORDS, said + "transform.LayerNorm", width);
    list.zeros(Part.WORDS, said + "bias", BlipWords.VOCABULARY.size());
    return list.build();
  }

  /// The deviation that keeps the size of a vector.
  private static double root(int in) {
    return Math.pow(in, -.5);
  }

  private void tower(Variables.Builder<Part> list) {
    Part part = Part.TOWER;
    String name = "vision_model.";
    int patch = PupilShape.PATCH;
    double deep = Math.pow(2.0 * towerLayers, -.5);
    list.normal(part, name + "embeddings.class_embedding", root(tower), 1, 1, tower);
    list.normal(part, name + "embeddings.patch_embedding.weight", .02, tower, 3, patch, patch);
    list.zeros(part, name + "embeddings.patch_embedding.bias", tower);
    list.normal(
        part, name + "embeddings.position_embedding", .02, 1, 1L + PupilShape.PATCHES, tower);
    for (int l = 0; l < towerLayers; l++) {
      String layer = name + "encoder.layers." + l + ".";
      list.norm(part, layer + "layer_norm1", tower);
      list.biased(part, layer + "self_attn.qkv", root(tower), 3 * tower, tower);
      list.biased(part, layer + "self_attn.projection", root(tower) * deep, tower, tower);
      list.norm(part, layer + "layer_norm2", tower);
      list.biased(part, layer + "mlp.fc1", root(tower), towerInner, tower);
      list.biased(part, layer + "mlp.fc2", root(towerInner) * deep, tower, towerInner);
    }
    list.norm(part, name + "post_layernorm", tower);
  }

  /// A stack of layers of BERT that reads another.
  ///
  /// @param memory width of what it reads
  private void words(Variables.Builder<Part> list, Part lexicon, String name, int memory) {
    Part part = Part.WORDS;
    String rows = name + "embeddings.";
    list.normal(
        lexicon, rows + "word_embeddings.weight", root(width), BlipWords.VOCABULARY.size(), width);
    list.normal(part, rows + "position_embeddings.weight", root(width) / 2, POSITIONS, width);
    list.norm(part, rows + "LayerNorm", width);
    for (int l = 0; l < layers; l++) {
      String layer = name + "encoder.layer." + l + ".";
      attention(list, layer + "attention", width);
      attention(list, layer + "crossattention", memory);
      list.biased(part, layer + "intermediate.dense", root(width), inner, width);
      list.biased(part, layer + "output.dense", root(inner), width, inner);
      list.norm(part, layer + "output.LayerNorm", width);
    }
  }

  private void attention(Variables.Builder<Part> list, String name, int source) {
    list.biased(Part.WORDS, name + ".self.query", root(width), width, width);
    for (String map : List.of("key", "value")) {
      list.biased(Part.WORDS, name + ".self." + map, root(source), width, source);
    }
    list.biased(Part.WORDS, name + ".output.dense", root(width), width, width);
    list.norm(Part.WORDS, name + ".output.LayerNorm", width);
  }
}
