package dev.lynceus.model.reader;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.encoder.WordHead;
import dev.lynceus.model.stack.Layer;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.tensor.file.Weights;
import java.util.List;

/// BERT (arXiv 1810.04805).
final class BertFamily implements ReaderFamily {
  @Override
  public String type() {
    return "bert";
  }

  @Override
  public ConfigKeys keys() {
    return ConfigKeys.of(
        "a bert reader",
        KEYS,
        """
        classifier_dropout directionality pooler_fc_size pooler_num_attention_heads
        pooler_num_fc_layers pooler_size_per_head pooler_type language
        """);
  }

  @Override
  public TextConfig read(Config c, TextConfig.Answers answers) {
    return ReaderFamily.common(
        type(), c, new Defaults(30522, 768, 12, 12, 3072, "gelu"), 0, answers);
  }

  @Override
  public List<Layer> layers(Config json, TextConfig c, Weights w) {
    return ReaderFamily.bertLayers(c, w);
  }

  @Override
  public WordHead.Names words(TextConfig c) {
    return WordHead.Names.bert(c.activation());
  }

  @Override
  public List<String> unread() {
    return List.of(
        "bert.pooler.dense.weight",
        "bert.pooler.dense.bias",
        "cls.seq_relationship.weight",
        "cls.seq_relationship.bias");
  }
}
