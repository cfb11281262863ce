package dev.lynceus.model.reader;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.encoder.BertNames;
import dev.lynceus.model.encoder.WordHead;
import dev.lynceus.model.stack.FeedForward;
import dev.lynceus.model.stack.Layer;
import dev.lynceus.model.stack.Projections;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.tensor.file.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// ALBERT (arXiv 1909.11942): embeddings narrower than the stream, and layers that share their
/// weights, all of them or those of a group.
final class AlbertFamily implements ReaderFamily {
  @Override
  public String type() {
    return "albert";
  }

  @Override
  public ConfigKeys keys() {
    return ConfigKeys.of(
        "an albert reader",
        KEYS + " embedding_size num_hidden_groups inner_group_num",
        """
        classifier_dropout_prob classifier_dropout down_scale_factor gap_size layers_to_keep
        net_structure_type num_memory_blocks
        """);
  }

  @Override
  public TextConfig read(Config c, TextConfig.Answers answers) {
    if (c.size("inner_group_num", 1) != 1) {
      throw c.unsupported("inner_group_num", "1");
    }
    TextConfig read =
        ReaderFamily.common(
            type(),
            c,
            new Defaults(30000, 4096, 12, 64, 16384, "gelu_new"),
            c.size("embedding_size", 128),
            answers);
    groups(c, read);
    return read;
  }

  @Override
  public String widening() {
    return "encoder.embedding_hidden_mapping_in";
  }

  @Override
  public List<Layer> layers(Config json, TextConfig c, Weights w) {
    int groups = groups(json, c);
    List<Layer> shared = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      Weights view = w.at("encoder.albert_layer_groups." + group + ".albert_layers.0");
      shared.add(layer(c, new BertNames(view, c.width(), c.normEps())));
    }
    return IntStream.range(0, c.layers())
        .mapToObj(l -> shared.get((int) (l / ((double) c.layers() / groups))))
        .toList();
  }

  private static int groups(Config json, TextConfig c) {
    int groups = json.size("num_hidden_groups", 1);
    if (groups > c.layers()) {
      throw json.bad(
          "num_hidden_groups = %d is more than num_hidden_layers = %d"
              .formatted(groups, c.layers()));
    }
    return groups;
  }

  private static Layer layer(TextConfig c, BertNames names) {
    int width = c.width();
    return new Layer(
        names.norm("attention.LayerNorm"),
        new Projections(
            names.linear("attention.query", width, width),
            names.linear("attention.key", width, width),
            names.linear("attention.value", width, width),
            names.linear("attention.dense", width, width),
            null),
        names.norm("full_layer_layer_norm"),
        new FeedForward(
            null,
            names.linear("ffn", c.inner(), width),
            names.linear("ffn_output", width, c.inner()),
            c.activation()));
  }

  @Override
  public WordHead.Names words(TextConfig c) {
    return new WordHead.Names(
        "predictions.dense",
        "predictions.LayerNorm",
        "predictions.decoder.weight",
        List.of("predictions.bias", "predictions.decoder.bias"),
        c.activation());
  }

  @Override
  public List<String> unread() {
    return List.of(
        "albert.pooler.weight",
        "albert.pooler.bias",
        "sop_classifier.classifier.weight",
        "sop_classifier.classifier.bias");
  }
}
