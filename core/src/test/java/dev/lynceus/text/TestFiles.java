package dev.lynceus.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The fixtures of this package.
final class TestFiles {
  static final java.util.List<String> TOKENIZERS =
      java.util.List.of(
          "llava-llama",
          "llava-qwen2-siglip",
          "llava-gemma",
          "vicuna",
          "bert-qa",
          "idefics3",
          "blip2-opt");

  private TestFiles() {}

  static Path path(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(TestFiles.class.getResource("/dev/lynceus/text/" + name), name)
              .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static Tokenizer tokenizer(String family) {
    return Tokenizer.load(path("tokenizers/" + family));
  }

  static JsonNode json(String name) {
    return json(path(name));
  }

  static JsonNode json(Path path) {
    try {
      return JsonMapper.shared().readTree(Files.readString(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static int[] ints(JsonNode array) {
    int[] values = new int[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asInt();
    }
    return values;
  }
}
