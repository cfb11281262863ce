package dev.lynceus.lab.train;

import dev.lynceus.model.xformer.DualAttention;
import dev.lynceus.model.xformer.XFormer;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.stream.IntStream;

/// Which ways an X-Former's queries see a picture by. Ways are closed in training, or in a model
/// that was trained with both.
public enum XFormerPath {
  /// Both towers.
  BOTH("both"),
  /// The block is left out: the queries are what the Q-Former made of the first tower.
  NO_DETAIL("without the autoencoder"),
  /// The autoencoder saw another picture.
  OTHER_DETAIL("the autoencoder saw another picture"),
  /// What the autoencoder saw is the mean over the pictures.
  MEAN_DETAIL("the autoencoder's mean"),
  /// The first tower gives zeros.
  NO_VIEW("without the first tower"),
  /// The first tower saw another picture.
  OTHER_VIEW("the first tower saw another picture");

  private final String words;

  XFormerPath(String words) {
    this.words = words;
  }

  /// As a reader sees it.
  public String words() {
    return words;
  }

  /// What the queries read of the first tower.
  ///
  /// @param seen `[pictures, positions, width]`
  Tensor view(Tensor seen) {
    return switch (this) {
      case BOTH, NO_DETAIL, OTHER_DETAIL, MEAN_DETAIL -> seen;
      case NO_VIEW -> Torch.zeros(DType.FLOAT32, seen.shape());
      case OTHER_VIEW -> next(seen);
    };
  }

  /// What the block reads of the autoencoder.
  ///
  /// @param details `[pictures, 1 + kept, width]`
  Tensor detail(Tensor details) {
    return switch (this) {
      case BOTH, NO_DETAIL, NO_VIEW, OTHER_VIEW -> details;
      case OTHER_DETAIL -> next(details);
      case MEAN_DETAIL -> details.mean(0).unsqueeze(0).expand(details.shape()).contiguous();
    };
  }

  /// The queries after the block, and what the autoencoder's decoder is given.
  ///
  /// @param queries as the Q-Former made them
  /// @param details as [#detail] gave them
  DualAttention.Fused fuse(XFormer model, Tensor queries, Tensor details) {
    return this == NO_DETAIL
        ? new DualAttention.Fused(details, queries)
        : model.dual().apply(queries, details);
  }

  /// Each picture gets what belongs to the next.
  private static Tensor next(Tensor all) {
    int count = (int) all.size(0);
    return all.indexSelect(
        0, Tensor.indices(IntStream.range(0, count).map(i -> (i + 1) % count).toArray()));
  }
}
