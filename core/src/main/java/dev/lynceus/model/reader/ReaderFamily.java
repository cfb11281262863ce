package dev.lynceus.model.reader;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.encoder.BertNames;
import dev.lynceus.model.encoder.WordHead;
import dev.lynceus.model.stack.Layer;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.tensor.file.Weights;
import java.util.List;
import java.util.stream.IntStream;

/// A family of readers: its defaults, which keys of a config it reads, and what its tensors are
/// called.
interface ReaderFamily {

  /// Its `model_type`, which is also what the names of its tensors begin with.
  String type();

  /// Which keys of its configs have an effect.
  ConfigKeys keys();

  /// Reads a config.
  ///
  /// @param answers how the model answers
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL or BAD_CHECKPOINT, naming the key
  TextConfig read(Config c, TextConfig.Answers answers);

  /// Name of the map from the embeddings to the stream, where there is one.
  default String widening() {
    return "embeddings_project";
  }

  /// Takes the layers.
  ///
  /// @param json the config that `c` was read from
  /// @param w the view that holds `embeddings` and `encoder`
  List<Layer> layers(Config json, TextConfig c, Weights w);

  /// What stands between the stream and the words, where the model answers with words.
  WordHead.Names words(TextConfig c);

  /// Tensors that the family has for other tasks, and that are not read.
  List<String> unread();

  /// Which keys all readers have.
  String KEYS =
      """
      vocab_size hidden_size num_hidden_layers num_attention_heads intermediate_size hidden_act
      max_position_embeddings type_vocab_size layer_norm_eps tie_word_embeddings
      position_embedding_type is_decoder add_cross_attention
      """;

  /// Sizes that a family has where a config names none.
  record Defaults(int vocabulary, int width, int layers, int heads, int inner, String activation) {}

  /// Reads what all readers have.
  ///
  /// @param entry width of the embeddings, where a map widens them; 0 = none
  static TextConfig common(
      String type, Config c, Defaults usual, int entry, TextConfig.Answers answers) {
    if (!c.text("position_embedding_type", "absolute").equals("absolute")) {
      throw c.unsupported("position_embedding_type", "absolute");
    }
    for (String key : List.of("is_decoder", "add_cross_attention")) {
      if (c.flag(key, false)) {
        throw c.unsupported(key, "false");
      }
    }
    int width = c.size("hidden_size", usual.width);
    int heads = c.size("num_attention_heads", usual.heads);
    int layers = c.layers("num_hidden_layers", usual.layers);
    int positions = c.size("max_position_embeddings", 512);
    if (width % heads != 0) {
      throw c.bad(
          "hidden_size = %d is not a multiple of num_attention_heads = %d".formatted(width, heads));
    }
    return new TextConfig(
        type,
        c.size("vocab_size", usual.vocabulary),
        width,
        layers,
        positions,
        TextConfig.Heads.of(heads, heads, width / heads, layers, null)
            .unrotated()
            .biases(true, true),
        new TextConfig.FeedForward(
            c.size("intermediate_size", usual.inner),
            c.activation("hidden_act", usual.activation),
            true,
            false),
        new TextConfig.Norms(
            c.epsilon("layer_norm_eps", 1e-12),
            0,
            TextConfig.Norms.Kind.LAYER,
            TextConfig.Norms.Place.AFTER),
        new TextConfig.Embedding(
            1,
            c.flag("tie_word_embeddings", true),
            0,
            new TextConfig.Learned(positions, 0),
            c.size("type_vocab_size", 2),
            entry,
            answers));
  }

  /// Layers under the names that BERT gave them.
  ///
  /// @param w the view that holds `encoder`
  static List<Layer> bertLayers(TextConfig c, Weights w) {
    return IntStream.range(0, c.layers())
        .mapToObj(l -> new BertNames(w.at("encoder.layer." + l), c.width(), c.normEps()))
        .map(names ->
            new Layer(
                names.norm("attention.output.LayerNorm"),
                names.attention("attention", "self", c.width()),
                names.norm("output.LayerNorm"),
                names.network("intermediate", "output", c.inner(), c.activation())))
        .toList();
  }
}
