package dev.lynceus.model.xformer;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.mae.MaeConfig;
import dev.lynceus.model.qformer.QFormerConfig;
import dev.lynceus.model.vit.VitConfig;

/// Sizes of an X-Former. There are no public weights, so the layout of its `config.json` is ours: a
/// `vision_config` as in CLIP, a `mae_config` as in ViT-MAE, a `qformer_config` as in BLIP-2, and
/// the keys of the block.
///
/// @param vision the tower that was taught by texts
/// @param mae the masked autoencoder
/// @param former the Q-Former, which reads words beside its queries
/// @param shared width of the vectors by which pictures and texts are compared
public record XFormerConfig(
    VitConfig vision, MaeConfig mae, QFormerConfig former, Dual dual, int shared) {

  /// Sizes of the block.
  ///
  /// @param details of the half in which the autoencoder's rows read the queries
  /// @param queries of the half in which the queries read them
  public record Dual(CrossReader.Sizes details, CrossReader.Sizes queries) {

    /// How many numbers are learned.
    public long parameters() {
      return details.parameters() + queries.parameters();
    }
  }

  /// Reads a `config.json`.
  ///
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL or BAD_CHECKPOINT, naming the key
  public static XFormerConfig read(Config c) {
    VitConfig vision = VitConfig.read(c.at("vision_config"));
    MaeConfig mae = MaeConfig.read(c.at("mae_config"));
    QFormerConfig former =
        QFormerConfig.read(
            c.at("qformer_config"), c.size("num_query_tokens", 32), vision.width(), true);
    Config dual = c.at("dual_config");
    int heads = dual.size("num_attention_heads", former.heads());
    int detailHeads = dual.size("detail_attention_heads", mae.vision().heads());
    int width = mae.vision().width();
    if (former.width() % heads != 0 || width % detailHeads != 0) {
      throw dual.bad(
          "widths of %d and %d are no multiples of %d and %d heads"
              .formatted(former.width(), width, heads, detailHeads));
    }
    return new XFormerConfig(
        vision,
        mae,
        former,
        new Dual(
            new CrossReader.Sizes(
                width,
                detailHeads,
                former.width(),
                dual.flag("detail_network", false) ? 4 * width : 0),
            new CrossReader.Sizes(
                former.width(),
                heads,
                width,
                dual.flag("query_network", true) ? 4 * former.width() : 0)),
        c.size("image_text_hidden_size", 256));
  }
}
