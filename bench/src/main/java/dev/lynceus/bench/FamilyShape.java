package dev.lynceus.bench;

import dev.lynceus.image.Extent;
import dev.lynceus.tensor.DType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Published sizes of other families. A resource of the shape's name, written by `bench/shapes.py`,
/// tells config, names and sizes; tokenizer and templates are those of the family's small
/// checkpoint among the resources of the tests.
enum FamilyShape implements Shape {
  /// Qwen2-VL-2B: a picture takes as many tokens as its size asks for, here 22 x 16.
  QWEN2_VL_2B("qwen2-vl-2b", DType.BFLOAT16, new Extent(448, 616)),
  /// Qwen2.5-VL-7B: the same, with windows in the tower.
  QWEN2_5_VL_7B("qwen2.5-vl-7b", DType.BFLOAT16, new Extent(448, 616)),
  /// SmolVLM-256M: tiles of 64 tokens each.
  SMOLVLM_256M("smolvlm-256m", DType.FLOAT32, new Extent(384, 512)),
  /// BLIP for question answering: an encoder of the question and a decoder of the answer, which
  /// both read 577 states of the tower.
  BLIP_VQA_BASE("blip-vqa-base", DType.FLOAT32, new Extent(384, 384));

  private static final Path SMALL = Path.of("core/src/test/resources/goldens");

  private final String label;
  private final DType usual;
  private final Extent picture;

  FamilyShape(String label, DType usual, Extent picture) {
    this.label = label;
    this.usual = usual;
    this.picture = picture;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public DType usual() {
    return usual;
  }

  @Override
  public Extent picture() {
    return picture;
  }

  @Override
  public int positions() {
    return 0;
  }

  @Override
  public Map<String, long[]> tensors() {
    Map<String, long[]> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : read().get("tensors").properties()) {
      for (JsonNode group : entry.getValue()) {
        long[] sizes = longs(group.get("sizes"));
        places(group).forEach(at -> tensors.put(named(entry.getKey(), at), sizes));
      }
    }
    return tensors;
  }

  /// Which numbers stand in the places of a name that are marked by `*`.
  private static Stream<long[]> places(JsonNode group) {
    if (group.has("at")) {
      return StreamSupport.stream(group.get("at").spliterator(), false).map(FamilyShape::longs);
    }
    return group.has("layers")
        ? Stream.iterate(0L, i -> i + 1)
            .limit(group.get("layers").asLong())
            .map(i -> new long[] {i})
        : Stream.of(new long[0]);
  }

  private static String named(String pattern, long[] at) {
    String name = pattern;
    for (long i : at) {
      name = name.replaceFirst("\\*", String.valueOf(i));
    }
    return name;
  }

  private static long[] longs(JsonNode numbers) {
    return StreamSupport.stream(numbers.spliterator(), false).mapToLong(JsonNode::asLong).toArray();
  }

  @Override
  public String config(DType dtype) {
    JsonNode config = read().get("config");
    typed(config, dtype.name().toLowerCase(Locale.ROOT));
    return config.toPrettyString();
  }

  private static void typed(JsonNode node, String dtype) {
    if (node instanceof ObjectNode object && object.has("torch_dtype")) {
      object.put("torch_dtype", dtype);
    }
    node.forEach(child -> typed(child, dtype));
  }

  @Override
  public void files(Path folder) throws IOException {
    JsonNode shape = read();
    Path small = SMALL.resolve(shape.get("like").asString()).resolve("hub");
    try (Stream<Path> files = Files.list(small)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (!name.equals("config.json") && !name.endsWith(".safetensors")) {
          Files.write(folder.resolve(name), Files.readAllBytes(file));
        }
      }
    }
    for (Map.Entry<String, JsonNode> file : shape.get("files").properties()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue().toPrettyString());
    }
    Path tokenizer = folder.resolve("tokenizer.json");
    JsonNode words = JsonMapper.shared().readTree(Files.readString(tokenizer));
    everyIdSpoken(words, shape.get("config"));
    Files.writeString(tokenizer, words.toString());
  }

  /// A random model says any id: those that the small tokenizer lacks get words of their own.
  private static void everyIdSpoken(JsonNode tokenizer, JsonNode config) {
    JsonNode sizes = config.has("vocab_size") ? config : config.get("text_config");
    ObjectNode words = (ObjectNode) tokenizer.get("model").get("vocab");
    BitSet known = new BitSet();
    // Those that were added keep their places, which they could not after words of higher numbers.
    tokenizer
        .get("added_tokens")
        .forEach(token -> words.put(token.get("content").asString(), token.get("id").asInt()));
    words.forEach(id -> known.set(id.asInt()));
    for (int id = 0; id < sizes.get("vocab_size").asInt(); id++) {
      if (!known.get(id)) {
        words.put("w" + id, id);
      }
    }
  }

  private JsonNode read() {
    try (InputStream in =
        Objects.requireNonNull(FamilyShape.class.getResourceAsStream(label + ".json"), label)) {
      return JsonMapper.shared().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
