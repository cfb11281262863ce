/// The seam to libtorch: the only package that knows org.bytedeco.
///
/// Start with [dev.lynceus.tensor.Tensor] for values, [dev.lynceus.tensor.Torch] for functions of
/// several tensors, and [dev.lynceus.tensor.Scope] for how long native memory lives.
@NullMarked
package dev.lynceus.tensor;

import org.jspecify.annotations.NullMarked;
