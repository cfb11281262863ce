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
import org.junit.jupiter.params.provider.CsvSource;

/// What the scripts of docs/how-to/verify.md for models that write no answers write is what `models
/// verify` compares.
class FurtherScriptsTest {
  private static final Path WRITTEN = Path.of("src/test/resources/dump-further");

  private static String script(String name) throws IOException {
    List<String> blocks =
        Pattern.compile("(?s)```python\n(.*?)```")
            .matcher(Files.readString(Path.of("../docs/how-to/verify.md")))
            .results()
            .map((MatchResult block) -> block.group(1))
            .filter(block -> block.contains(name))
            .toList();
    assertThat(blocks).hasSize(1);
    return blocks.getFirst();
  }

  @ParameterizedTest
  @CsvSource({"blip-itm,dump_match.py", "blip2-itm,dump_match.py", "vit-mae,dump_mae.py"})
  void whatItWroteIsComparedAndEqual(String family, String name)
      throws IOException, NoSuchAlgorithmException {
    Path written = WRITTEN.resolve(family);
    byte[] sum =
        MessageDigest.getInstance("SHA-256").digest(script(name).getBytes(StandardCharsets.UTF_8));
    assertThat(ReferenceFolder.json(written.resolve("expected.json")).path("script").asString())
        .as("written by another script than docs/how-to/verify.md has")
        .isEqualTo(HexFormat.of().formatHex(sum));
    VerificationReport report =
        Verification.run(
            Goldens.checkpoint(family),
            written,
            VerificationOptions.DEFAULT.pictures(Goldens.ROOT.resolve("images")));
    assertThat(report.checks())
        .allMatch(check -> check.verdict() == Verdict.PASS || check.name().equals(MaeStages.NOISE))
        .hasSizeGreaterThanOrEqualTo(17);
  }
}
