package dev.lynceus.tensor.file;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// `model.safetensors.index.json`: which shard holds which tensor.
///
/// @param file the index itself
/// @param shardOf the shard's file name for every tensor, in the order of the index
/// @param totalSize the bytes of all tensors, as far as the index says so
record ShardIndex(Path file, Map<String, String> shardOf, OptionalLong totalSize) {

  /// Reads the index and checks that all shards are there.
  ///
  /// @throws LynceusException BAD_CHECKPOINT where the index is broken, names a file outside its
  ///   folder, or names shards that are not there
  static ShardIndex read(Path file) {
    JsonNode root = JsonFiles.read(file);
    JsonNode map = root.path("weight_map");
    if (!map.isObject() || map.isEmpty()) {
      throw bad(file, "has no weight_map", "Fetch the model again.");
    }
    Map<String, String> shardOf = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      if (!entry.getValue().isString() || !isPlain(entry.getValue().stringValue())) {
        throw bad(
            file,
            "places tensor "
                + Quoted.name(entry.getKey())
                + " in "
                + Quoted.name(entry.getValue().toString())
                + ", which is not the name of a .safetensors file in the same folder",
            "Do not use this model unless you trust who made it; fetch it again.");
      }
      shardOf.put(entry.getKey(), entry.getValue().stringValue());
    }
    ShardIndex index =
        new ShardIndex(
            file, Collections.unmodifiableMap(shardOf), totalSize(root.path("metadata")));
    index.requireShards();
    return index;
  }

  /// The file names of the shards, sorted.
  SortedSet<String> shards() {
    return new TreeSet<>(shardOf.values());
  }

  /// Checks an opened shard against the index: every tensor that the index places in it is there,
  /// and no tensor that the index places elsewhere.
  ///
  /// @throws LynceusException BAD_CHECKPOINT, naming index, shard and tensor
  void check(String shard, Safetensors contents) {
    shardOf.forEach((tensor, place) -> {
      if (place.equals(shard) && !contents.names().contains(tensor)) {
        throw bad(
            file,
            "places tensor " + Quoted.name(tensor) + " in " + shard + ", which does not have it",
            "The files belong to different downloads: fetch the model again.");
      }
    });
    for (String tensor : contents.names()) {
      String place = shardOf.get(tensor);
      if (place != null && !place.equals(shard)) {
        throw bad(
            file,
            "places tensor "
                + Quoted.name(tensor)
                + " in "
                + place
                + ", but "
                + shard
                + " has it too",
            "The files belong to different downloads: fetch the model again.");
      }
    }
  }

  private void requireShards() {
    SortedSet<String> shards = shards();
    List<String> absent =
        shards.stream().filter(shard -> !Files.isRegularFile(file.resolveSibling(shard))).toList();
    if (!absent.isEmpty()) {
      throw bad(
          file,
          "names "
              + shards.size()
              + " shards, of which "
              + absent.size()
              + " are not there: "
              + String.join(", ", absent),
          "This is half a checkpoint: fetch the rest, for example with `hf download org/name`.");
    }
  }

  /// A shard is a file beside the index: no folders, no way up, no absolute path.
  private static boolean isPlain(String shard) {
    return shard.matches("[A-Za-z0-9_][A-Za-z0-9_.+=-]*\\.safetensors") && !shard.contains("..");
  }

  private static OptionalLong totalSize(JsonNode metadata) {
    JsonNode size = metadata.path("total_size");
    // Some writers store it as 13.0; what is no number at all is as good as absent.
    return size.isNumber() && size.doubleValue() >= 0
        ? OptionalLong.of(
            size.isIntegralNumber() && size.canConvertToLong()
                ? size.longValue()
                : (long) size.doubleValue())
        : OptionalLong.empty();
  }

  private static LynceusException bad(Path file, String what, String nextStep) {
    return new LynceusException(ErrorCode.BAD_CHECKPOINT, file + " " + what, nextStep);
  }
}
