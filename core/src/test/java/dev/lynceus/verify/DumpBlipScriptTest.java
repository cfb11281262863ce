package dev.lynceus.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the script for BLIP of docs/how-to/verify.md writes is what `models verify` compares.
class DumpBlipScriptTest {
  private static final Path WRITTEN = Path.of("src/test/resources/dump-blip");

  private static String script() throws IOException {
    List<String> blocks =
        Pattern.compile("(?s)```python\n(.*?)```")
            .matcher(Files.readString(Path.of("../docs/how-to/verify.md")))
            .results()
            .map((MatchResult block) -> block.group(1))
            .filter(block -> block.contains("dump_blip.py"))
            .toList();
    assertThat(blocks).hasSize(1);
    return blocks.getFirst();
  }

  @ParameterizedTest
  @ValueSource(strings = {"blip-vqa", "blip-caption"})
  void whatItWroteIsComparedAndEqual(String family) throws IOException, NoSuchAlgorithmException {
    Path written = WRITTEN.resolve(family);
    byte[] sum =
        MessageDigest.getInstance("SHA-256").digest(script().getBytes(StandardCharsets.UTF_8));
    assertThat(ReferenceFolder.json(written.resolve("expected.json")).path("script").asString())
        .as("written by another script than docs/how-to/verify.md has")
        .isEqualTo(HexFormat.of().formatHex(sum));
    VerificationReport report =
        Verification.run(
            Goldens.checkpoint(family),
            written,
            VerificationOptions.DEFAULT.pictures(Goldens.ROOT.resolve("images")));
    assertThat(report.checks())
        .allMatch(check -> check.verdict() == Verdict.PASS)
        .hasSizeGreaterThanOrEqualTo(29);
  }
}
