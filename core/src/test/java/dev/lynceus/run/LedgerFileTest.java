package dev.lynceus.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A ledger gives back what was written for the same sweep, and nothing else.
class LedgerFileTest {
  private static final LedgerKey KEY =
      LedgerKey.of("the options", "trace of a dog\nseed 1").with("picture 1", "abc");

  @TempDir private Path folder;

  private Path written() {
    Path file = folder.resolve("sweep.txt");
    try (LedgerFile ledger = LedgerFile.open(file, KEY)) {
      ledger.done(0, new double[] {1.5, -2e-300});
      ledger.done(7, new double[] {0.1f, 3});
      ledger.flush();
    }
    return file;
  }

  private static LynceusException refused(Path file, LedgerKey key) {
    LynceusException refused =
        catchThrowableOfType(LynceusException.class, () -> LedgerFile.open(file, key).close());
    assertThat(refused).isNotNull();
    assertThat(refused.code()).isEqualTo(ErrorCode.BAD_REQUEST);
    return refused;
  }

  @Test
  void aKilledSweepGoesOnFromItsFile() throws IOException {
    Path file = written();
    // A line that a killed process left unfinished.
    Files.writeString(file, Files.readString(file) + "8 0.12");
    try (LedgerFile ledger = LedgerFile.open(file, KEY)) {
      assertThat(ledger.result(0)).contains(new double[] {1.5, -2e-300});
      assertThat(ledger.result(7)).contains(new double[] {0.1f, 3});
      assertThat(ledger.result(8)).isEmpty();
      assertThat(ledger.notice().orElse("")).contains("was cut short").contains(file.toString());
      ledger.done(8, new double[] {9, 9});
    }
    try (LedgerFile ledger = LedgerFile.open(file, KEY)) {
      assertThat(ledger.result(8)).contains(new double[] {9, 9});
      assertThat(ledger.result(0)).contains(new double[] {1.5, -2e-300});
      assertThat(ledger.notice()).isEmpty();
    }
  }

  @Test
  void everyCutIsGoneOnFrom() throws IOException {
    byte[] whole = Files.readAllBytes(written());
    int head = new String(whole, java.nio.charset.StandardCharsets.UTF_8).indexOf('\n') + 1;
    for (int cut = 0; cut <= whole.length; cut += 1 + cut % 7) {
      Path file = folder.resolve("cut");
      Files.write(file, java.util.Arrays.copyOf(whole, cut));
      try (LedgerFile ledger = LedgerFile.open(file, KEY)) {
        assertThat(ledger.result(7).isPresent())
            .as("cut at %d", cut)
            .isEqualTo(cut == whole.length);
        assertThat(ledger.notice().isPresent())
            .as("cut at %d", cut)
            .isEqualTo(cut > head && whole[cut - 1] != '\n');
      }
    }
  }

  @Test
  void anotherSweepIsRefusedByWhatDiffers() throws IOException {
    Path file = written();
    String before = Files.readString(file);
    assertThat(refused(file, LedgerKey.of("the options", "seed 2").with("picture 1", "abc")))
        .hasMessageContaining("does not hold results of this sweep: it differs in the options");
    assertThat(refused(file, KEY.with("picture 1", "abd"))).hasMessageEndingWith("in picture 1");
    assertThat(refused(file, KEY.with("mask 1 (--mask)", "x")))
        .hasMessageEndingWith("in mask 1 (--mask)");
    assertThat(Files.readString(file)).isEqualTo(before);
  }

