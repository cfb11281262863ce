package dev.lynceus.model;

import dev.lynceus.tap.Tap;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import java.util.List;

/// A model that answers about pictures: visual tokens take the places of placeholders among the words.
public interface VisionLanguageModel extends Model {

  /// Id of the placeholder.
  int imageToken();

  /// Width of the features that the projector reads: several hidden states of the tower may be joined.
  int featureWidth();

  /// How the visual tokens of a picture lie on it.
  TokenMap.ImageGrid grid(Picture picture);

  /// The visual tokens of some pictures, one picture after the other: `[tokens, width]`.
  ///
  /// @param dtype type of the arithmetic
  Tensor visualTokens(List<Picture> pictures, DType dtype, Tap tap);

  /// Puts visual tokens into the places of the placeholders, in order.
  ///
  /// @param embedded token embeddings, `[batch, pos, width]`
  /// @param ids int64 `[batch, pos]`
  /// @param visual `[tokens, width]`
  /// @throws dev.lynceus.error.LynceusException BAD_REQUEST if there are not as many placeholders as visual tokens
  Tensor merge(Tensor embedded, Tensor ids, Tensor visual);
}
