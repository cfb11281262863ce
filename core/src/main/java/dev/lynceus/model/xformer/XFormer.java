package dev.lynceus.model.xformer;

import dev.lynceus.model.encoder.WordHead;
import dev.lynceus.model.mae.Mae;
import dev.lynceus.model.mae.Mask;
import dev.lynceus.model.match.Unit;
import dev.lynceus.model.qformer.QFormer;
import dev.lynceus.model.qformer.QFormerWeights;
import dev.lynceus.model.vit.Vit;
import dev.lynceus.model.vit.VitWeights;
import dev.lynceus.nn.Activation;
import dev.lynceus.nn.Linear;
import dev.lynceus.tap.Tap;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Weights;
import java.util.List;
import java.util.Objects;

/// X-Former (Swetha and others, arXiv 2407.13851): queries that read a tower that was taught by
/// texts, and after that, through [DualAttention], a masked autoencoder. Both towers, and the
/// autoencoder's decoder, are frozen; queries and block learn by four losses: contrast and matching
/// of pictures and texts, the telling of a text, and the pixels of patches that the autoencoder did
/// not see.
///
/// All three losses of texts are read off `Z'`. For matching, words stand beside the queries while
/// these read the tower. For telling, `Z'` stands where the queries stood, and each word sees `Z'`
/// and the words before it; the publication does not say how its text reads what the block made.
///
/// @param head of two classes, `[2, width of the queries]`
/// @param ofPicture `[shared, width of the queries]`
/// @param ofText `[shared, width of the queries]`
/// @param words what tells the next word
/// @param warmth logarithm of what cosines are multiplied with, `[1]`
public record XFormer(
    XFormerConfig config,
    Vit tower,
    Mae mae,
    QFormer former,
    DualAttention dual,
    Linear head,
    Linear ofPicture,
    Linear ofText,
    WordHead words,
    Tensor warmth) {

  /// Builds it.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_CHECKPOINT if a tensor is absent or has another
  ///   shape
  public static XFormer of(XFormerConfig c, Weights weights) {
    int width = c.former().width();
    Activation activation = c.former().activation();
    double eps = c.former().normEps();
    Weights q = weights.at("qformer");
    QFormerWeights former =
        QFormerWeights.read(
            c.former(),
            weights.get("query_tokens", 1, c.former().queries(), width),
            weights.at("embeddings"),
            "layernorm",
            q);
    return new XFormer(
        c,
        new Vit(c.vision(), VitWeights.read(c.vision(), weights.at("vision_model"))),
        Mae.of(c.mae(), weights.at("mae")),
        new QFormer(c.former(), former),
        DualAttention.read(c.dual(), activation, eps, weights.at("dual")),
        Linear.read(weights, "itm_head", 2, width),
        Linear.read(weights, "vision_projection", c.shared(), width),
        Linear.read(weights, "text_projection", c.shared(), width),
        WordHead.read(
            weights,
            WordHead.Names.bert(activation),
            width,
            eps,
            true,
            Objects.requireNonNull(former.words()).embedding()),
        weights.get("warmth", 1).own());
  }

  /// What the queries read of: the state of the tower before its last layer, all positions. What
  /// leaves the last layer at the patches no text ever taught.
  ///
  /// @param pixels `[pictures, channels, height, width]`
  public Tensor seen(Tensor pixels) {
    return tower.forward(pixels, new int[] {config.vision().layers() - 1}, Tap.idle()).getFirst();
  }

  /// What left the autoencoder's tower, `[pictures, 1 + kept, its width]`.
  public Tensor details(Tensor pixels, Mask mask) {
    return mae.seen(pixels, mask, Tap.idle());
  }

  /// The queries before the block, `[pictures, queries, width]`.
  public Tensor queries(Tensor seen) {
    return former.forward(seen, List.of(), Tap.idle());
  }

  /// The queries before the block, with words beside them.
  public Tensor queries(Tensor seen, List<TokenMap> beside) {
    return former
        .forward(seen, beside, Tap.idle())
        .narrow(1, 0, config.former().queries())
        .contiguous();
  }

  /// Pictures as vectors of length one, `[pictures, queries, shared]`.
  public Tensor pictures(Tensor fused) {
    return Unit.of(ofPicture.apply(fused));
  }

  /// Texts as vectors of length one, `[texts, shared]`.
  public Tensor texts(List<TokenMap> some) {
    DType dtype = warmth.dtype();
    return Unit.of(ofText.apply(former.words(some, dtype, Tap.idle()).select(1, 0).contiguous()));
  }

  /// Scores of “does not match” and “matches”, mean over the queries, `[pictures, 2]`.
  public Tensor verdicts(Tensor fused) {
    return head.apply(fused).mean(1);
  }

  /// Scores of the word after each, `[texts, longest, vocabulary]`.
  ///
  /// @param fused `Z'` of the picture of each text
  public Tensor told(Tensor fused, List<TokenMap> some) {
    Tensor rows = former.told(fused, some, Tap.idle());
    Tensor own =
        rows.narrow(1, config.former().queries(), rows.size(1) - config.former().queries())
            .contiguous();
    Linear map = words.transform().map();
    Tensor read = words.norm().apply(words.transform().activation().apply(map.apply(own)));
    return words.words().apply(read);
  }
}
