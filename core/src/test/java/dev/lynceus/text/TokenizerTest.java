package dev.lynceus.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.JsonNode;

class TokenizerTest {
  static final List<String> FAMILIES = TestFiles.TOKENIZERS;

  /// A word's ids, appended to a text's ids, are the ids of the text with the word.
  @ParameterizedTest
  @FieldSource("FAMILIES")
  void wordIdsContinueAText(String family) {
    Tokenizer tokenizer = TestFiles.tokenizer(family);
    for (String word : List.of("brown", "red", "日本", "🐶", "two words", "it's", "Ünï", "3.14")) {
      String text = "The color of the dog is";
      int[] before = tokenizer.encode(text, false);
      int[] word1 = tokenizer.wordIds(word).stream().mapToInt(Integer::intValue).toArray();
      int[] joined = Arrays.copyOf(before, before.length + word1.length);
      System.arraycopy(word1, 0, joined, before.length, word1.length);
      assertThat(joined).as(word).containsExactly(tokenizer.encode(text + " " + word, false));
      assertThat(tokenizer.wordIds("  " + word + " ")).isEqualTo(tokenizer.wordIds(word));
    }
  }

  /// For every case the streamed text is what the decoder gives for the whole, after a first word.
  @ParameterizedTest
  @FieldSource("FAMILIES")
  void streamedTextEqualsDecodedText(String family) {
    Tokenizer tokenizer = TestFiles.tokenizer(family);
    int[] start = tokenizer.encode("a", false);
    for (JsonNode c : TestFiles.json("tokenizers/" + family + "/cases.json").path("cases")) {
      int[] ids = tokenizer.encode("a" + c.path("text").asString(), false);
      TextStream stream = tokenizer.stream();
      StringBuilder text = new StringBuilder();
      for (int id : ids) {
        String part = stream.push(id);
        assertThat(part.chars().filter(ch -> Character.isSurrogate((char) ch)).count() % 2)
            .isZero();
        text.append(part);
      }
      text.append(stream.finish());
      String whole = tokenizer.decodeSkippingSpecial(ids);
      // A stream continues a text, so it keeps the first space, which some decoders drop.
      assertThat(text.toString().replaceFirst("^ ", "")).isEqualTo(whole.replaceFirst("^ ", ""));
    }
    assertThat(start).isNotEmpty();
  }

  @Test
  void aCharacterOfSeveralTokensAppearsWhole() {
    Tokenizer tokenizer = TestFiles.tokenizer("llava-llama");
    TextStream stream = tokenizer.stream();
    int dog = tokenizer.id("▁dog").orElseThrow();
    assertThat(stream.push(dog)).isEqualTo(" dog");
    assertThat(stream.push(tokenizer.id("<0xF0>").orElseThrow())).isEmpty();
    assertThat(stream.push(tokenizer.id("<0x9F>").orElseThrow())).isEmpty();
    assertThat(stream.push(tokenizer.id("<0x90>").orElseThrow())).isEmpty();
    assertThat(stream.push(tokenizer.id("<0xB6>").orElseThrow())).isEqualTo("🐶");
    assertThat(stream.push(tokenizer.id("<0xE2>").orElseThrow())).isEmpty();
    assertThat(stream.push(dog)).isEqualTo("\uFFFD dog");
    assertThat(stream.push(tokenizer.id("<0xE2>").orElseThrow())).isEmpty();
    assertThat(stream.finish()).isEqualTo("\uFFFD");
    assertThat(stream.finish()).isEmpty();
  }

  @Test
  void aReaderSeesSpacesBytesAndNames() {
    Tokenizer llama = TestFiles.tokenizer("llava-llama");
    assertThat(llama.text(llama.id("▁dog").orElseThrow())).isEqualTo(" dog");
    assertThat(llama.text(llama.id("<0xE2>").orElseThrow())).isEqualTo("<0xE2>");
    assertThat(llama.text(llama.id("<0x0A>").orElseThrow())).isEqualTo("\n");
    assertThat(llama.text(1)).isEqualTo("<s>");
    Tokenizer qwen = TestFiles.tokenizer("llava-qwen2-siglip");
    assertThat(qwen.text(qwen.id("Ġare").orElseThrow())).isEqualTo(" are");
    assertThat(qwen.text(qwen.id("â").orElseThrow())).isEqualTo("<0xE2>");
    assertThat(qwen.text(qwen.id("<image>").orElseThrow())).isEqualTo("<image>");
    Tokenizer bert = TestFiles.tokenizer("bert-qa");
    assertThat(bert.text(bert.id("the").orElseThrow())).isEqualTo(" the");
    assertThat(bert.text(bert.id("?").orElseThrow())).isEqualTo("?");
    assertThat(Utf8.show(new byte[] {'a', (byte) 0xE2, (byte) 0x82})).isEqualTo("a<0xE2><0x82>");
  }

