package dev.lynceus.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The files of a checkpoint beside config and weights: a tokenizer that has one word per id, a
/// chat template in the manner of Vicuna, and the settings of the CLIP image processor.
final class Stationery {
  private static final String[] FIRST = {"<unk>", "<s>", "</s>", "USER", "ASSISTANT", ":", "?"};

  private Stationery() {}

  static void write(Path folder, LlavaShape shape) throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), tokenizer(shape));
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        """
        {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<s>", "eos_token": "</s>",
         "unk_token": "<unk>", "pad_token": "<pad>", "clean_up_tokenization_spaces": false}
        """);
    Files.writeString(
        folder.resolve("chat_template.jinja"),
        """
        {% for m in messages %}{{ m['role'].upper() }}: {% for c in m['content'] %}{% if c['type'] == 'image' %}<image> \
        {% else %}{{ c['text'] }} {% endif %}{% endfor %}{% endfor %}ASSISTANT:\
        """);
    Files.writeString(
        folder.resolve("preprocessor_config.json"),
        """
        {"image_processor_type": "CLIPImageProcessor", "do_resize": true, "size": {"shortest_edge": %1$d},
         "resample": 3, "do_center_crop": true, "crop_size": {"height": %1$d, "width": %1$d},
         "do_rescale": true, "rescale_factor": 0.00392156862745098, "do_normalize": true,
         "image_mean": [0.48145466, 0.4578275, 0.40821073],
         "image_std": [0.26862954, 0.26130258, 0.27577711], "do_convert_rgb": true}
        """
            .formatted(shape.tower().imageSize()));
  }

  private static String tokenizer(LlavaShape shape) {
    StringBuilder json = new StringBuilder("{\"version\": \"1.0\", \"added_tokens\": [");
    special(json, 0, "<unk>").append(",\n");
    special(json, 1, "<s>").append(",\n");
    special(json, 2, "</s>").append(",\n");
    special(json, shape.imageToken(), "<image>").append(",\n");
    special(json, shape.imageToken() + 1, "<pad>").append("],\n");
    json.append(
        """
        "normalizer": null,
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": {"type": "TemplateProcessing",
          "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
          "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
          "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}},
        "decoder": null,
        "model": {"type": "WordLevel", "unk_token": "<unk>", "vocab": {
        """);
    for (int id = 0; id < shape.decoder().vocabulary(); id++) {
      String word =
          id < FIRST.length
              ? FIRST[id]
              : id == shape.imageToken()
                  ? "<image>"
                  : id == shape.imageToken() + 1 ? "<pad>" : "w" + id;
      json.append(id == 0 ? "" : ",\n").append('"').append(word).append("\": ").append(id);
    }
    return json.append("}}}\n").toString();
  }

  private static StringBuilder special(StringBuilder json, int id, String content) {
    return json.append("{\"id\": ")
        .append(id)
        .append(", \"content\": \"")
        .append(content)
        .append(
            "\", \"single_word\": false, \"lstrip\": false, \"rstrip\": false, \"normalized\": false, \"special\": true}");
  }
}
