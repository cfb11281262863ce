package dev.lynceus.tensor.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Digests of contents see every byte, and the order and length of pieces.
class ContentDigestTest {
  @TempDir private Path folder;

  @Test
  void textsAndFilesHaveTheDigestsOfTheStandard() throws IOException {
    String abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assertThat(ContentDigest.of("abc")).isEqualTo(abc);
    assertThat(ContentDigest.of(Files.writeString(folder.resolve("f"), "abc"))).isEqualTo(abc);
  }

  @Test
  void aTreeSeesEveryPiece() {
    byte[] bytes = new byte[(33 << 20) + 5];
    MemorySegment memory = MemorySegment.ofArray(bytes);
    String zeros = ContentDigest.tree(memory);
    assertThat(ContentDigest.tree(memory.asSlice(0, bytes.length - 1))).isNotEqualTo(zeros);
    for (int at : new int[] {0, (16 << 20) - 1, 16 << 20, 20 << 20, bytes.length - 1}) {
      bytes[at] = 1;
      assertThat(ContentDigest.tree(memory)).as("byte %d", at).isNotEqualTo(zeros);
      bytes[at] = 0;
    }
    assertThat(ContentDigest.tree(memory)).isEqualTo(zeros);
  }
}
