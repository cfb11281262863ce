package dev.lynceus.model.reader;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.encoder.WordHead;
import dev.lynceus.model.stack.Layer;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.nn.Activation;
import dev.lynceus.tensor.file.Weights;
import java.util.List;

/// ELECTRA (arXiv 2003.10555): BERT whose embeddings may be narrower than the stream.
final class ElectraFamily implements ReaderFamily {
  @Override
  public String type() {
    return "electra";
  }

  @Override
  public ConfigKeys keys() {
    return ConfigKeys.of(
        "an electra reader",
        KEYS + " embedding_size",
        """
        classifier_dropout generator_size summary_activation summary_last_dropout summary_type
        summary_use_proj
        """);
  }

  @Override
  public TextConfig read(Config c, TextConfig.Answers answers) {
    Defaults usual = new Defaults(30522, 256, 12, 4, 1024, "gelu");
    int narrow = c.size("embedding_size", 128);
    // The map is left out where it would map a width to itself.
    int entry = narrow == c.size("hidden_size", usual.width()) ? 0 : narrow;
    return ReaderFamily.common(type(), c, usual, entry, answers);
  }

  @Override
  public List<Layer> layers(Config json, TextConfig c, Weights w) {
    return ReaderFamily.bertLayers(c, w);
  }

  /// The generator, whose function is the same whatever that of its networks is.
  @Override
  public WordHead.Names words(TextConfig c) {
    return new WordHead.Names(
        "generator_predictions.dense",
        "generator_predictions.LayerNorm",
        "generator_lm_head.weight",
        List.of("generator_lm_head.bias"),
        Activation.GELU);
  }

  @Override
  public List<String> unread() {
    return List.of();
  }
}
