package dev.lynceus.model.xformer;

import dev.lynceus.nn.Activation;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Weights;

/// The block of X-Former (Swetha and others, arXiv 2407.13851), which gives the queries of a
/// Q-Former what a masked autoencoder saw. First the autoencoder's rows `M` read the queries `Z`,
/// and become `M'`, which its frozen decoder must still be able to make pixels of; then the queries
/// read `M'`, and become `Z'`. The order is the point: align, then fuse.
///
/// The publication says neither where the norms stand nor which halves have networks, and tells of
/// about 20 million numbers; with widths of 1280 and 768 these are 13.1 million without a network
/// for `M`, and 26.2 with one. Norms stand before here: with what a half writes set to zero, `M' =
/// M` and `Z' = Z`.
///
/// @param details how `M` reads `Z`
/// @param queries how `Z` reads `M'`
public record DualAttention(CrossReader details, CrossReader queries) {

  /// Both at the end.
  ///
  /// @param details `M'`, `[pictures, 1 + kept patches, its width]`
  /// @param queries `Z'`, `[pictures, queries, width]`
  public record Fused(Tensor details, Tensor queries) {}

  /// Where both look.
  ///
  /// @param details of each row of `M` over the queries, `[pictures, heads, 1 + kept, queries]`
  /// @param queries of each query over `M'`, `[pictures, heads, queries, 1 + kept]`
  public record Looks(Tensor details, Tensor queries) {}

  /// Takes its weights.
  ///
  /// @param w the view that holds `details` and `queries`
  /// @throws dev.lynceus.error.LynceusException BAD_CHECKPOINT if a tensor is absent or has another
  ///   shape
  static DualAttention read(
      XFormerConfig.Dual sizes, Activation activation, double normEps, Weights w) {
    return new DualAttention(
        CrossReader.read(sizes.details(), activation, normEps, w.at("details")),
        CrossReader.read(sizes.queries(), activation, normEps, w.at("queries")));
  }

  /// Aligns and fuses.
  ///
  /// @param z queries, `[pictures, queries, width]`
  /// @param m what left the autoencoder's tower, class token first, `[pictures, 1 + kept, its
  ///   width]`
  public Fused apply(Tensor z, Tensor m) {
    Tensor aligned = details.apply(m, z);
    return new Fused(aligned, queries.apply(z, aligned));
  }

  /// Where each of them looks.
  public Looks looks(Tensor z, Tensor m) {
    return new Looks(details.pattern(m, z), queries.pattern(z, details.apply(m, z)));
  }
}
