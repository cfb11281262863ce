package dev.lynceus.model;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.llama.Llama;
import dev.lynceus.model.llama.LlamaConfig;
import dev.lynceus.model.llama.LlamaWeights;
import dev.lynceus.model.llava.Llava;
import dev.lynceus.model.llava.LlavaConfig;
import dev.lynceus.model.vit.Vit;
import dev.lynceus.model.vit.VitWeights;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.tensor.file.Weights;
import java.util.List;

/// Builds a model from a checkpoint: picks the family from `config.json`, takes the weights by name in any of the
/// layouts that published checkpoints use, and refuses what it does not know.
public final class Models {
  private Models() {}

  /// Builds the model of a checkpoint. Weights are views of the mapped files: the checkpoint must stay open.
  ///
  /// @throws LynceusException UNSUPPORTED_MODEL for an unknown family or config value, BAD_CHECKPOINT if weights are
  ///     absent, of another shape, or not known
  public static Model build(Checkpoint checkpoint, ImageScale scale) {
    Config config = new Config(checkpoint.config(), "config.json");
    Weights weights = checkpoint.weights();
    String type = config.text("model_type", "");
    Model model;
    if (type.equals("llava")) {
      model = llava(config, weights, scale);
    } else if (LlamaConfig.knows(type)) {
      model = new TextOnly(decoder(LlamaConfig.read(config), weights));
    } else if (type.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          checkpoint.folder() + "/config.json names no model_type",
          "Use the config.json of a Hugging Face checkpoint.");
    } else {
      throw config.unsupported("model_type", "llava, llama, mistral, gemma, qwen2");
    }
    List<String> unknown = weights.unused();
    if (!unknown.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          "the checkpoint holds %d tensors that a %s model does not have, for example %s"
              .formatted(unknown.size(), type, unknown.getFirst()),
          "Merge adapters into the weights first, or use the config.json that belongs to these weights.");
    }
    return model;
  }

  private static Llava llava(Config json, Weights weights, ImageScale scale) {
    LlavaConfig config = LlavaConfig.read(json);
    Weights tower =
        part(
            weights,
            "vision tower",
            "vision_tower.vision_model",
            "model.vision_tower.vision_model",
            "model.vision_tower",
            "vision_tower");
    Weights projector =
        part(weights, "projector", "multi_modal_projector", "model.multi_modal_projector");
    int width = config.text().width();
    return new Llava(
        config,
        new Vit(config.vision(), VitWeights.read(config.vision(), tower)),
        Llava.projection(
            projector,
            "linear_1",
            width,
            config.vision().width() * config.featureLayers().length,
            config.projectorBias()),
        Llava.projection(projector, "linear_2", width, width, config.projectorBias()),
        decoder(config.text(), weights),
        scale);
  }

  private static Llama decoder(LlamaConfig config, Weights weights) {
    Weights body =
        part(
            weights,
            "decoder",
            "language_model.model",
            "model.language_model.model",
            "model.language_model",
            "model");
    Weights head =
        List.of("language_model", "model.language_model", "model").stream()
            .map(weights::at)
            .filter(view -> view.has("lm_head.weight"))
            .findFirst()
            .orElse(weights);
    return new Llama(config, LlamaWeights.read(config, body, head));
  }

  private static Weights part(Weights weights, String name, String... prefixes) {
    return weights
        .findAt(prefixes)
        .orElseThrow(
            () ->
                new LynceusException(
                    ErrorCode.BAD_CHECKPOINT,
                    "the checkpoint holds no weights of the " + name + " (looked for " + String.join(", ", prefixes) + ")",
                    "Fetch the checkpoint again; it may be incomplete."));
  }
}
