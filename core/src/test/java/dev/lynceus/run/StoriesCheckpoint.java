package dev.lynceus.run;

import dev.lynceus.tensor.file.SafetensorsWriter;
import dev.lynceus.tensor.file.StoredTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Makes a checkpoint in the Hugging Face layout from a llama2.c model (version 0: seven int32 of
/// header, float32 weights) and its vocabulary.
final class StoriesCheckpoint {
  private final ByteBuffer weights;
  private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();

  private StoriesCheckpoint(ByteBuffer weights) {
    this.weights = weights;
  }

  static Path convert(Path model, Path vocabulary, Path folder) throws IOException {
    StoriesCheckpoint made = new StoriesCheckpoint(littleEndian(model));
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("config.json"), made.read());
    Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": 2}");
    SafetensorsWriter writer = new SafetensorsWriter();
    made.tensors.forEach(writer::add);
    writer.write(folder.resolve("model.safetensors"));
    Files.writeString(folder.resolve("tokenizer.json"), tokenizer(littleEndian(vocabulary)));
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"bos_token\": \"<s>\", \"eos_token\": \"</s>\", \"unk_token\": \"<unk>\", \"add_bos_token\": true}");
    return folder;
  }

  private static ByteBuffer littleEndian(Path file) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private String read() {
    int width = weights.getInt();
    int inner = weights.getInt();
    int layers = weights.getInt();
    int heads = weights.getInt();
    int keyHeads = weights.getInt();
    int words = weights.getInt();
    int positions = weights.getInt();
    int headWidth = width / heads;
    int shared = keyHeads * headWidth;
    take("model.embed_tokens.weight", words, width);
    each(layers, "input_layernorm", width);
    for (int l = 0; l < layers; l++) {
      halves("model.layers." + l + ".self_attn.q_proj.weight", heads, headWidth, width);
    }
    for (int l = 0; l < layers; l++) {
      halves("model.layers." + l + ".self_attn.k_proj.weight", keyHeads, headWidth, width);
    }
    each(layers, "self_attn.v_proj", shared, width);
    each(layers, "self_attn.o_proj", width, width);
    each(layers, "post_attention_layernorm", width);
    each(layers, "mlp.gate_proj", inner, width);
    each(layers, "mlp.down_proj", width, inner);
    each(layers, "mlp.up_proj", inner, width);
    take("model.norm.weight", width);
    // What is left are the two tables of the rotary encoding; a positive vocabulary says that
    // weights are tied.
    int rest = weights.remaining() / 4;
    if (words <= 0 || rest != positions * headWidth) {
      throw new IllegalStateException(rest + " numbers are left");
    }
    return """
    {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": %d,
     "intermediate_size": %d, "num_hidden_layers": %d, "num_attention_heads": %d,
     "num_key_value_heads": %d, "vocab_size": %d, "max_position_embeddings": %d,
     "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "tie_word_embeddings": true}
    """
        .formatted(width, inner, layers, heads, keyHeads, words, positions);
  }

  private void each(int layers, String name, long... shape) {
    for (int l = 0; l < layers; l++) {
      take("model.layers." + l + "." + name + ".weight", shape);
    }
  }

  private float[] next(long... shape) {
    int count = 1;
    for (long size : shape) {
      count *= (int) size;
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = weights.getFloat();
    }
    return values;
  }

  private void take(String name, long... shape) {
    tensors.put(name, StoredTensor.of(next(shape), shape));
  }

  /// Rows of a head that were turned in pairs (0, 1), (2, 3), … are turned in pairs (0, half), (1,
  /// half + 1), … here.
  private void halves(String name, int heads, int headWidth, int width) {
    float[] values = next((long) heads * headWidth, width);
    float[] moved = new float[values.length];
    for (int h = 0; h < heads; h++) {
      for (int i = 0; i < headWidth; i++) {
        int from = h * headWidth + i;
        int to = h * headWidth + i / 2 + (i % 2) * headWidth / 2;
        System.arraycopy(values, from * width, moved, to * width, width);
      }
    }
    tensors.put(name, StoredTensor.of(moved, (long) heads * headWidth, width));
  }

  /// The vocabulary file: the longest length, then score, length and bytes of each piece. Merges
  /// are all pairs of pieces that join to a piece, best score first, as sentencepiece merges by
  /// score.
  private static String tokenizer(ByteBuffer file) {
    file.getInt();
    List<String> pieces = new ArrayList<>();
    List<Float> scores = new ArrayList<>();
    while (file.hasRemaining()) {
      scores.add(file.getFloat());
      byte[] bytes = new byte[file.getInt()];
      file.get(bytes);
      pieces.add(new String(bytes, StandardCharsets.UTF_8));
    }
    Map<String, Integer> ids = new LinkedHashMap<>();
    for (int id = 0; id < pieces.size(); id++) {
      String piece =
          switch (id) {
            case 0 -> "<unk>";
            case 1 -> "<s>";
            case 2 -> "</s>";
            default -> id < 259 ? "<0x%02X>".formatted(id - 3) : pieces.get(id).replace(' ', '▁');
          };
      ids.putIfAbsent(piece, id);
    }
    return """
    {"version": "1.0", "truncation": null, "padding": null,
     "added_tokens": [%s, %s, %s],
     "normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"},
       {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
     "pre_tokenizer": null,
     "post_processor": {"type": "TemplateProcessing",
       "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
       "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
       "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}},
     "decoder": {"type": "Sequence", "decoders": [
       {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"},
       {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
     "model": {"type": "BPE", "dropout": null, "unk_token": "<unk>", "continuing_subword_prefix": null,
       "end_of_word_suffix": null, "fuse_unk": true, "byte_fallback": true, "vocab": %s, "merges": %s}}
    """
        .formatted(
            special(0, "<unk>"),
            special(1, "<s>"),
            special(2, "</s>"),
            JsonMapper.shared().writeValueAsString(ids),
            JsonMapper.shared().writeValueAsString(merges(ids, scores)));
  }

  private static String special(int id, String text) {
    return """
    {"id": %d, "content": "%s", "single_word": false, "lstrip": false, "rstrip": false,
     "normalized": false, "special": true}
    """
        .formatted(id, text);
  }

  private record Merge(float score, int first, int second, List<String> pair) {}

  private static List<List<String>> merges(Map<String, Integer> ids, List<Float> scores) {
    Map<String, Integer> words = new HashMap<>(ids);
    words.values().removeIf(id -> id < 259);
    List<Merge> merges = new ArrayList<>();
    words.forEach((piece, id) -> {
      for (int cut = 1; cut < piece.length(); cut++) {
        Integer first = words.get(piece.substring(0, cut));
        Integer second = words.get(piece.substring(cut));
        if (first != null && second != null) {
          merges.add(
              new Merge(
                  scores.get(id),
                  first,
                  second,
                  List.of(piece.substring(0, cut), piece.substring(cut))));
        }
      }
    });
    merges.sort(
        Comparator.comparing((Merge merge) -> -merge.score)
            .thenComparing(Merge::first)
            .thenComparing(Merge::second));
    return merges.stream().map(Merge::pair).toList();
  }
}