  /// Lines that are whole, and not what was written: `LINE` is the third line, of replay 7.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0.1 -> 0.2 | does not match its checksum",
        "^7  -> 8  | does not match its checksum",
        "^7  -> -1  | is about replay -1",
        "^7  -> 999999  | does not match its checksum",
        "\\s3.0 -> | does not match its checksum",
        "3.0 -> NaN | not finite",
        "3.0 -> Infinity | not finite",
        "3.0 -> three | is no result",
        "\\s#.* -> | has no checksum",
        ".* -> 7 | has no checksum",
        ".* -> | is no result",
        ".$ -> x | does not match its checksum",
      })
  void anAlteredLineIsRefusedByItsNumber(String change, String reason) throws IOException {
    Path file = written();
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    String[] parts = change.split(" ?-> ?", -1);
    String from = change.startsWith("^7") ? "^7 " : parts[0].replace("'", "");
    String to = change.startsWith("^7") ? parts[1].strip() + " " : parts[1];
    String altered = lines.get(2).replaceFirst(from, to);
    assertThat(altered).as("the case alters").isNotEqualTo(lines.get(2));
    lines.set(2, altered);
    Files.write(file, lines);
    assertThat(refused(file, KEY))
        .hasMessageContaining("line 3 of " + file)
        .hasMessageContaining(reason.strip());
  }

  @Test
  void aLineOfAnotherLedgerIsRefused() throws IOException {
    Path file = written();
    Path other = folder.resolve("other");
    try (LedgerFile ledger = LedgerFile.open(other, KEY.with("picture 1", "xyz"))) {
      ledger.done(9, new double[] {1, 2});
    }
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    lines.add(Files.readAllLines(other).get(1));
    Files.write(file, lines);
    assertThat(refused(file, KEY)).hasMessageContaining("comes from another ledger");
    lines.set(3, lines.get(2));
    Files.write(file, lines);
    assertThat(refused(file, KEY)).hasMessageContaining("replay 7, as one before it is");
  }

  @Test
  void whatIsNoLedgerOfThisVersionIsRefused() throws IOException {
    Path old =
        Files.writeString(
            folder.resolve("old"), "lynceus-sweep-1 ablate layer zero all pupil\n0 1 2 3\n");
    assertThat(refused(old, KEY)).hasMessageContaining("older Lynceus");
    Path letter = Files.writeString(folder.resolve("letter.txt"), "Dear diary");
    assertThat(refused(letter, KEY)).hasMessageContaining("is no ledger");
    assertThat(letter).hasContent("Dear diary");
    assertThat(refused(folder, KEY)).hasMessageContaining("is no regular file");
    assertThat(refused(Path.of("/dev/zero"), KEY)).hasMessageContaining("is no regular file");
    Path file = written();
    Files.writeString(file, Files.readString(file).replaceFirst("abc", "abd"));
    assertThat(refused(file, KEY)).hasMessageContaining("line 1 of " + file + " was altered");
  }

  @Test
  void twoSweepsDoNotShareALedger() {
    Path file = written();
    LedgerFile first = LedgerFile.open(file, KEY);
    assertThat(refused(file, KEY)).hasMessageContaining("in use by another sweep");
    first.close();
    LedgerFile.open(file, KEY).close();
  }

  @Test
  void whatIsNotFiniteIsMadeAgain() throws IOException {
    Path file = folder.resolve("nan");
    try (LedgerFile ledger = LedgerFile.open(file, KEY)) {
      ledger.done(0, new double[] {Double.NaN});
      assertThat(ledger.result(0)).as("in this sweep it is known").isPresent();
    }
    try (LedgerFile ledger = LedgerFile.open(file, KEY)) {
      assertThat(ledger.result(0)).isEmpty();
    }
  }

  @Test
  void theKeyOfAModelSeesEveryByteOfItsWeights() throws IOException {
    Path weights =
        TinyModels.write(folder.resolve("m"), TinyModels.Family.LLAMA, 3)
            .resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    String before = contents();
    assertThat(contents()).as("the same twice").isEqualTo(before);
    // In the middle of a tensor, where a quick fingerprint does not look.
    bytes[bytes.length / 2] ^= 1;
    Files.write(weights, bytes);
    assertThat(contents()).isNotEqualTo(before);
    bytes[bytes.length / 2] ^= 1;
    Files.write(weights, bytes);
    assertThat(contents()).isEqualTo(before);
    Files.writeString(
        weights.resolveSibling("config.json"),
        Files.readString(weights.resolveSibling("config.json")) + " ");
    assertThat(contents()).isNotEqualTo(before);
  }

  private String contents() {
    try (LoadedModel model = LoadedModel.load(folder.resolve("m"), LoadOptions.DEFAULT)) {
      return LedgerKey.of(model).parts().toString();
    }
  }

  @Test
  void theVersionChangesWithTheCode() throws IOException {
    String here = CodeDigest.of(LedgerFile.class);
    assertThat(here).matches("[0-9a-f]{64}").isEqualTo(CodeDigest.of(LoadedModel.class));
    assertThat(CodeDigest.of(Tensor.class, LedgerFile.class)).isNotEqualTo(here);
    assertThatThrownBy(() -> LedgerFile.open(folder.resolve("no/such"), KEY))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("there is no folder");
  }
}
