package dev.lynceus.model.blip;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.encoder.TextEncoder;
import dev.lynceus.model.encoder.TextEncoderConfig;
import dev.lynceus.model.encoder.TextEncoderWeights;
import dev.lynceus.model.match.Matcher;
import dev.lynceus.model.match.Unit;
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

/// BLIP for matching (`BlipForImageTextRetrieval`): the words of a text read the tower, and the
/// first of them gives the verdict; apart, the class token of the tower and the first word are
/// compared.
///
/// @param head of two classes, `[2, width of the words]`
/// @param ofPicture `[shared, width of the tower]`
/// @param ofText `[shared, width of the words]`
public record BlipMatcher(
    Vit tower, TextEncoder encoder, Linear head, Linear ofPicture, Linear ofText)
    implements Matcher {

  /// Which keys of the config have an effect.
  public static final ConfigKeys KEYS =
      ConfigKeys.of(
          "a blip model for matching",
          "text_config vision_config image_text_hidden_size",
          """
          projection_dim logit_scale_init_value initializer_factor label_smoothing
          tie_word_embeddings
          """);

  /// Builds it.
  ///
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL or BAD_CHECKPOINT, naming the key
  ///   or the tensor
  public static BlipMatcher of(Config c, Weights weights) {
    VitConfig vision = BlipTower.read(c.at("vision_config"), BlipTower.Generation.FIRST);
    TextEncoderConfig words = BlipEncoder.read(c.at("text_config"), vision.width());
    int shared = c.size("image_text_hidden_size", 256);
    return new BlipMatcher(
        new Vit(vision, BlipTower.weights(vision, true, weights.at("vision_model"))),
        new TextEncoder(words, TextEncoderWeights.read(words, weights.at("text_encoder"))),
        Linear.read(weights, "itm_head", 2, words.shape().width()),
        Linear.read(weights, "vision_proj", shared, vision.width()),
        Linear.read(weights, "text_proj", shared, words.shape().width()));
  }

  @Override
  public Optional<TextEncoder> textEncoder() {
    return Optional.of(encoder);
  }

  @Override
  public Stack reader() {
    return Stack.ENCODER;
  }

  @Override
  public boolean reads(int layer) {
    return true;
  }

  @Override
  public int speakers() {
    return 1;
  }

  @Override
  public int vocabulary() {
    return encoder.config().vocabulary();
  }

  @Override
  public int shared() {
    return (int) ofText.out();
  }

  @Override
  public Tensor verdicts(Tensor seen, List<TokenMap> words, Tap tap) {
    Tensor read = encoder.reading(words, seen, tap);
    return head.apply(read.narrow(1, 0, 1).contiguous());
  }

  @Override
  public Tensor pictures(Tensor seen, Tap tap) {
    return Unit.of(ofPicture.apply(seen.narrow(1, 0, 1).contiguous()));
  }

  @Override
  public Tensor texts(List<TokenMap> words, DType dtype, Tap tap) {
    return Unit.of(ofText.apply(encoder.forward(words, dtype, tap).select(1, 0).contiguous()));
  }

  @Override
  public TokenMap rows(TokenMap words) {
    return words;
  }
}
