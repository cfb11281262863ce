package dev.lynceus.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.verify.Goldens;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Every way to write the name of a point leads to it, and a slip of the pen to the right
/// suggestion.
class PointNamesTest {
  static List<Point> points() {
    return Point.all();
  }

  /// A constant of [Point], or a site of the tower.
  private static Point point(String text) {
    if (text.startsWith("vision.")) {
      return Point.vision(Site.valueOf(text.substring("vision.".length())));
    }
    return text.startsWith("PROJECTOR_")
        ? Point.of(Stack.PROJECTOR, Site.valueOf(text.substring("PROJECTOR_".length())))
        : Point.of(Stack.DECODER, Site.valueOf(text));
  }

  @ParameterizedTest
  @MethodSource("points")
  void fullNamesResolve(Point point) {
    assertThat(PointNames.parse(point.name(7)).point()).isEqualTo(point);
    Optional<Integer> layer = point.perLayer() ? Optional.of(7) : Optional.empty();
    assertThat(PointNames.parse(point.name(7)).layer()).isEqualTo(layer);
    String everywhere = point.template().replace("{l}", "*");
    assertThat(PointNames.parse(everywhere))
        .isEqualTo(new PointNames.Address(point, Optional.empty()));
    assertThat(PointNames.parse("  " + everywhere + " ").point()).isEqualTo(point);
    if (point.stack() == Stack.DECODER && point.perLayer()) {
      assertThat(PointNames.parse("lm." + point.name(3)))
          .isEqualTo(new PointNames.Address(point, Optional.of(3)));
    }
  }

  @ParameterizedTest
  @MethodSource("points")
  void shorthandResolves(Point point) {
    String prefix = point.stack().prefix();
    String tail = point.template().substring(prefix.length()).replace("blocks.{l}.", "");
    assertThat(PointNames.shorthand(prefix + tail)).isEqualTo(point);
    assertThat(PointNames.parse(prefix + tail).point()).isEqualTo(point);
  }

  @ParameterizedTest
  @CsvSource({
    "resid_pre, RESID_PRE",
    "resid_mid, RESID_MID",
    "resid_post, RESID_POST",
    "attn_in, ATTN_IN",
    "attn_out, ATTN_OUT",
    "mlp_in, MLP_IN",
    "mlp_out, MLP_OUT",
    "q, Q",
    "k, K",
    "v, V",
    "z, Z",
    "rot_q, ROT_Q",
    "rot_k, ROT_K",
    "pattern, PATTERN",
    "attn_scores, ATTN_SCORES",
    "result, RESULT",
    "q_input, Q_INPUT",
    "k_input, K_INPUT",
    "v_input, V_INPUT",
    "attn.q_in, Q_IN",
    "attn.v_in, V_IN",
    "ln1_normalized, LN1_NORMALIZED",
    "ln1_out, LN1_OUT",
    "ln1_scale, LN1_SCALE",
    "ln2_normalized, LN2_NORMALIZED",
    "mlp_pre, MLP_PRE",
    "mlp_post, MLP_POST",
    "mlp_pre_linear, MLP_PRE_LINEAR",
    "gate, MLP_GATE",
    "ln_final_scale, LN_FINAL_SCALE",
    "ln_final_normalized, LN_FINAL_NORMALIZED",
    "embed, EMBED",
    "embed_merged, EMBED_MERGED",
    "rotary_cos, ROTARY_COS",
    "logits, LOGITS",
    "vision.z, vision.Z",
    "vision.resid_post, vision.RESID_POST",
    "vision.pattern, vision.PATTERN",
    "vision.ln1_scale, vision.LN1_SCALE",
    "vision.mlp_pre, vision.MLP_PRE",
    "vision.features, vision.FEATURES",
    "vision.pixels, vision.PIXELS",
    "vision.patch_embed, vision.PATCH_EMBED",
    "projector.out, PROJECTOR_OUT",
    "projector.pre, PROJECTOR_PRE",
    "projector.post, PROJECTOR_POST",
  })
  void shortNames(String name, String point) {
    assertThat(PointNames.shorthand(name)).isEqualTo(point(point));
  }

