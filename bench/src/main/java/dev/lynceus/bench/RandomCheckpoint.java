package dev.lynceus.bench;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.file.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/// Writes a checkpoint with random weights in the Hugging Face layout, one shard at a time, so that
/// memory holds a shard and never the whole. Weights are uniform around 0 with a spread that keeps
/// activations and logits finite, in float16 too. The same seed writes the same bytes.
final class RandomCheckpoint {
  private static final long SHARD_BYTES = 1L << 30;
  private static final long SEED = 20261123L;

  private final Shape shape;
  private final DType dtype;
  private final Map<String, long[]> tensors;

  RandomCheckpoint(Shape shape, DType dtype) {
    this.shape = shape;
    this.dtype = dtype;
    this.tensors = shape.tensors();
  }

  /// Numbers of all weights.
  long parameters() {
    return tensors.values().stream().mapToLong(RandomCheckpoint::count).sum();
  }

  /// Writes the checkpoint, unless a whole one is there.
  ///
  /// @throws LynceusException NOT_WRITABLE if that fails
  void write(Path folder) {
    if (Files.isRegularFile(folder.resolve("config.json"))) {
      return;
    }
    try {
      Files.createDirectories(folder);
      List<List<String>> shards = shards();
      Map<String, String> places = new LinkedHashMap<>();
      for (int i = 0; i < shards.size(); i++) {
        String file = "model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size());
        System.err.printf("writing %s%n", file);
        write(folder.resolve(file), shards.get(i));
        shards.get(i).forEach(name -> places.put(name, file));
      }
      Files.writeString(folder.resolve("model.safetensors.index.json"), index(places));
      shape.files(folder);
      // Last, since it says that all is there.
      Files.writeString(folder.resolve("config.json"), shape.config(dtype));
    } catch (IOException e) {
      throw new LynceusException(
          ErrorCode.NOT_WRITABLE,
          folder + " cannot be written: " + e.getMessage(),
          "Choose another folder with --checkpoints.",
          e);
    }
  }

  private void write(Path file, List<String> names) {
    SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
    try (Arena arena = Arena.ofShared()) {
      names.parallelStream()
          .map(name -> Map.entry(name, fill(arena, name)))
          .toList()
          .forEach(
              entry -> writer.add(entry.getKey(), dtype, sizes(entry.getKey()), entry.getValue()));
      writer.write(file);
    }
  }

  private long[] sizes(String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }

  private MemorySegment fill(Arena arena, String name) {
    long[] sizes = sizes(name);
    long count = count(sizes);
    MemorySegment data = arena.allocate(count * dtype.bytes(), 64);
    SplittableRandom random = new SplittableRandom(SEED ^ name.hashCode());
    // Weights of one dimension are those of norms.
    boolean norm = sizes.length == 1 && name.endsWith("weight");
    float middle = norm ? 1 : 0;
    float spread = norm ? 0.1f : spread(name, sizes);
    for (long i = 0; i < count; i++) {
      float value = middle + spread * (2 * (random.nextInt() >>> 8) * 0x1p-24f - 1);
      switch (dtype) {
        case FLOAT32 -> data.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
        case FLOAT16 -> data.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(value));
        case BFLOAT16 -> data.setAtIndex(ValueLayout.JAVA_SHORT, i, bfloat16(value));
        case FLOAT64, INT64, INT32, INT16, INT8, UINT8, BOOL ->
            throw new LynceusException(
                ErrorCode.BAD_REQUEST,
                "checkpoints are not written as " + dtype,
                "Choose float32, float16 or bfloat16.");
      }
    }
    return data;
  }

  /// Half the width of the uniform distribution: `sqrt(3 / inputs)` keeps the size of a vector;
  /// biases are small.
  private static float spread(String name, long[] sizes) {
    if (sizes.length == 1) {
      return 0.02f;
    }
    if (name.contains("embed")) {
      return name.contains("patch") ? (float) Math.sqrt(3.0 * sizes[0] / count(sizes)) : 0.5f;
    }
    return (float) Math.sqrt(3.0 / sizes[1]);
  }

  /// Rounded to nearest, ties to even.
  private static short bfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }

  private List<List<String>> shards() {
    List<List<String>> shards = new ArrayList<>();
    long filled = SHARD_BYTES;
    for (Map.Entry<String, long[]> entry : tensors.entrySet()) {
      long bytes = count(entry.getValue()) * dtype.bytes();
      if (filled + bytes > SHARD_BYTES) {
        shards.add(new ArrayList<>());
        filled = 0;
      }
      shards.getLast().add(entry.getKey());
      filled += bytes;
    }
    return shards;
  }

  private String index(Map<String, String> places) {
    StringBuilder json = new StringBuilder();
    json.append("{\"metadata\": {\"total_size\": ")
        .append(parameters() * dtype.bytes())
        .append("},\n\"weight_map\": {");
    String comma = "\n";
    for (Map.Entry<String, String> place : places.entrySet()) {
      json.append(comma)
          .append('"')
          .append(place.getKey())
          .append("\": \"")
          .append(place.getValue())
          .append('"');
      comma = ",\n";
    }
    return json.append("\n}}\n").toString();
  }

  private static long count(long[] sizes) {
    return Arrays.stream(sizes).reduce(1, Math::multiplyExact);
  }
}
