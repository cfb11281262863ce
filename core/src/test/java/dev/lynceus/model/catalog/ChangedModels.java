package dev.lynceus.model.catalog;

import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tensor.file.StoredTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// The tiny checkpoints with other settings or other names of tensors.
final class ChangedModels {
  private ChangedModels() {}

  /// Python writes NaN and Infinity as they are.
  private static final JsonMapper AS_PYTHON =
      JsonMapper.builder().disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS).build();

  /// Writes a checkpoint whose `config.json` is changed.
  ///
  /// @param changes values by key, in objects below their key; `"__delete__"` takes a key away
  static Path write(Path folder, Family family, String changes) {
    return write(folder, family, JsonMapper.shared().readTree(changes), MissingNode.getInstance());
  }

  /// Writes a checkpoint whose `config.json` and names of tensors are changed.
  ///
  /// @param edit `drop`: a pattern of names to leave out; `rename`: patterns and what takes their
  ///   place, in turn, of which the first that changes a name holds
  static Path write(Path folder, Family family, JsonNode changes, JsonNode edit) {
    TinyModels.write(folder, family, 7, tensors -> rename(tensors, edit));
    Path file = folder.resolve("config.json");
    try {
      ObjectNode config = (ObjectNode) JsonMapper.shared().readTree(Files.readString(file));
      merge(config, changes);
      Files.writeString(file, AS_PYTHON.writeValueAsString(config));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return folder;
  }

  private static void merge(ObjectNode into, JsonNode changes) {
    changes
        .properties()
        .forEach(change -> {
          String key = change.getKey();
          JsonNode value = change.getValue();
          if (value.asString("").equals("__delete__")) {
            into.remove(key);
          } else if (value.isObject() && into.path(key).isObject()) {
            merge((ObjectNode) into.get(key), value);
          } else {
            into.set(key, value);
          }
        });
  }

  private static void rename(Map<String, StoredTensor> tensors, JsonNode edit) {
    Map<String, StoredTensor> kept = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> {
      if (!edit.has("drop") || !name.matches(edit.path("drop").asString())) {
        kept.put(renamed(name, edit.path("rename")), tensor);
      }
    });
    tensors.clear();
    tensors.putAll(kept);
  }

  private static String renamed(String name, JsonNode pairs) {
    for (int i = 0; i + 1 < pairs.size(); i += 2) {
      String other = name.replaceFirst(pairs.get(i).asString(), pairs.get(i + 1).asString());
      if (!other.equals(name)) {
        return other;
      }
    }
    return name;
  }
}