  @ParameterizedTest
  @CsvSource({
    "model.layers.5.self_attn, ATTN_OUT, 5",
    "language_model.model.layers.0.self_attn.q_proj, Q, 0",
    "model.language_model.layers.11.mlp, MLP_OUT, 11",
    "model.layers.2, RESID_POST, 2",
    "model.layers.2.mlp.act_fn, MLP_GATE, 2",
    "model.layers.2.input_layernorm.weight, LN1_OUT, 2",
    "vision_tower.vision_model.encoder.layers.3.self_attn, vision.ATTN_OUT, 3",
    "model.vision_tower.encoder.layers.3.mlp.fc1, vision.MLP_PRE, 3",
    "model.embed_tokens, EMBED, -1",
    "language_model.model.norm, LN_FINAL_OUT, -1",
    "language_model.lm_head, LOGITS, -1",
    "multi_modal_projector, PROJECTOR_OUT, -1",
    "model.multi_modal_projector.linear_1, PROJECTOR_PRE, -1",
    "model.language_model.layers.3.post_feedforward_layernorm, MLP_OUT, 3",
    "rotary_local.hook_cos, LOCAL_COS, -1",
    "model.decoder.layers.3.self_attn_layer_norm, LN1_OUT, 3",
    "language_model.model.decoder.layers.3.fc1, MLP_PRE, 3",
    "model.decoder.final_layer_norm, LN_FINAL_OUT, -1",
    "model.decoder.layers.0.final_layer_norm, LN2_OUT, 0",
    "model.decoder.embed_positions, POS_EMBED, -1",
    "model.vision_tower.encoder.layer.2.layernorm_before, vision.LN1_OUT, 2",
    "model.multi_modal_projector.layer_norm, PROJECTOR_LN_IN, -1",
    "vision_tower.vision_model.embeddings.patch_embedding, vision.PATCH_EMBED, -1",
  })
  void moduleNames(String name, String point, int layer) {
    assertThat(PointNames.parse(name))
        .isEqualTo(
            new PointNames.Address(
                point(point), layer < 0 ? Optional.empty() : Optional.of(layer)));
  }

  /// Every module of BLIP's decoder, and of BERT, that has weights in its layers is a point of the
  /// decoder.
  @ParameterizedTest
  @CsvSource({
    "blip-vqa, text_decoder.bert.",
    "blip-caption, text_decoder.bert.",
    "bert-qa, bert.",
    "bert-mlm, bert.",
    "electra-qa, electra."
  })
  void modulesOfBert(String family, String before) {
    try (Checkpoint checkpoint = Checkpoint.open(Goldens.checkpoint(family))) {
      List<String> modules =
          checkpoint.names().stream()
              .filter(name -> name.startsWith(before + "encoder.layer.2."))
              .filter(name -> name.endsWith(".weight"))
              .map(name -> name.substring(0, name.length() - ".weight".length()))
              .toList();
      assertThat(modules).hasSizeGreaterThan(5);
      for (String module : modules) {
        PointNames.Address found = PointNames.parse(module);
        assertThat(found.point().stack()).as(module).isEqualTo(Stack.DECODER);
        assertThat(found.layer()).as(module).contains(2);
      }
    }
  }

  @Test
  void everyAliasLeadsBack() {
    int count = 0;
    for (Point point : Point.all()) {
      for (String alias : PointNames.aliases(point)) {
        assertThat(PointNames.parse(alias.replace("{l}", "4")).point()).as(alias).isEqualTo(point);
        count++;
      }
    }
    assertThat(count).isGreaterThan(25);
  }

  @ParameterizedTest
  @CsvSource({
    "blocks.5.hook_resid_prr, blocks.{l}.hook_resid_pre",
    "blocks.5.hook_residpre, blocks.{l}.hook_resid_pre",
    "block.5.hook_resid_post, blocks.{l}.hook_resid_post",
    "blocks.5.hook_resid_mids, blocks.{l}.hook_resid_mid",
    "blocks.0.attn.hook_patern, blocks.{l}.attn.hook_pattern",
    "blocks.0.attn.pattern, blocks.{l}.attn.hook_pattern",
    "blocks.*.atn.hook_z, blocks.{l}.attn.hook_z",
    "blocks.3.attn.hook_attn_score, blocks.{l}.attn.hook_attn_scores",
    "blocks.3.mlp.hook_prelinear, blocks.{l}.mlp.hook_pre_linear",
    "blocks.3.hook_mlp_outt, blocks.{l}.hook_mlp_out",
    "blocks.3.ln1.hook_normalised, blocks.{l}.ln1.hook_normalized",
    "ln_final.hook_normalised, ln_final.hook_normalized",
    "hook_logit, hook_logits",
    "hook_embeds, hook_embed",
    "resid_pr, resid_pre",
    "patern, pattern",
    "atn_out, attn_out",
    "vision.blocks.2.hook_resid_pst, vision.blocks.{l}.hook_resid_post",
    "visoin.hook_features, vision.hook_features",
    "projector.hook_ot, projector.hook_out",
  })
  void misspellings(String name, String suggestion) {
    LynceusException failure =
        catchThrowableOfType(LynceusException.class, () -> PointNames.parse(name));
    assertThat(failure.code()).isEqualTo(ErrorCode.BAD_POINT);
    assertThat(failure).hasMessage("there is no point '" + name + "'");
    assertThat(failure.nextStep()).startsWith("Did you mean " + suggestion + ",");
  }
}
