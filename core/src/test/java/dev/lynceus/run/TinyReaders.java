package dev.lynceus.run;

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

/// Writes readers of a few kilobytes with seeded random weights, in the layout of published ones.
public final class TinyReaders {
  /// Kinds of readers.
  public enum Kind {
    BERT_SPANS("bert", true, 0),
    BERT_WORDS("bert", false, 0),
    ELECTRA_SPANS("electra", true, 20),
    ELECTRA_WORDS("electra", false, 20),
    ALBERT_SPANS("albert", true, 20),
    ALBERT_WORDS("albert", false, 20);

    final String type;
    final boolean spans;
    final int narrow;

    Kind(String type, boolean spans, int narrow) {
      this.type = type;
      this.spans = spans;
      this.narrow = narrow;
    }

    /// Whether it answers with a piece of a passage.
    public boolean spans() {
      return spans;
    }
  }

  public static final int LAYERS = 3;
  public static final int HEADS = 4;
  static final int WIDTH = 32;
  static final int INNER = 48;
  static final int POSITIONS = 48;
  static final List<String> WORDS =
      List.of(
          "[PAD] [UNK] [CLS] [SEP] [MASK] what color is the dog cat bird red blue green brown sits on a mat in park one two three . ?"
              .split(" "));

  private final Kind kind;
  private final Random random;
  private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();

  private TinyReaders(Kind kind, long seed) {
    this.kind = kind;
    this.random = new Random(seed);
  }

  /// Writes a checkpoint and loads it.
  public static LoadedModel load(Path parent, Kind kind) {
    return load(parent, kind, tensors -> {});
  }

  /// Writes a checkpoint whose weights are changed first, and loads it.
  public static LoadedModel load(Path parent, Kind kind, Consumer<Map<String, StoredTensor>> edit) {
    Torch.setThreads(1);
    return LoadedModel.load(write(parent.resolve(kind.name()), kind, edit), LoadOptions.DEFAULT);
  }

  /// A question beside a passage, or a text of which words were taken out.
  public static Prompt prompt(LoadedModel model, Kind kind) {
    return kind.spans
        ? model.passages().prompt("what color is the dog ?", "the brown dog sits on a mat .")
        : model.raw("the [MASK] dog sits on a [MASK] .");
  }

  private static Path write(Path folder, Kind kind, Consumer<Map<String, StoredTensor>> edit) {
    TinyReaders made = new TinyReaders(kind, 11);
    made.weights();
    edit.accept(made.tensors);
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("config.json"), made.config());
      Files.writeString(folder.resolve("tokenizer.json"), tokenizer());
      Files.writeString(
          folder.resolve("tokenizer_config.json"),
          """
          {"cls_token": "[CLS]", "sep_token": "[SEP]", "pad_token": "[PAD]", "mask_token": "[MASK]",
           "unk_token": "[UNK]"}
          """);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    SafetensorsWriter writer = new SafetensorsWriter();
    made.tensors.forEach(writer::add);
    writer.write(folder.resolve("model.safetensors"));
    return folder;
  }

  private String config() {
    return """
    {"model_type": "%s", "vocab_size": %d, "hidden_size": %d, "intermediate_size": %d,
     "num_hidden_layers": %d, "num_attention_heads": %d, "max_position_embeddings": %d,
     "embedding_size": %d}
    """
        .formatted(kind.type, WORDS.size(), WIDTH, INNER, LAYERS, HEADS, POSITIONS, narrow());
  }

  private int narrow() {
    return kind.narrow == 0 ? WIDTH : kind.narrow;
  }

  private void weights() {
    String body = kind.type + ".";
    String embeddings = body + "embeddings.";
    normal(embeddings + "word_embeddings.weight", 1, WORDS.size(), narrow());
    normal(embeddings + "position_embeddings.weight", 0.5, POSITIONS, narrow());
    normal(embeddings + "token_type_embeddings.weight", 0.5, 2, narrow());
    norm(embeddings + "LayerNorm", narrow());
    boolean albert = kind.type.equals("albert");
    if (kind.narrow > 0) {
      linear(
          body + (albert ? "encoder.embedding_hidden_mapping_in" : "embeddings_project"),
          WIDTH,
          narrow());
    }
    if (albert) {
      String layer = body + "encoder.albert_layer_groups.0.albert_layers.0.";
      for (String part : List.of("query", "key", "value", "dense")) {
        linear(layer + "attention." + part, WIDTH, WIDTH);
      }
      norm(layer + "attention.LayerNorm", WIDTH);
      linear(layer + "ffn", INNER, WIDTH);
      linear(layer + "ffn_output", WIDTH, INNER);
      norm(layer + "full_layer_layer_norm", WIDTH);
    } else {
      for (int l = 0; l < LAYERS; l++) {
        String layer = body + "encoder.layer." + l + ".";
        for (String part : List.of("self.query", "self.key", "self.value", "output.dense")) {
          linear(layer + "attention." + part, WIDTH, WIDTH);
        }
        norm(layer + "attention.output.LayerNorm", WIDTH);
        linear(layer + "intermediate.dense", INNER, WIDTH);
        linear(layer + "output.dense", WIDTH, INNER);
        norm(layer + "output.LayerNorm", WIDTH);
      }
    }
    if (kind.spans) {
      linear("qa_outputs", 2, WIDTH);
      return;
    }
    String head =
        switch (kind.type) {
          case "bert" -> "cls.predictions.transform.";
          case "electra" -> "generator_predictions.";
          default -> "predictions.";
        };
    linear(head + "dense", narrow(), WIDTH);
    norm(head + "LayerNorm", narrow());
    normal(
        switch (kind.type) {
          case "bert" -> "cls.predictions.bias";
          case "electra" -> "generator_lm_head.bias";
          default -> "predictions.bias";
        },
        0.3,
        WORDS.size());
  }

  private void linear(String name, int out, int in) {
    normal(name + ".weight", 1.2 / Math.sqrt(in), out, in);
    normal(name + ".bias", 0.3, out);
  }

  private void norm(String name, int width) {
    add(name + ".weight", 1, 0.2, width);
    normal(name + ".bias", 0.1, width);
  }

  private void normal(String name, double deviation, long... shape) {
    add(name, 0, deviation, shape);
  }

  private void add(String name, double mean, double deviation, long... shape) {
    int count = 1;
    for (long size : shape) {
      count *= (int) size;
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (mean + deviation * random.nextGaussian());
    }
    tensors.put(name, StoredTensor.of(values, shape));
  }

  private static String tokenizer() {
    StringBuilder vocabulary = new StringBuilder();
    StringBuilder added = new StringBuilder();
    for (int id = 0; id < WORDS.size(); id++) {
      String comma = id == 0 ? "" : ",";
      vocabulary.append(comma).append("\"%s\": %d".formatted(WORDS.get(id), id));
      if (id < 5) {
        added
            .append(comma)
            .append(
                """
                {"id": %d, "content": "%s", "single_word": false, "lstrip": false, "rstrip": false,
                 "normalized": false, "special": true}
                """
                    .formatted(id, WORDS.get(id)));
      }
    }
    return """
    {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [%s], "normalizer": null,
     "pre_tokenizer": {"type": "WhitespaceSplit"}, "decoder": null,
     "post_processor": {"type": "TemplateProcessing",
       "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                  {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
       "pair": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                {"SpecialToken": {"id": "[SEP]", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}},
                {"SpecialToken": {"id": "[SEP]", "type_id": 1}}],
       "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
                          "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]}}},
     "model": {"type": "WordLevel", "unk_token": "[UNK]", "vocab": {%s}}}
    """
        .formatted(added, vocabulary);
  }
}
