package dev.lynceus.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Expected tensors, read for these tests only.
final class SafetensorsFile {
  private final ByteBuffer data;
  private final JsonNode header;

  SafetensorsFile(Path file) throws IOException {
    ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] json = new byte[(int) all.getLong()];
    all.get(json);
    header = JsonMapper.shared().readTree(new String(json, StandardCharsets.UTF_8));
    data = all.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  Set<String> names() {
    Set<String> names = new TreeSet<>(header.propertyNames());
    names.remove("__metadata__");
    return names;
  }

  int[] shape(String name) {
    return Arrays.stream(header.get(name).get("shape").valueStream().toArray(JsonNode[]::new))
        .mapToInt(JsonNode::asInt)
        .toArray();
  }

  ByteBuffer bytes(String name) {
    JsonNode range = header.get(name).get("data_offsets");
    int from = range.get(0).asInt();
    return data.slice(from, range.get(1).asInt() - from).order(ByteOrder.LITTLE_ENDIAN);
  }

  float[] floats(String name) {
    float[] values = new float[bytes(name).remaining() / 4];
    bytes(name).asFloatBuffer().get(values);
    return values;
  }
}
