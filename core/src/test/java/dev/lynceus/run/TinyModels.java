package dev.lynceus.run;

import dev.lynceus.image.RgbImage;
import dev.lynceus.model.Picture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.SafetensorsWriter;
import dev.lynceus.tensor.file.StoredTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/// Writes checkpoints of a few kilobytes with seeded random weights, in the layout of published
/// ones.
public final class TinyModels {
  /// Kinds of decoders and what sees for them.
  public enum Family {
    LLAMA("llama", Eyes.NONE),
    MISTRAL("mistral", Eyes.NONE),
    GEMMA("gemma", Eyes.NONE),
    QWEN2("qwen2", Eyes.NONE),
    QWEN3("qwen3", Eyes.NONE),
    OPT("opt", Eyes.NONE),
    OPT_NARROW("opt", Eyes.NONE),
    LLAVA_CLIP("llama", Eyes.CLIP),
    LLAVA_CLIP_LIST_FULL("mistral", Eyes.CLIP_LIST_FULL),
    LLAVA_SIGLIP("qwen2", Eyes.SIGLIP),
    LLAVA_GEMMA_SIGLIP_DEFAULT("gemma", Eyes.SIGLIP_DEFAULT),
    LLAVA_PHI3_CLIP("phi3", Eyes.CLIP),
    VIPLLAVA("llama", Eyes.VIP),
    IDEFICS3("llama", Eyes.IDEFICS3),
    ONEVISION("qwen2", Eyes.ONEVISION),
    INTERNVL("qwen2", Eyes.INTERNVL),
    PALIGEMMA("gemma", Eyes.PALIGEMMA),
    GEMMA3("gemma3_text", Eyes.GEMMA3),
    BLIP2("opt", Eyes.QUERIES),
    INSTRUCTBLIP("llama", Eyes.INSTRUCTED);

    final String decoder;
    final Eyes eyes;

    Family(String decoder, Eyes eyes) {
      this.decoder = decoder;
      this.eyes = eyes;
    }

    /// Whether it has a place.
    boolean has(Point point) {
      if (point.stack() == Stack.QFORMER) {
        return eyes.queries();
      }
      if (point.stack() == Stack.ENCODER || point.stack() == Stack.PIXELS) {
        return false;
      }
      if (point.stack() == Stack.DECODER
          && (point.site().isCross()
              || point.site() == Site.LN_PRE
              || point.site() == Site.TYPE_EMBED)) {
        return false;
      }
      return switch (point.site()) {
        case Q_NORM, K_NORM ->
            point.stack() == Stack.DECODER && (decoder.equals("qwen3") || sandwich());
        case LN1_POST_IN,
            LN1_POST_SCALE,
            LN1_POST_NORMALIZED,
            LN2_POST_IN,
            LN2_POST_SCALE,
            LN2_POST_NORMALIZED,
            LOCAL_COS,
            LOCAL_SIN ->
            sandwich();
        case ROTARY_COS, ROTARY_SIN, ROT_Q, ROT_K, MLP_GATE, MLP_PRE_LINEAR ->
            point.stack() == Stack.DECODER && !decoder.equals("opt");
        case POS_EMBED -> point.stack() == Stack.DECODER ? decoder.equals("opt") : sees();
        case ADDED -> false;
        case LN_PRE -> eyes.classToken() && eyes != Eyes.INTERNVL && !eyes.queries();
        case LN_POST ->
            eyes == Eyes.IDEFICS3
                || eyes == Eyes.PALIGEMMA
                || eyes == Eyes.GEMMA3
                || eyes.queries();
        case LN_IN -> eyes == Eyes.VIP || eyes == Eyes.INTERNVL || eyes == Eyes.GEMMA3;
        case PRE, POST ->
            sees()
                && eyes != Eyes.IDEFICS3
                && eyes != Eyes.PALIGEMMA
                && eyes != Eyes.GEMMA3
                && !eyes.queries();
        default -> sees() || point.stack() == Stack.DECODER;
      };
    }

    /// Whether norms stand before and behind attention and feed-forward network.
    boolean sandwich() {
      return decoder.equals("gemma3_text");
    }

    /// Whether it takes pictures.
    public boolean sees() {
      return eyes != Eyes.NONE;
    }
  }

  /// Towers, and what of them the projector reads.
  enum Eyes {
    NONE("", "", 0, 0),
    CLIP("-2", "default", 16, 1),
    CLIP_LIST_FULL("[-2, 1, 4]", "full", 17, 3),
    VIP("[-2, -1, 1]", "default", 16, 3),
    SIGLIP("-1", "full", 16, 1),
    SIGLIP_DEFAULT("2", "default", 15, 1),
    IDEFICS3("", "", 4, 1),
    ONEVISION("-1", "full", 16, 1),
    INTERNVL("", "", 4, 1),
    PALIGEMMA("", "", 16, 1),
    GEMMA3("", "", 4, 1),
    QUERIES("", "", 3, 1),
    INSTRUCTED("", "", 3, 1);

    final String layers;
    final String strategy;
    final int tokens;
    final int states;

    Eyes(String layers, String strategy, int tokens, int states) {
      this.layers = layers;
      this.strategy = strategy;
      this.tokens = tokens;
      this.states = states;
    }

    /// Features of a view, which may be more than its tokens.
    int features() {
      return patchesToToken() > 1 ? 16 : queries() ? 17 : tokens;
    }

