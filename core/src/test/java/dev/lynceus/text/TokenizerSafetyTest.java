package dev.lynceus.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Each of these files ended the process, hung it or filled the memory before they were checked, so
/// a check that is lost shows as a test run that dies.
@Timeout(60)
class TokenizerSafetyTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  @TempDir Path folder;

  private static ObjectNode file(String family) {
    return (ObjectNode) TestFiles.json("tokenizers/" + family + "/tokenizer.json");
  }

  private Tokenizer load(JsonNode file) throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), JSON.writeValueAsString(file));
    return Tokenizer.load(folder);
  }

  private void refused(JsonNode file, String... words) {
    assertThatThrownBy(() -> load(file).encode("What is the color of the car?"))
        .isInstanceOfSatisfying(
            LynceusException.class,
            e -> {
              assertThat(e.code()).isIn(ErrorCode.BAD_CHECKPOINT, ErrorCode.UNSUPPORTED_MODEL);
              assertThat(e).hasMessageContaining("tokenizer.json ").hasMessageContainingAll(words);
            });
  }

  /// A file that is whole is not to be fetched again.
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{'type': 'FixedLength', 'length': 0};BAD_CHECKPOINT;is not a tokenizer that can be read;Download the file again",
        "{'type': 'Split', 'pattern': {'Regex': '(.+)+(?!.|$)'}, 'behavior': 'Isolated', 'invert': false};BAD_CHECKPOINT;is past what is read of a tokenizer;docs/reference/robustness.md",
        "{'type': 'Split', 'pattern': {'Regex': '(a)(?<!b+)c'}, 'behavior': 'Isolated', 'invert': false};UNSUPPORTED_MODEL;asks for what is not supported;docs/reference/text.md",
        "{'type': 'FromTheFuture'};UNSUPPORTED_MODEL;asks for what is not supported;docs/reference/text.md",
      })
  void eachKindOfRefusalHasItsWayOut(String part, ErrorCode code, String what, String next) {
    ObjectNode file = file("llava-llama");
    file.set("pre_tokenizer", JSON.readTree(part.replace('\'', '"')));
    assertThatThrownBy(() -> load(file))
        .isInstanceOfSatisfying(
            LynceusException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e).hasMessageContaining(what);
              assertThat(e.nextStep()).contains(next);
              assertThat(e.nextStep().contains("again")).isEqualTo(next.contains("again"));
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "pre_tokenizer;{'type': 'Split', 'pattern': {'Regex': '(.+)+(?!.|$)'}, 'behavior': 'Isolated', 'invert': false};without bound",
        "pre_tokenizer;{'type': 'FixedLength', 'length': 0};length = 0",
        "pre_tokenizer;{'type': 'Nothing'};not known",
        "pre_tokenizer;[];no object",
        "normalizer;{'type': 'Prepend', 'prepend': ''};prepend is empty",
        "normalizer;{'type': 'Precompiled', 'precompiled_charsmap': 'AAAA'};3 bytes",
        "normalizer;{'type': 'Precompiled', 'precompiled_charsmap': 'BAAAAAAAAAA='};outside of itself",
        "normalizer;{'type': 'Precompiled', 'precompiled_charsmap': '////f///'};trie has",
        "normalizer;{'type': 'Replace', 'pattern': {'String': ''}, 'content': 'a'};empty",
        "normalizer;{'type': 'Replace', 'pattern': {'Regex': 'a*'}, 'content': 'b'};empty text",
        "post_processor;{'type': 'TemplateProcessing', 'single': [{'SpecialToken': {'id': 'no', 'type_id': 0}}, {'Sequence': {'id': 'A', 'type_id': 0}}], 'pair': [], 'special_tokens': {}};special_tokens does not have",
        "post_processor;{'type': 'TemplateProcessing', 'single': [{'Sequence': {'id': 'B', 'type_id': 0}}], 'pair': [], 'special_tokens': {}};sequence 'B'",
        "post_processor;{'type': 'TemplateProcessing', 'single': [], 'pair': [], 'special_tokens': {'x': {'id': 'x', 'ids': [1, 2], 'tokens': ['x']}}};as many ids",
        "post_processor;{'type': 'RobertaProcessing', 'sep': ['</s>', 4294967295], 'cls': ['<s>', 1], 'trim_offsets': true, 'add_prefix_space': true};sep",
        "post_processor;{'type': 'RobertaProcessing', 'sep': ['</s>', 99999], 'cls': ['<s>', 1], 'trim_offsets': true, 'add_prefix_space': true};id 99999",
        "decoder;{'type': 'Replace', 'pattern': {'Regex': '(?<n>a)\\\\\\\\g<n>'}, 'content': ''};not supported",
        "decoder;{'type': 'Replace', 'pattern': {'Regex': '\\\\\\\\p{Nothing}'}, 'content': ''};not supported",
        "decoder;{'type': 'BPEDecoder', 'suffix': ''};suffix is empty",
      })
  void aPartThatIsNotKnownToBeSafeIsRefused(String place, String part, String words) {
    ObjectNode file = file("llava-llama");
    file.set(place, JSON.readTree(part.replace('\'', '"').replace("\\\\\\\\", "\\\\")));
    refused(file, words);
  }

  @Test
  void partsWithinPartsWithoutEndAreRefused() {
    for (String place : new String[] {"decoder", "normalizer", "pre_tokenizer"}) {
      String list = place.equals("pre_tokenizer") ? "pretokenizers" : place + "s";
      ObjectNode file = file("llava-llama");
      file.set(
          place,
          JSON.readTree(
              ("{\"type\": \"Sequence\", \"" + list + "\": [").repeat(100) + "]}".repeat(100)));
      refused(file, "nested");
    }
  }

  @Test
  void growthIsBoundedBeforeATextIsRead() {
    String thousand =
        "{\"type\": \"Replace\", \"pattern\": {\"Regex\": \".\"}, \"content\": \"%s\"}"
            .formatted("a".repeat(1000));
    String doubled =
        "{\"type\": \"Replace\", \"pattern\": {\"String\": \"a\"}, \"content\": \"aa\"}";
    for (String list :
        new String[] {thousand + "," + thousand, (doubled + ",").repeat(39) + doubled}) {
      for (String place : new String[] {"normalizer", "decoder"}) {
        ObjectNode file = file("llava-llama");
        file.set(
            place, JSON.readTree("{\"type\": \"Sequence\", \"" + place + "s\": [" + list + "]}"));
        refused(file, "one character into");
      }
    }
  }

  @Test
  void aLongTextIsRefusedWhereItsTokenizerCouldNotKeepUp() throws IOException {
    ObjectNode file = file("llava-llama");
    file.set(
        "pre_tokenizer",
        JSON.readTree(
            "{\"type\": \"Split\", \"pattern\": {\"Regex\": \"\\\\s+x\"}, \"behavior\": \"Isolated\","
                + " \"invert\": false}"));
    Tokenizer tokenizer = load(file);
    assertThat(tokenizer.encode(" ".repeat(15_000))).isNotEmpty();
    assertThatThrownBy(() -> tokenizer.encode(" ".repeat(30_000)))
        .isInstanceOfSatisfying(
            LynceusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST))
        .hasMessageContaining("30000 characters");
    assertThatThrownBy(() -> TestFiles.tokenizer("llava-llama").encode("a ".repeat(600_000)))
        .hasMessageContaining("1200000 characters");
  }

  @Test
  void mergesAndPiecesFitTogether() throws IOException {
    ObjectNode prefix = file("vicuna");
    ((ObjectNode) prefix.path("model")).put("byte_fallback", false);
    ((ObjectNode) prefix.path("model")).put("continuing_subword_prefix", "##");
    refused(prefix, "without the prefix");
    ObjectNode both = file("vicuna");
    ((ObjectNode) both.path("model")).put("end_of_word_suffix", "</w>");
    refused(both, "byte_fallback");
    ObjectNode foreign = file("vicuna");
    ((ArrayNode) foreign.path("model").path("merges")).add(JSON.readTree("[\"zzz\", \"yyy\"]"));
    refused(foreign, "'zzz'");
    ObjectNode random = file("vicuna");
    ((ObjectNode) random.path("model")).put("dropout", 0.1);
    refused(random, "random");
    ObjectNode half = file("vicuna");
    ((ObjectNode) half.path("model").path("vocab")).put("HALF", 429);
    String escaped = JSON.writeValueAsString(half).replace("HALF", "\\ud800");
    Files.writeString(folder.resolve("tokenizer.json"), escaped);
    assertThatThrownBy(() -> Tokenizer.load(folder)).hasMessageContaining("surrogate");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 1L << 31, 4294967295L, 1L << 40, 70_000})
  void idsThatNoVocabularyHasAreRefused(long id) {
    ObjectNode piece = file("vicuna");
    ((ObjectNode) piece.path("model").path("vocab")).put("▁the", id);
    refused(piece, "▁the", String.valueOf(id));
    ObjectNode added = file("vicuna");
    ((ArrayNode) added.path("added_tokens"))
        .add(
            JSON.readTree(
                "{\"id\": %d, \"content\": \"<new>\", \"special\": true, \"normalized\": false}"
                    .formatted(id)));
    refused(added, String.valueOf(id));
  }

  @Test
  void addedTokensAreBoundedAndNumbered() throws IOException {
    ObjectNode many = file("vicuna");
    int size = many.path("model").path("vocab").size();
    ArrayNode tokens = (ArrayNode) many.path("added_tokens");
    for (int i = 0; i < 20_000; i++) {
      tokens.add(JSON.readTree("{\"id\": %d, \"content\": \"<new%d>\"}".formatted(size + i, i)));
    }
    refused(many, "16384");
    ObjectNode large = file("vicuna");
    ((ArrayNode) large.path("added_tokens"))
        .add(JSON.readTree("{\"id\": %d, \"content\": \"%s\"}".formatted(size, "x".repeat(5000))));
    refused(large, "5000 characters");
    ObjectNode one = file("vicuna");
    ((ArrayNode) one.path("added_tokens"))
        .add(
            JSON.readTree(
                "{\"id\": %d, \"content\": \"<new>\", \"special\": true}".formatted(size)));
    Tokenizer tokenizer = load(one);
    assertThat(tokenizer.encode("a <new>", false)).contains(size);
    assertThat(tokenizer.piece(size)).isEqualTo("<new>");
  }

  /// The library would find such a token between the bytes of a character.
  @Test
  void anAddedTokenThatTheNormalizerTakesAwayIsRefused() {
    ObjectNode file = file("bert-qa");
    file.set(
        "normalizer",
        JSON.readTree("{\"type\": \"Strip\", \"strip_left\": true, \"strip_right\": true}"));
    int size = file.path("model").path("vocab").size();
    ((ArrayNode) file.path("added_tokens"))
        .add(
            JSON.readTree(
                "{\"id\": %d, \"content\": \"  \", \"normalized\": true}".formatted(size)));
    refused(file, "leaves nothing");
  }

  @Test
  void aTextWithoutTokensIsAFaultOfTheFile() {
    ObjectNode file = file("unigram-precompiled");
    ((ObjectNode) file.path("model")).putNull("unk_id");
    file.set("normalizer", JSON.nullNode());
    assertThatThrownBy(() -> load(file).encode("日本"))
        .isInstanceOfSatisfying(
            LynceusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_CHECKPOINT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"unigram-precompiled", "albert"})
  void unigramModelsAgreeWithTheReferenceLibrary(String family) {
    Tokenizer tokenizer = TestFiles.tokenizer(family);
    JsonNode cases = TestFiles.json("tokenizers/" + family + "/cases.json").path("cases");
    assertThat(cases).hasSize(11);
    for (JsonNode c : cases) {
      int[] ids = tokenizer.encode(c.path("text").asString());
      assertThat(ids).as(c.path("text").asString()).containsExactly(TestFiles.ints(c.path("ids")));
      assertThat(tokenizer.decode(ids)).isEqualTo(c.path("decoded").asString());
      assertThat(tokenizer.decodeSkippingSpecial(ids))
          .isEqualTo(c.path("decoded_skip_special").asString());
    }
  }

  /// A damaged table either leads where it may, or is refused; the library follows it blindly.
  @Test
  void aDamagedCharacterMapIsSafe() throws IOException {
    ObjectNode file = file("unigram-precompiled");
    ObjectNode normalizer = (ObjectNode) file.path("normalizer").path("normalizers").path(0);
    byte[] whole = Base64.getDecoder().decode(normalizer.path("precompiled_charsmap").asString());
    SplittableRandom random = new SplittableRandom(7);
    int refused = 0;
    for (int i = 0; i < 200; i++) {
      byte[] damaged = whole.clone();
      int at = 0;
      // Units that are in use: those of an empty block change nothing.
      while (damaged[at] == 0) {
        at = random.nextInt(damaged.length);
      }
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      normalizer.put("precompiled_charsmap", Base64.getEncoder().encodeToString(damaged));
      try {
        load(file).encode("ﬁx™ … ½ cafe\u0301 café\u200b日本\tＡ");
      } catch (LynceusException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.BAD_CHECKPOINT);
        refused++;
      }
    }
    assertThat(refused).isBetween(20, 199);
  }
}
