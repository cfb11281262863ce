package dev.lynceus.bench.fuzz;

import dev.lynceus.text.Encoding;
import dev.lynceus.text.TextStream;
import dev.lynceus.text.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Files `tokenizer.json` of all families with parts changed, exchanged with parts that are wrong
/// on purpose, or bytes flipped; loaded, and used on texts that are long, odd or repetitive.
final class TokenizerFuzz implements FuzzKind {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final List<String> TEXTS =
      List.of(
          "",
          "What is the color of the car?",
          "a".repeat(3000),
          " ".repeat(3000),
          "a b".repeat(1000),
          "\n \t\r\n".repeat(500),
          "\u0344\u0323\u0301 \u0f73\u0f71 İstanbul ŉ ΐ ﬁ ß ſ",
          "日本語のテキスト، עברית 🐶👩‍👩‍👧 é e\u0301 ﷺ ½ Ⅷ",
          "<s></s><unk><image>[CLS][SEP]<|im_start|>",
          "x\ud800y\u0000z\ufeff\u200b\u00ad",
          "1234567890 '''s 'll 've don't",
          "▁▁▁##Ġ<0x0A><0xFF>",
          "(.+)+(?!.|$) aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");

  private static final List<String> BESIDE =
      List.of(
          "tokenizer_config.json",
          "special_tokens_map.json",
          "added_tokens.json",
          "generation_config.json");

  private final Map<String, JsonNode> seeds = new LinkedHashMap<>();
  private final TokenizerParts parts;

  TokenizerFuzz() {
    for (Path file : Fuzz.seeds("tokenizer.json")) {
      try {
        Path named = Fuzz.repository().relativize(file);
        JsonNode tree = JSON.readTree(Files.readString(file));
        if (!seeds.containsValue(tree)) {
          seeds.put(named.toString(), tree);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    parts = new TokenizerParts(seeds.values());
  }

  @Override
  public String name() {
    return "tokenizers";
  }

  @Override
  public String about() {
    return "tokenizer.json of all families, changed";
  }

  @Override
  public FuzzCase make(long seed, int index, Path folder) throws IOException {
    RandomGenerator random = Fuzz.random(name(), seed, index);
    List<String> names = List.copyOf(seeds.keySet());
    String from = Fuzz.pick(random, names);
    JsonNode original = Objects.requireNonNull(seeds.get(from));
    List<String> done = new ArrayList<>();
    byte[] bytes;
    if (random.nextInt(20) == 0) {
      bytes =
          TextMutation.mutate(
              random,
              JSON.writeValueAsString(original).getBytes(StandardCharsets.UTF_8),
              1 + random.nextInt(4),
              done);
    } else {
      JsonNode tree = original.deepCopy();
      int exchanged = random.nextInt(4) / 2;
      for (int i = 0; i < exchanged && tree instanceof ObjectNode object; i++) {
        parts.exchange(random, object, done);
      }
      int changes = exchanged == 0 ? 1 + random.nextInt(2) : random.nextInt(4) / 3;
      bytes =
          JSON.writeValueAsString(JsonMutation.mutate(random, tree, changes, done))
              .getBytes(StandardCharsets.UTF_8);
    }
    Files.write(folder.resolve("tokenizer.json"), bytes);
    if (random.nextInt(4) == 0) {
      beside(random, from, folder, done);
    }
    List<String> texts = IntStream.range(0, 3).mapToObj(_ -> Fuzz.pick(random, TEXTS)).toList();
    return new FuzzCase(from + ": " + String.join("; ", done), () -> use(folder, texts));
  }

  /// Puts a changed file of those that a tokenizer reads beside its own into the folder.
  private static void beside(RandomGenerator random, String from, Path folder, List<String> done)
      throws IOException {
    String name = Fuzz.pick(random, BESIDE);
    Path original = Fuzz.repository().resolve(from).resolveSibling(name);
    JsonNode tree =
        Files.isRegularFile(original)
            ? JSON.readTree(Files.readString(original))
            : JSON.readTree("{\"bos_token\": \"<s>\", \"eos_token_id\": [1, 2], \"<new>\": 50}");
    done.add("beside it " + name);
    Files.writeString(
        folder.resolve(name),
        JSON.writeValueAsString(JsonMutation.mutate(random, tree, 1 + random.nextInt(2), done)));
  }

  private static void use(Path folder, List<String> texts) {
    Tokenizer tokenizer = Tokenizer.load(folder);
    for (String text : texts) {
      Encoding encoding = tokenizer.tokenize(text, true);
      tokenizer.decode(encoding.ids());
      tokenizer.decodeSkippingSpecial(encoding.ids());
      TextStream stream = tokenizer.stream();
      for (int id : encoding.ids()) {
        stream.push(id);
      }
      stream.finish();
    }
    tokenizer.tokenizePair(texts.get(0), "The dog is brown.");
    tokenizer.wordIds("brown");
    int[] known =
        IntStream.range(0, Math.min(300, tokenizer.vocabularySize()))
            .filter(tokenizer::hasPiece)
            .toArray();
    for (int id : known) {
      tokenizer.text(id);
    }
    tokenizer.decode(known);
  }
}
