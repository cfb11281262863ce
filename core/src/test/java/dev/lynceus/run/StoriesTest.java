package dev.lynceus.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lynceus.tap.Capture;
import dev.lynceus.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real trained model of 260 thousand parameters tells the story that its authors documented,
/// word for word.
class StoriesTest {
  @TempDir Path folder;

  private static Path shared() {
    for (Path root :
        List.of(
            Path.of(System.getProperty("lynceus.shared", "../../shared")),
            Path.of("../../shared"))) {
      Path found = root.resolve("data/stories260k");
      if (Files.isDirectory(found)) {
        return found;
      }
    }
    assumeTrue(false, "there is no data/stories260k in the shared data; see -Dlynceus.shared");
    throw new AssertionError("unreachable");
  }

  /// The text after the command of greedy sampling.
  private static String story(Path expected) throws IOException {
    String text = Files.readString(expected);
    int command = text.indexOf("-t 0.0\n");
    int start = command + "-t 0.0\n".length();
    return text.substring(start, text.indexOf("\n```", start));
  }

  @Test
  void theDocumentedStoryComesOut() throws IOException {
    Path data = shared();
    Path checkpoint =
        StoriesCheckpoint.convert(
            data.resolve("stories260K.bin"), data.resolve("tok512.bin"), folder);
    String expected = story(data.resolve("expected.md"));
    assertThat(expected).startsWith("Once upon a time").hasSizeGreaterThan(500);
    Torch.setThreads(1);
    try (LoadedModel model = LoadedModel.load(checkpoint, LoadOptions.DEFAULT)) {
      // The documented run has 256 tokens and began with the start token alone.
      Prompt start = model.raw("<s>");
      assertThat(start.ids()).containsExactly(1);
      try (Generation generation =
          model.generate(start, GenerationOptions.greedy(256), Capture.NONE)) {
        assertThat(generation.answer().text().strip()).isEqualTo(expected);
      }
      // From its first words the story goes on in the same way, so the tokenizer agrees with the
      // model's.
      String begun = "Once upon a time, there was a little girl named Lily. She loved";
      Prompt prompt = model.raw(begun);
      try (Generation generation =
          model.generate(prompt, GenerationOptions.greedy(257 - prompt.length()), Capture.NONE)) {
        assertThat(begun + generation.answer().text()).isEqualTo(expected);
      }
      int[] ids = model.tokenizer().encode("naïve 猫\n", false);
      assertThat(model.tokenizer().decode(ids)).isEqualTo("naïve 猫\n");
    }
  }
}
