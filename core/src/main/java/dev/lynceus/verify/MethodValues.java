package dev.lynceus.verify;

import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.tensor.file.Safetensors;
import java.util.List;

/// Stub.
record MethodValues(LoadedModel model, Prompt prompt, Judge judge, Safetensors reference) {
  List<Check> checks() {
    return List.of();
  }
}
