package dev.lynceus.model.catalog;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.ImageScale;
import dev.lynceus.model.Model;
import dev.lynceus.model.TextOnly;
import dev.lynceus.model.blip.Blip;
import dev.lynceus.model.blip.BlipConfig;
import dev.lynceus.model.blip.BlipTower;
import dev.lynceus.model.blip2.Blip2;
import dev.lynceus.model.blip2.Blip2Config;
import dev.lynceus.model.config.Config;
import dev.lynceus.model.decoder.Decoders;
import dev.lynceus.model.gemma3.Gemma3;
import dev.lynceus.model.gemma3.Gemma3Config;
import dev.lynceus.model.idefics3.Idefics3;
import dev.lynceus.model.idefics3.Idefics3Config;
import dev.lynceus.model.internvl.InternVl;
import dev.lynceus.model.internvl.InternVlConfig;
import dev.lynceus.model.llava.Llava;
import dev.lynceus.model.llava.LlavaConfig;
import dev.lynceus.model.llava.VipLlavaConfig;
import dev.lynceus.model.llava.VisualEncoder;
import dev.lynceus.model.llavanext.LlavaNext;
import dev.lynceus.model.llavanext.LlavaNextConfig;
import dev.lynceus.model.onevision.OneVision;
import dev.lynceus.model.onevision.OneVisionConfig;
import dev.lynceus.model.paligemma.PaliGemma;
import dev.lynceus.model.paligemma.PaliGemmaConfig;
import dev.lynceus.model.qformer.QFormer;
import dev.lynceus.model.qformer.QFormerConfig;
import dev.lynceus.model.qformer.QFormerWeights;
import dev.lynceus.model.qwenvl.QwenVl;
import dev.lynceus.model.qwenvl.QwenVlConfig;
import dev.lynceus.model.reader.Readers;
import dev.lynceus.model.text.OptWeights;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.model.text.TextWeights;
import dev.lynceus.model.vit.Vit;
import dev.lynceus.model.vit.VitWeights;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.tensor.file.Weights;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Builds a model from a checkpoint: picks the family from `config.json`, takes the weights by name
/// in any of the layouts that published checkpoints use, and refuses what it does not know.
public final class Models {
  /// Families that take pictures.
  private static final List<String> SEEING =
      List.of(
          "llava",
          "vipllava",
          "llava_next",
          "llava_onevision",
          "idefics3",
          "smolvlm",
          "internvl",
          "paligemma",
          "gemma3",
          "blip",
          "blip-2",
          "instructblip",
          "qwen2_vl",
          "qwen2_5_vl",
          "qwen3_vl");

  private Models() {}