    /// Views of the picture of [#picture].
    int views() {
      return this == ONEVISION ? 5 : 1;
    }

    /// Visual tokens of the picture of [#picture]: four tiles of 4 x 4 patches, of which 6 x 8 show
    /// it, are pooled to 3 x 4.
    int packed() {
      return this == ONEVISION ? 16 + 3 * (4 + 1) : tokens;
    }

    boolean classToken() {
      return this == CLIP || this == CLIP_LIST_FULL || this == VIP || this == INTERNVL || queries();
    }

    /// Whether a Q-Former reads the tower.
    boolean queries() {
      return this == QUERIES || this == INSTRUCTED;
    }

    /// Width of what the first projection reads.
    long joined() {
      return this == GEMMA3
          ? VISION_WIDTH
          : (long) VISION_WIDTH * states * patchesToToken() * patchesToToken();
    }

    /// So many patches to a side become one token.
    int patchesToToken() {
      return this == IDEFICS3 || this == INTERNVL || this == GEMMA3 ? 2 : 1;
    }
  }

  public static final int LAYERS = 3;
  public static final int HEADS = 4;
  public static final int VISION_LAYERS = 4;
  static final int VOCABULARY = 64;
  static final int WIDTH = 32;
  static final int INNER = 48;
  static final int VISION_WIDTH = 24;
  static final int VISION_INNER = 40;
  static final int VISION_HEADS = 3;
  static final int QUERY_LAYERS = 3;
  static final int QUERY_WIDTH = 20;
  static final int QUERY_INNER = 28;
  static final int QUERY_HEADS = 4;
  static final int IMAGE_TOKEN = 4;

  /// The words that a tiny model knows; ids from 5.
  static final List<String> WORDS =
      List.of(
          ("what color is the dog cat bird red blue green brown sits on a mat in park one two three"
                  + " four five run and jump to see big small old new sun moon star tree leaf of it"
                  + " she he they we go no yes not here there up down left right")
              .split(" "));

  private TinyModels() {}

  /// Writes a checkpoint and loads it.
  public static LoadedModel load(Path parent, Family family) {
    // More threads only wait for each other where a matrix has a few hundred numbers.
    Torch.setThreads(1);
    return LoadedModel.load(write(parent.resolve(family.name()), family, 7), LoadOptions.DEFAULT);
  }

  /// Writes a checkpoint.
  public static Path write(Path folder, Family family, long seed) {
    return write(folder, family, seed, tensors -> {});
  }

  /// Writes a checkpoint whose weights are changed first.
  public static Path write(
      Path folder, Family family, long seed, Consumer<Map<String, StoredTensor>> edit) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("config.json"), TinyConfigs.config(family));
      Files.writeString(folder.resolve("tokenizer.json"), tokenizer());
      Files.writeString(
          folder.resolve("tokenizer_config.json"),
          """
          {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>",
           "tokenizer_class": "PreTrainedTokenizerFast"}
          """);
      Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": 2}");
      if (family.sees()) {
        Files.writeString(
            folder.resolve("preprocessor_config.json"), TinyConfigs.preprocessor(family));
        if (family.eyes == Eyes.INSTRUCTED) {
          Path words = Files.createDirectories(folder.resolve("qformer_tokenizer"));
          Files.writeString(words.resolve("tokenizer.json"), tokenizer());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, StoredTensor> tensors = TinyWeights.of(family, seed);
    edit.accept(tensors);
    SafetensorsWriter writer = new SafetensorsWriter();
    tensors.forEach(writer::add);
    writer.write(folder.resolve("model.safetensors"));
    return folder;
  }

  // ---- prompts
  // -----------------------------------------------------------------------------------

  /// A picture of seeded noise.
  public static Picture picture(LoadedModel model, long seed) {
    byte[] samples = new byte[40 * 34 * 3];
    new Random(seed).nextBytes(samples);
    return model.picture("noise" + seed, RgbImage.of(40, 34, samples));
  }

  /// A prompt with a picture if the model takes one.
  public static Prompt prompt(LoadedModel model, Family family, String words, long seed) {
    return family.sees()
        ? model.raw("see <image> " + words, picture(model, seed))
        : model.raw(words);
  }

  /// A word-level tokenizer whose words carry their space.
  private static String tokenizer() {
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    List<String> special = List.of("<unk>", "<s>", "</s>", "<pad>", "<image>");
    special.forEach(token -> vocabulary.put(token, vocabulary.size()));
    WORDS.forEach(word -> vocabulary.put("▁" + word, vocabulary.size()));
    StringBuilder added = new StringBuilder();
    for (String token : special) {
      added
          .append(added.isEmpty() ? "" : ",")
          .append(
              """
              {"id": %d, "content": "%s", "single_word": false, "lstrip": false, "rstrip": false,
               "normalized": false, "special": true}
              """
                  .formatted(vocabulary.get(token), token));
    }
    String space =
        "{\"type\": \"Metaspace\", \"replacement\": \"▁\", \"prepend_scheme\": \"always\", \"split\": true}";
    return """
    {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [%s], "normalizer": null,
     "pre_tokenizer": %s, "decoder": %s,
     "post_processor": {"type": "TemplateProcessing",
       "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
       "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
       "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}},
     "model": {"type": "WordLevel", "unk_token": "<unk>", "vocab": %s}}
    """
        .formatted(added, space, space, JsonMapper.shared().writeValueAsString(vocabulary));
  }
}
