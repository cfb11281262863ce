package dev.lynceus.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A masked autoencoder against the reference, stage by stage, by the mask that its noise makes.
class MaeVerifyTest {
  @TempDir private Path folder;

  private static VerificationReport verify(Path checkpoint) {
    return Verification.run(checkpoint, Goldens.reference("vit-mae"), VerificationOptions.DEFAULT);
  }

  private static List<String> named(VerificationReport report, Verdict verdict) {
    return report.checks().stream()
        .filter(check -> check.verdict() == verdict)
        .map(Check::name)
        .toList();
  }

  @Test
  void everyStageAgrees() {
    VerificationReport report = verify(Goldens.checkpoint("vit-mae"));
    assertThat(named(report, Verdict.FAIL)).isEmpty();
    assertThat(named(report, Verdict.SKIPPED)).containsExactly("noise");
    assertThat(named(report, Verdict.PASS))
        .contains("vision.block_output.2", "decoder.block_output.1", "ids_restore", "composite")
        .hasSize(18);
  }

  /// Names as version 5 of the reference library writes them are read, too.
  @Test
  void bothLayoutsOfNames() {
    Path written =
        Goldens.copy("vit-mae")
            .names(name -> name.replace("decoder_layers.", "decoder_encoder.layer."))
            .write(folder.resolve("v5"));
    assertThat(named(verify(written), Verdict.FAIL)).isEmpty();
  }

  @Test
  void wrongReadingsFail() {
    Path shifted =
        Goldens.copy("vit-mae")
            .tensors("vit.embeddings.position_embeddings", table -> table.mul(1.01))
            .write(folder.resolve("shifted"));
    assertThat(named(verify(shifted), Verdict.FAIL)).contains("vision.block_output.0", "loss");
    Path later =
        Goldens.copy("vit-mae")
            .tensors("decoder.mask_token", token -> token.mul(0))
            .write(folder.resolve("later"));
    assertThat(named(verify(later), Verdict.FAIL))
        .contains("decoder.block_output.0", "logits")
        .doesNotContain("vision.last_hidden_state", "ids_keep");
    Path normalised =
        Goldens.copy("vit-mae")
            .json("config.json", json -> json.put("norm_pix_loss", true))
            .write(folder.resolve("normalised"));
    assertThat(named(verify(normalised), Verdict.FAIL))
        .containsExactlyInAnyOrder("loss", "patch_loss");
    Path fewer =
        Goldens.copy("vit-mae")
            .json("config.json", json -> json.put("mask_ratio", .5))
            .write(folder.resolve("fewer"));
    assertThat(named(verify(fewer), Verdict.FAIL)).contains("ids_keep", "mask", "logits");
  }

  @Test
  void settingsThatCannotBeAreRefused() {
    refused("mask_ratio", 1, ErrorCode.BAD_CHECKPOINT);
    refused("patch_size", 7, ErrorCode.BAD_CHECKPOINT);
    refused("decoder_num_attention_heads", 5, ErrorCode.BAD_CHECKPOINT);
    refused("num_channels", 4, ErrorCode.UNSUPPORTED_MODEL);
    refused("decoder_num_hidden_layers", 1, ErrorCode.BAD_CHECKPOINT);
  }

  private void refused(String key, int value, ErrorCode code) {
    Path odd =
        Goldens.copy("vit-mae")
            .json("config.json", json -> json.put(key, value))
            .write(folder.resolve(key));
    assertThatThrownBy(() -> verify(odd))
        .as(key)
        .isInstanceOfSatisfying(LynceusException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
