package dev.lynceus.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Texts that are done are kept, and nothing else is taken for them.
class TextLedgerTest {
  private static final LedgerKey KEY = LedgerKey.of("questions", "a");

  @TempDir private Path folder;

  private Path written() {
    Path file = folder.resolve("ledger.txt");
    try (TextLedger ledger = TextLedger.open(file, KEY)) {
      ledger.done(3, "{\"answer\":\"a # b\"}");
      ledger.done(7, "{}");
    }
    return file;
  }

  @Test
  void whatIsDoneIsKept() {
    try (TextLedger again = TextLedger.open(written(), KEY)) {
      assertThat(again.result(3)).contains("{\"answer\":\"a # b\"}");
      assertThat(again.result(7)).contains("{}");
      assertThat(again.result(1)).isEmpty();
      assertThat(again.notice()).isEmpty();
    }
  }

  @Test
  void aLastLineThatWasCutShortIsDropped() throws IOException {
    Path file = written();
    Files.writeString(file, "8 {\"ans", StandardOpenOption.APPEND);
    try (TextLedger again = TextLedger.open(file, KEY)) {
      assertThat(again.notice()).isPresent();
      assertThat(again.result(8)).isEmpty();
      again.done(8, "{}");
    }
    try (TextLedger again = TextLedger.open(file, KEY)) {
      assertThat(again.result(8)).contains("{}");
    }
  }

  @Test
  void alteredAndForeignLinesAreRefused() throws IOException {
    Path file = written();
    Files.writeString(file, Files.readString(file).replace("a # b", "a # c"));
    assertThatThrownBy(() -> TextLedger.open(file, KEY))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("line 2 of")
        .hasMessageContaining("does not match its checksum");
    Files.delete(file);
    Path other = written();
    assertThatThrownBy(() -> TextLedger.open(other, LedgerKey.of("questions", "b")))
        .hasMessageContaining("it differs in questions");
    assertThatThrownBy(() -> LedgerFile.open(other, KEY))
        .as("numbers are not read out of texts")
        .isInstanceOf(LynceusException.class);
  }
}