  /// Builds the model of a checkpoint. Weights are views of what the source holds: it must stay
  /// open.
  ///
  /// @param weights of this checkpoint, none of them taken yet
  /// @throws LynceusException UNSUPPORTED_MODEL for an unknown family or config value,
  ///   BAD_CHECKPOINT if weights are absent, of another shape, or not known
  public static Model build(Checkpoint checkpoint, Weights weights, ImageScale scale) {
    Config config = new Config(checkpoint.config(), "config.json");
    String type = config.text("model_type", "");
    Foreign.refuseOriginal(config);
    if (type.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          checkpoint.folder() + "/config.json names no model_type",
          "Use the config.json of a Hugging Face checkpoint.");
    }
    Purpose.require(checkpoint, Purpose.ANSWERS);
    if (!SEEING.contains(type) && !Readers.know(type) && !Decoders.know(type)) {
      throw config.unsupported(
          "model_type",
          Stream.of(SEEING, Readers.types(), Decoders.types())
              .flatMap(List::stream)
              .collect(Collectors.joining(", ")));
    }
    Foreign.refuseQuantised(config);
    Settings.refuse(config);
    Foreign.refuse(config, weights);
    Model model =
        switch (type) {
          case "llava" -> llava(LlavaConfig.read(config), weights, scale);
          case "vipllava" -> llava(VipLlavaConfig.read(config), weights, scale);
          case "llava_next" -> llavaNext(config, weights, scale);
          case "llava_onevision" -> oneVision(config, weights, scale);
          case "internvl" -> internVl(InternVlConfig.read(config), weights, scale);
          case "idefics3", "smolvlm" -> idefics3(config, weights, scale);
          case "paligemma" -> paliGemma(config, weights, scale);
          case "gemma3" -> gemma3(config, weights, scale);
          case "blip" -> blip(config, weights);
          case "blip-2", "instructblip" -> blip2(config, weights, scale);
          case "qwen2_vl", "qwen2_5_vl", "qwen3_vl" -> qwenVl(QwenVlConfig.read(config), weights);
          case "bert", "electra", "albert" -> Readers.build(config, weights);
          default -> new TextOnly(decoder(Decoders.readAlone(config), weights));
        };
    requireAllTaken(weights, type);
    return model;
  }

  /// Refuses tensors that nobody took.
  ///
  /// @param type what the model is
  static void requireAllTaken(Weights weights, String type) {
    // A head that reads visual words (arXiv 2403.07720) takes no part in answers; method.words
    // does.
    List<String> unknown =
        weights.unused().stream().filter(name -> !name.endsWith("vm_head.weight")).toList();
    if (!unknown.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          "the checkpoint holds %d tensors that a %s model does not have, for example %s"
              .formatted(unknown.size(), type, unknown.getFirst()),
          "Use the config.json that belongs to these weights: as it is, some would be left out.");
    }
  }

  private static Llava llava(LlavaConfig config, Weights weights, ImageScale scale) {
    return new Llava(config, encoder(config, weights), decoder(config.text(), weights), scale);
  }

  private static LlavaNext llavaNext(Config json, Weights weights, ImageScale scale) {
    LlavaNextConfig config = LlavaNextConfig.read(json);
    return new LlavaNext(
        config,
        encoder(config.base(), weights),
        newline(weights, config.base().text().width()),
        decoder(config.base().text(), weights),
        scale);
  }

  private static OneVision oneVision(Config json, Weights weights, ImageScale scale) {
    OneVisionConfig config = OneVisionConfig.read(json);
    LlavaConfig base = config.tiled().base();
    return new OneVision(
        config,
        encoder(base, weights),
        newline(weights, base.text().width()),
        decoder(base.text(), weights),
        scale);
  }

  private static Tensor newline(Weights weights, int width) {
    String name =
        weights
            .find("image_newline", "model.image_newline")
            .orElseThrow(() ->
                absent(
                    weights,
                    "line break between rows of patches",
                    "image_newline",
                    "model.image_newline"));
    return weights.get(name, width).own();
  }

  private static Idefics3 idefics3(Config json, Weights weights, ImageScale scale) {
    Idefics3Config config = Idefics3Config.read(json);
    Weights tower = part(weights, "vision tower", "model.vision_model", "vision_model");
    Weights connector = part(weights, "connector", "model.connector", "connector");
    Vit vit = new Vit(config.vision(), VitWeights.read(config.vision(), tower));
    return Idefics3.of(config, vit, connector, decoder(config.text(), weights), scale);
  }

  private static InternVl internVl(InternVlConfig config, Weights weights, ImageScale scale) {
    return InternVl.of(
        config,
        part(weights, "vision tower", "model.vision_tower", "vision_tower"),
        projector(weights),
        decoder(config.text(), weights),
        scale);
  }

  private static PaliGemma paliGemma(Config json, Weights weights, ImageScale scale) {
    PaliGemmaConfig config = PaliGemmaConfig.read(json);
    Vit vit = new Vit(config.vision(), VitWeights.finished(config.vision(), tower(weights)));
    return PaliGemma.of(config, vit, projector(weights), decoder(config.text(), weights), scale);
  }

  private static Gemma3 gemma3(Config json, Weights weights, ImageScale scale) {
    Gemma3Config config = Gemma3Config.read(json);
    Vit vit = new Vit(config.vision(), VitWeights.finished(config.vision(), tower(weights)));
    return Gemma3.of(config, vit, projector(weights), decoder(config.text(), weights), scale);
  }

  private static Blip blip(Config json, Weights weights) {
    BlipConfig config = BlipConfig.read(json);
    Weights eyes = part(weights, "vision tower", "vision_model");
    Weights speaker = part(weights, "decoder", "text_decoder");
    boolean asked = weights.hasBelow("text_encoder");
    return Blip.of(config, eyes, asked ? weights.at("text_encoder") : null, speaker);
  }

  private static Blip2 blip2(Config json, Weights weights, ImageScale scale) {
    Blip2Config config = Blip2Config.read(json);
    Weights eyes = part(weights, "vision tower", "vision_model", "model.vision_model");
    Weights former = part(weights, "Q-Former", "qformer", "model.qformer");
    String queries =
        weights
            .find("query_tokens", "model.query_tokens")
            .orElseThrow(() -> absent(weights, "queries", "query_tokens", "model.query_tokens"));
    Weights embeddings = former.at("embeddings");
    QFormerConfig sizes = config.queries();
    Vit tower =
        new Vit(config.vision(), BlipTower.weights(config.vision(), config.towerBias(), eyes));
    return Blip2.of(
        config,
        tower,
        new QFormer(
            sizes,
            QFormerWeights.read(
                sizes,
                weights.get(queries, 1, sizes.queries(), sizes.width()),
                embeddings,
                sizes.words() ? "embeddings.layernorm" : "layernorm",
                former)),
        weights,
        decoder(config.text(), weights),
        scale);
  }

  private static QwenVl qwenVl(QwenVlConfig config, Weights weights) {
    Weights tower = part(weights, "vision tower", "model.visual", "visual");
    TextStack decoder = decoder(config.text(), weights, QwenVl.deep(config));
    return QwenVl.of(config, tower, decoder);
  }

  private static VisualEncoder encoder(LlavaConfig config, Weights weights) {
    return VisualEncoder.of(
        config,
        new Vit(config.vision(), VitWeights.read(config.vision(), tower(weights))),
        projector(weights));
  }

  private static Weights tower(Weights weights) {
    return part(
        weights,
        "vision tower",
        "vision_tower.vision_model",
        "model.vision_tower.vision_model",
        "model.vision_tower",
        "vision_tower");
  }

  private static Weights projector(Weights weights) {
    return part(weights, "projector", "multi_modal_projector", "model.multi_modal_projector");
  }

  private static TextStack decoder(TextConfig config, Weights weights) {
    return decoder(config, weights, 0);
  }

  private static TextStack decoder(TextConfig config, Weights weights, int deep) {
    // A base model was saved without its head and without the name before all.
    Weights body =
        weights.hasBelow("layers.0") && !weights.hasBelow("model")
            ? weights
            : part(
                weights,
                "decoder",
                "model.text_model",
                "text_model",
                "language_model.model.decoder",
                "language_model.model",
                "model.language_model.model",
                "model.language_model.decoder",
                "model.language_model",
                "language_model",
                "model.decoder",
                "decoder",
                "model");
    Weights head =
        List.of("language_model", "model.language_model", "model").stream()
            .map(weights::at)
            .filter(view -> view.has("lm_head.weight"))
            .findFirst()
            .orElse(weights);
    return new TextStack(
        config,
        config.family().equals("opt")
            ? OptWeights.read(config, body, head)
            : TextWeights.read(config, body, head),
        deep);
  }

  private static Weights part(Weights weights, String name, String... prefixes) {
    return weights
        .findAt(prefixes)
        .orElseThrow(() -> absent(weights, "weights of the " + name, prefixes));
  }

  private static LynceusException absent(Weights weights, String what, String... names) {
    return new LynceusException(
        ErrorCode.BAD_CHECKPOINT,
        "the checkpoint holds no %s (looked for %s); it has %d tensors, for example %s"
            .formatted(
                what,
                String.join(", ", names),
                weights.names().size(),
                Foreign.examples(weights.names())),
        "If these are all of the model, its names are of another layout: save it with save_pretrained of"
            + " transformers. If a weight file is missing, add it.");
  }
}
