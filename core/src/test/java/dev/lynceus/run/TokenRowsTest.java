package dev.lynceus.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tensor.file.StoredTensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Ids beyond the rows of the embedding: a placeholder of pictures needs none, a word does.
class TokenRowsTest {
  @TempDir private Path folder;

  @Test
  void thePlaceholderNeedsNoRow() throws IOException {
    Path usual = TinyModels.write(folder.resolve("usual"), Family.LLAVA_CLIP, 7);
    Path beyond = TinyModels.write(folder.resolve("beyond"), Family.LLAVA_CLIP, 7);
    replace(beyond.resolve("config.json"), "\"image_token_index\": 4", "\"image_token_index\": 64");
    replace(
        beyond.resolve("tokenizer.json"),
        "\"id\": 4, \"content\": \"<image>\"",
        "\"id\": 64, \"content\": \"<image>\"");
    replace(beyond.resolve("tokenizer.json"), "\"<image>\":4", "\"<image>\":64");
    assertThat(logits(beyond)).containsExactly(logits(usual));
  }

  private static float[] logits(Path checkpoint) {
    try (LoadedModel model = LoadedModel.load(checkpoint, LoadOptions.DEFAULT);
        Run run =
            model.run(TinyModels.prompt(model, Family.LLAVA_CLIP, "what color", 3), Capture.NONE)) {
      return run.logits().reshape(-1).toFloats();
    }
  }

  @Test
  void aWordBeyondTheRowsIsRefusedByName() throws IOException {
    int rows = 40;
    Path checkpoint =
        TinyModels.write(
            folder,
            Family.LLAMA,
            7,
            tensors -> {
              for (String name : List.of("model.embed_tokens.weight", "lm_head.weight")) {
                MemorySegment data = tensors.get(name).data();
                tensors.put(
                    name,
                    new StoredTensor(
                        tensors.get(name).dtype(),
                        new long[] {rows, TinyModels.WIDTH},
                        data.asSlice(0, 4L * rows * TinyModels.WIDTH)));
              }
            });
    replace(checkpoint.resolve("config.json"), "\"vocab_size\": 64", "\"vocab_size\": 40");
    String last = TinyModels.WORDS.get(rows - 5);
    try (LoadedModel model = LoadedModel.load(checkpoint, LoadOptions.DEFAULT)) {
      model.run(model.raw("what color " + TinyModels.WORDS.get(rows - 6)), Capture.NONE).close();
      for (Runnable use :
          new Runnable[] {
            () -> model.raw("what color " + last), () -> model.tokenizer().wordIds(last)
          }) {
        LynceusException error = catchThrowableOfType(LynceusException.class, use::run);
        assertThat(error.code()).isEqualTo(ErrorCode.BAD_CHECKPOINT);
        assertThat(error).hasMessageContainingAll("'▁" + last + "'", "40", "rows 0 to 39");
      }
    }
  }

  private static void replace(Path file, String old, String other) throws IOException {
    String text = Files.readString(file);
    assertThat(text).contains(old);
    Files.writeString(file, text.replace(old, other));
  }
}
