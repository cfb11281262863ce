package dev.lynceus.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.JsonNode;

class TokenizerGoldenTest {
  static final List<String> FAMILIES = TestFiles.TOKENIZERS;

  @ParameterizedTest
  @FieldSource("FAMILIES")
  void idsPiecesOffsetsAndTextsAreThoseOfTheReferenceLibrary(String family) {
    Tokenizer tokenizer = TestFiles.tokenizer(family);
    JsonNode cases = TestFiles.json("tokenizers/" + family + "/cases.json").path("cases");
    assertThat(cases).hasSizeGreaterThan(20);
    for (JsonNode c : cases) {
      String text = c.path("text").asString();
      Encoding encoding = tokenizer.tokenize(text, true);
      assertThat(tokenizer.encode(text)).as(text).containsExactly(TestFiles.ints(c.path("ids")));
      for (int i = 0; i < encoding.tokens().size(); i++) {
        Encoding.Token token = encoding.tokens().get(i);
        assertThat(token.piece()).isEqualTo(c.path("pieces").get(i).asString());
        assertThat(tokenizer.piece(token.id())).isEqualTo(token.piece());
        assertThat(tokenizer.id(token.piece())).hasValue(token.id());
        assertThat(new int[] {token.start(), token.end()})
            .as("%s of '%s'", token, text)
            .containsExactly(TestFiles.ints(c.path("offsets").get(i)));
      }
      assertThat(tokenizer.decode(encoding.ids())).isEqualTo(c.path("decoded").asString());
      assertThat(tokenizer.decodeSkippingSpecial(encoding.ids()))
          .isEqualTo(c.path("decoded_skip_special").asString());
    }
  }

  @ParameterizedTest
  @FieldSource("FAMILIES")
  void aPairIsJoinedAsThePostProcessorSays(String family) {
    JsonNode pair = TestFiles.json("tokenizers/" + family + "/cases.json").path("pair");
    Encoding encoding =
        TestFiles.tokenizer(family)
            .tokenizePair("What color is the dog?", "The dog is brown 🐶 and small.");
    assertThat(encoding.ids()).containsExactly(TestFiles.ints(pair.path("ids")));
    assertThat(encoding.tokens().stream().mapToInt(Encoding.Token::segment).toArray())
        .containsExactly(TestFiles.ints(pair.path("segments")));
  }

  @TestFactory
  Stream<DynamicTest> everyGoldenCheckpointThatIsHere() throws IOException {
    Path goldens = SharedData.require("goldens");
    List<DynamicTest> tests = new ArrayList<>();
    try (Stream<Path> families = Files.list(goldens)) {
      for (Path family : families.sorted().toList()) {
        Path cases = family.resolve("tokenizer_cases.json");
        if (Files.isRegularFile(cases)) {
          tests.add(
              DynamicTest.dynamicTest(
                  family.getFileName().toString(),
                  () -> compare(Tokenizer.load(family.resolve("hub")), TestFiles.json(cases))));
        }
      }
    }
    assertThat(tests).hasSizeGreaterThan(10);
    return tests.stream();
  }

  private static void compare(Tokenizer tokenizer, JsonNode cases) {
    for (JsonNode c : cases.path("cases")) {
      int[] ids = tokenizer.encode(c.path("text").asString());
      assertThat(ids).containsExactly(TestFiles.ints(c.path("ids_by_tokenizer_json")));
      assertThat(tokenizer.decode(ids)).isEqualTo(c.path("decoded_by_tokenizer_json").asString());
      assertThat(tokenizer.decodeSkippingSpecial(ids))
          .isEqualTo(c.path("decoded_skip_special_by_tokenizer_json").asString());
    }
  }

  /// The real vocabulary may not be copied, so only strings and ids are here.
  @Test
  void twoHundredVariedStringsOnTheRealLlamaVocabulary() {
    Tokenizer tokenizer = Tokenizer.load(SharedData.require("data/llama"));
    JsonNode cases = TestFiles.json("llama_200.json");
    assertThat(cases).hasSize(200);
    for (JsonNode c : cases) {
      String text = c.path("text").asString();
      int[] ids = tokenizer.encode(text);
      assertThat(ids).as(text).containsExactly(TestFiles.ints(c.path("ids")));
      assertThat(tokenizer.decode(ids)).isEqualTo(c.path("decoded").asString());
      assertThat(tokenizer.decodeSkippingSpecial(ids)).isEqualTo(c.path("skipped").asString());
    }
  }

  @Test
  void bosIsAddedWhereTheConfigAsksAndTheFileDoesNot(@TempDir Path folder) throws IOException {
    Files.copy(SharedData.require("data/llama/tokenizer.json"), folder.resolve("tokenizer.json"));
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        """
        {"add_bos_token": true, "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>",
         "added_tokens_decoder": {"0": {"content": "<unk>", "special": true}}}
        """);
    Tokenizer tokenizer = Tokenizer.load(folder);
    assertThat(tokenizer.encode("Hello")).containsExactly(1, 15043);
    assertThat(tokenizer.encode("Hello", false)).containsExactly(15043);
    assertThat(tokenizer.encodeChat("<s>Hello")).containsExactly(1, 15043);
    assertThat(tokenizer.encodeChat("Hello")).containsExactly(1, 15043);
    assertThat(tokenizer.specialIds()).containsExactly(0, 1, 2);
    assertThat(tokenizer.wordIds("brown").stream().map(tokenizer::piece)).containsExactly("▁brown");
  }
}