  @Test
  void specialIdsComeFromTheConfigurationFiles() {
    Tokenizer llama = TestFiles.tokenizer("llava-llama");
    assertThat(llama.bosId()).hasValue(1);
    assertThat(llama.padId()).hasValue(430);
    assertThat(llama.specialIds()).containsExactly(0, 1, 2, 429, 430);
    assertThat(llama.vocabularySize()).isEqualTo(431);
    assertThat(llama.specialToken("image_token")).contains("<image>");
    Tokenizer qwen = TestFiles.tokenizer("llava-qwen2-siglip");
    assertThat(qwen.bosId()).isEmpty();
    assertThat(qwen.padId()).hasValue(430);
    Tokenizer bert = TestFiles.tokenizer("bert-qa");
    assertThat(bert.bosId()).isEmpty();
    assertThat(bert.padId()).hasValue(0);
  }

  @Test
  void chatTextDoesNotGetASecondBos() {
    Tokenizer gemma = TestFiles.tokenizer("llava-gemma");
    assertThat(gemma.encodeChat("<bos>hello")).containsExactly(gemma.encode("hello"));
    assertThat(gemma.encodeChat("hello")).containsExactly(gemma.encode("hello"));
    assertThat(gemma.encode("<bos>hello")).hasSize(gemma.encode("hello").length + 1);
  }

  @Test
  void tokensThatOnlyTheConfigurationNamesAreAdded(@TempDir Path folder) throws IOException {
    copy("vicuna", folder);
    Files.writeString(folder.resolve("added_tokens.json"), "{\"<image>\": 429}");
    Tokenizer tokenizer = Tokenizer.load(folder);
    assertThat(tokenizer.encode("<image>", false)).containsExactly(429);
    assertThat(tokenizer.isSpecial(429)).isTrue();
    assertThat(tokenizer.vocabularySize()).isEqualTo(430);
  }

  @Test
  void nothingIsTruncatedAndOddTextIsSafe() {
    Tokenizer tokenizer = TestFiles.tokenizer("bert-qa");
    assertThat(tokenizer.encode("dog ".repeat(5000))).hasSize(5002);
    Tokenizer qwen = TestFiles.tokenizer("llava-qwen2-siglip");
    assertThat(qwen.encode("a\uD83Db")).containsExactly(qwen.encode("a\uFFFDb"));
    assertThat(qwen.decode(qwen.encode("nul \u0000 end"))).isEqualTo("nul \u0000 end");
    assertThat(qwen.encode("")).isEmpty();
    assertThat(qwen.decode(new int[0])).isEmpty();
  }

  @Test
  void anIdOutOfRangeIsRefusedByName() {
    Tokenizer tokenizer = TestFiles.tokenizer("llava-llama");
    for (int id : new int[] {-1, 431, Integer.MAX_VALUE}) {
      assertThatThrownBy(() -> tokenizer.decode(new int[] {1, id}))
          .isInstanceOf(LynceusException.class)
          .hasMessageContaining(Integer.toString(id));
    }
    assertThatThrownBy(() -> tokenizer.wordIds("  ")).isInstanceOf(LynceusException.class);
  }

  @Test
  void anAbsentTokenizerSaysWhatIsThereAndWhatToDo(@TempDir Path folder) throws IOException {
    assertThatThrownBy(() -> Tokenizer.load(folder.resolve("nowhere")))
        .hasMessageContaining("no checkpoint folder");
    Files.write(folder.resolve("tokenizer.model"), new byte[] {1});
    assertThatThrownBy(() -> Tokenizer.load(folder))
        .isInstanceOfSatisfying(
            LynceusException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.MODEL_NOT_FOUND);
              assertThat(e)
                  .hasMessageContaining("tokenizer.json")
                  .hasMessageContaining("tokenizer.model");
              assertThat(e.nextStep()).contains("save_pretrained");
            });
  }

  @Test
  void brokenFilesAreNamed(@TempDir Path folder) throws IOException {
    copy("llava-llama", folder);
    Path file = folder.resolve("tokenizer.json");
    String good = Files.readString(file);
    List<String> bad =
        List.of(
            good.substring(0, good.length() / 2),
            "[]",
            "",
            "{}",
            good.replace("\"merges\":[", "\"merges\":[[\"zz\",\"qq\"],"));
    for (String content : bad) {
      Files.writeString(file, content);
      assertThatThrownBy(() -> Tokenizer.load(folder))
          .isInstanceOfSatisfying(
              LynceusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_CHECKPOINT))
          .hasMessageContaining("tokenizer.json");
    }
    Files.writeString(file, good.replace("\"BPE\"", "\"Nothing\""));
    assertThatThrownBy(() -> Tokenizer.load(folder))
        .isInstanceOfSatisfying(
            LynceusException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_MODEL))
        .hasMessageContaining("Nothing");
    Files.writeString(file, good);
    Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": ");
    assertThatThrownBy(() -> Tokenizer.load(folder)).hasMessageContaining("generation_config.json");
  }

  private static void copy(String family, Path folder) throws IOException {
    for (String name :
        List.of("tokenizer.json", "tokenizer_config.json", "generation_config.json")) {
      Files.copy(TestFiles.path("tokenizers/" + family + "/" + name), folder.resolve(name));
    }
  }
}
