package dev.lynceus.model.qwenvl;

import static dev.lynceus.tap.Point.PROJECTOR_OUT;
import static dev.lynceus.tap.Point.PROJECTOR_POST;
import static dev.lynceus.tap.Point.PROJECTOR_PRE;

import dev.lynceus.nn.Activation;
import dev.lynceus.nn.Linear;
import dev.lynceus.nn.Norm;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.Tensor;

/// Makes one visual token of the features of a square of patches, which stand next to each other: a
/// norm, and two projections with a function between them.
///
/// @param norm of each patch, or of the joined features of all
/// @param joinedNorm whether it is that of the joined features
/// @param first `[joined, joined]`
/// @param second `[out, joined]`
record PatchMerger(Norm norm, boolean joinedNorm, Linear first, Linear second) {

  /// Visual tokens, through their places.
  ///
  /// @param features `[1, patches, width]`
  /// @return `[1, tokens, out]`
  Tensor apply(Tensor features, Tap tap) {
    long joined = first.in();
    long tokens = features.size(1) * features.size(2) / joined;
    Tensor read =
        joinedNorm
            ? norm.apply(features.reshape(1, tokens, joined))
            : norm.apply(features).reshape(1, tokens, joined);
    read = tap.at(Point.of(Stack.PROJECTOR, Site.LN_IN), read);
    Tensor hidden = tap.at(PROJECTOR_PRE, first.apply(read));
    Tensor activated = tap.at(PROJECTOR_POST, Activation.GELU.apply(hidden));
    return tap.at(PROJECTOR_OUT, second.apply(activated));
  }
}
