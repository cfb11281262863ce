package dev.lynceus.model.blip2;

import dev.lynceus.image.ImageRegion;
import dev.lynceus.model.blip.BlipTower;
import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.match.Matcher;
import dev.lynceus.model.match.Unit;
import dev.lynceus.model.qformer.QFormer;
import dev.lynceus.model.qformer.QFormerConfig;
import dev.lynceus.model.qformer.QFormerWeights;
import dev.lynceus.model.vit.Vit;
import dev.lynceus.model.vit.VitConfig;
import dev.lynceus.nn.Linear;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Weights;
import java.util.List;
import java.util.Optional;

/// BLIP-2 for matching (`Blip2ForImageTextRetrieval`): queries read the tower and, beside it, the
/// words of a text; each of them gives a verdict. Apart, every query is compared with the first
/// word of the text, which the same layers read alone, and the nearest counts.
///
/// @param former the queries, with words beside them
/// @param head of two classes, `[2, width of the queries]`
/// @param ofPicture `[shared, width of the queries]`
/// @param ofText `[shared, width of the queries]`
public record Blip2Matcher(Vit tower, QFormer former, Linear head, Linear ofPicture, Linear ofText)
    implements Matcher {

  /// Which keys of the config have an effect. The decoder that `text_config` tells of is not there.
  public static final ConfigKeys KEYS =
      ConfigKeys.of(
          "a blip-2 model for matching",
          "vision_config qformer_config num_query_tokens image_text_hidden_size",
          """
          text_config image_token_index image_token_id initializer_factor
          use_decoder_only_language_model is_encoder_decoder tie_word_embeddings
          """);

  /// Builds it.
  ///
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL or BAD_CHECKPOINT, naming the key
  ///   or the tensor
  public static Blip2Matcher of(Config c, Weights weights) {
    Config tower = c.at("vision_config");
    VitConfig vision = BlipTower.read(tower, BlipTower.Generation.SECOND);
    Config queries = c.at("qformer_config");
    if (!queries.flag("use_qformer_text_input", false)) {
      // Without it there are no weights that read words.
      throw queries.unsupported("use_qformer_text_input", "true");
    }
    QFormerConfig sizes =
        QFormerConfig.read(queries, c.size("num_query_tokens", 32), vision.width(), true);
    int width = sizes.width();
    int shared = c.size("image_text_hidden_size", 256);
    return new Blip2Matcher(
        new Vit(
            vision,
            BlipTower.weights(vision, tower.flag("qkv_bias", true), weights.at("vision_model"))),
        new QFormer(
            sizes,
            QFormerWeights.read(
                sizes,
                weights.get("query_tokens", 1, sizes.queries(), width),
                weights.at("embeddings"),
                "layernorm",
                weights.at("qformer"))),
        Linear.read(weights, "itm_head", 2, width),
        Linear.read(weights, "vision_projection", shared, width),
        Linear.read(weights, "text_projection", shared, width));
  }

  @Override
  public Optional<QFormer> queries() {
    return Optional.of(former);
  }

  @Override
  public Stack reader() {
    return Stack.QFORMER;
  }

  @Override
  public boolean reads(int layer) {
    return former.config().crosses(layer);
  }

  @Override
  public int speakers() {
    return former.config().queries();
  }

  @Override
  public int vocabulary() {
    return former.config().vocabulary();
  }

  @Override
  public int shared() {
    return (int) ofText.out();
  }

  @Override
  public Tensor verdicts(Tensor seen, List<TokenMap> words, Tap tap) {
    Tensor asked = former.forward(seen, words, tap);
    return head.apply(asked.narrow(1, 0, speakers()).contiguous());
  }

  @Override
  public Tensor pictures(Tensor seen, Tap tap) {
    return Unit.of(ofPicture.apply(former.forward(seen, List.of(), tap)));
  }

  @Override
  public Tensor texts(List<TokenMap> words, DType dtype, Tap tap) {
    return Unit.of(ofText.apply(former.words(words, dtype, tap).select(1, 0).contiguous()));
  }

  @Override
  public TokenMap rows(TokenMap words) {
    ImageRegion whole = new ImageRegion(0, 0, 1, 1);
    TokenMap.Tile queries =
        TokenMap.Tile.queries(speakers(), whole.left(), whole.top(), whole.width(), whole.height());
    return former.tokens(new TokenMap.ImageGrid("view", 1, 1, List.of(queries)), words);
  }
}
