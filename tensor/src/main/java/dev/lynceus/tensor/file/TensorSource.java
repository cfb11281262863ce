package dev.lynceus.tensor.file;

import dev.lynceus.tensor.Tensor;
import java.util.Set;

/// Where weights come from: a checkpoint, one file, or a map in memory.
public interface TensorSource {

  /// The full names of all tensors.
  Set<String> names();

  /// Type and shape of a tensor.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_CHECKPOINT where there is no such tensor
  TensorInfo info(String name);

  /// A tensor; a view wherever that is possible.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_CHECKPOINT where there is no such tensor
  Tensor tensor(String name);

  /// What error messages call this source, for example the folder.
  String description();
}
