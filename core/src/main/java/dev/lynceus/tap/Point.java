package dev.lynceus.tap;

import static dev.lynceus.tap.Axis.BATCH;
import static dev.lynceus.tap.Axis.CHANNEL;
import static dev.lynceus.tap.Axis.HEAD;
import static dev.lynceus.tap.Axis.HEAD_WIDTH;
import static dev.lynceus.tap.Axis.HEIGHT;
import static dev.lynceus.tap.Axis.INNER;
import static dev.lynceus.tap.Axis.KEY_HEAD;
import static dev.lynceus.tap.Axis.MODEL;
import static dev.lynceus.tap.Axis.ONE;
import static dev.lynceus.tap.Axis.POSITION;
import static dev.lynceus.tap.Axis.ROTATED;
import static dev.lynceus.tap.Axis.SOURCE;
import static dev.lynceus.tap.Axis.VOCABULARY;
import static dev.lynceus.tap.Axis.WIDTH;

import java.util.List;

/// The table of all places that can be seen or changed. Documents, the `models taps` command and
/// the tests are made from it. Names of the language model are those that researchers know from
/// TransformerLens; the tower and the projector have a prefix of their own.
///
/// A name holds `{l}` where the layer number goes. [PointNames] reads names, shorthand and aliases.
public enum Point {
  // spotless:off: a table, one line a point
  // ---- language model ---------------------------------------------------------------------------
  EMBED("hook_embed", Cost.FREE, true, "token embeddings, before visual tokens replace placeholders", BATCH, POSITION, MODEL),
  EMBED_MERGED("embed.hook_merged", Cost.FREE, true, "input of the first layer: text and visual tokens in place, scaled where the model scales", BATCH, POSITION, MODEL),
  ROTARY_COS("rotary.hook_cos", Cost.FREE, true, "cosines of the rotary position encoding", BATCH, POSITION, ROTATED),
  ROTARY_SIN("rotary.hook_sin", Cost.FREE, true, "sines of the rotary position encoding", BATCH, POSITION, ROTATED),
  RESID_PRE("blocks.{l}.hook_resid_pre", Cost.FREE, true, "residual stream entering the layer", BATCH, POSITION, MODEL),
  ATTN_IN("blocks.{l}.hook_attn_in", Cost.FREE, true, "copy of the residual stream that the attention branch reads", BATCH, POSITION, MODEL),
  LN1_SCALE("blocks.{l}.ln1.hook_scale", Cost.EXTRA, false, "root mean square (with epsilon) that the attention norm divides by", BATCH, POSITION, ONE),
  LN1_NORMALIZED("blocks.{l}.ln1.hook_normalized", Cost.EXTRA, true, "what the attention norm has divided, before its weight", BATCH, POSITION, MODEL),
  LN1_OUT("blocks.{l}.ln1.hook_out", Cost.FREE, true, "output of the attention norm, weight included", BATCH, POSITION, MODEL),
  Q_INPUT("blocks.{l}.hook_q_input", Cost.EXTRA, true, "copy of the residual stream, before the norm, that the queries alone are made from", BATCH, POSITION, MODEL),
  K_INPUT("blocks.{l}.hook_k_input", Cost.EXTRA, true, "copy of the residual stream, before the norm, that the keys alone are made from", BATCH, POSITION, MODEL),
  V_INPUT("blocks.{l}.hook_v_input", Cost.EXTRA, true, "copy of the residual stream, before the norm, that the values alone are made from", BATCH, POSITION, MODEL),
  Q_IN("blocks.{l}.attn.q.hook_in", Cost.FREE, true, "normalised input of the query projection alone", BATCH, POSITION, MODEL),
  K_IN("blocks.{l}.attn.k.hook_in", Cost.FREE, true, "normalised input of the key projection alone", BATCH, POSITION, MODEL),
  V_IN("blocks.{l}.attn.v.hook_in", Cost.FREE, true, "normalised input of the value projection alone", BATCH, POSITION, MODEL),
  Q("blocks.{l}.attn.hook_q", Cost.FREE, true, "queries as projected, before rotation and any norm of their own", BATCH, POSITION, HEAD, HEAD_WIDTH),
  K("blocks.{l}.attn.hook_k", Cost.FREE, true, "keys as projected, before rotation and any norm of their own", BATCH, POSITION, KEY_HEAD, HEAD_WIDTH),
  V("blocks.{l}.attn.hook_v", Cost.FREE, true, "values", BATCH, POSITION, KEY_HEAD, HEAD_WIDTH),
  Q_NORM("blocks.{l}.attn.q_norm.hook_out", Cost.FREE, true, "queries after the norm that each head has for them (Qwen3)", BATCH, POSITION, HEAD, HEAD_WIDTH),
  K_NORM("blocks.{l}.attn.k_norm.hook_out", Cost.FREE, true, "keys after the norm that each head has for them (Qwen3)", BATCH, POSITION, KEY_HEAD, HEAD_WIDTH),
  ROT_Q("blocks.{l}.attn.hook_rot_q", Cost.FREE, true, "queries after rotation", BATCH, POSITION, HEAD, HEAD_WIDTH),
  ROT_K("blocks.{l}.attn.hook_rot_k", Cost.FREE, true, "keys after rotation", BATCH, POSITION, KEY_HEAD, HEAD_WIDTH),
  ATTN_SCORES("blocks.{l}.attn.hook_attn_scores", Cost.ROWS, true, "scaled scores with the mask added, before the softmax", BATCH, HEAD, POSITION, SOURCE),
  PATTERN("blocks.{l}.attn.hook_pattern", Cost.ROWS, true, "attention probabilities", BATCH, HEAD, POSITION, SOURCE),
  Z("blocks.{l}.attn.hook_z", Cost.FREE, true, "output of each head before the output projection", BATCH, POSITION, HEAD, HEAD_WIDTH),
  RESULT("blocks.{l}.attn.hook_result", Cost.EXTRA, true, "what each head adds to the residual stream", BATCH, POSITION, HEAD, MODEL),
  ATTN_OUT("blocks.{l}.hook_attn_out", Cost.FREE, true, "output of the attention", BATCH, POSITION, MODEL),
  RESID_MID("blocks.{l}.hook_resid_mid", Cost.FREE, true, "residual stream between attention and feed-forward network", BATCH, POSITION, MODEL),
  MLP_IN("blocks.{l}.hook_mlp_in", Cost.FREE, true, "copy of the residual stream that the feed-forward branch reads", BATCH, POSITION, MODEL),
  LN2_SCALE("blocks.{l}.ln2.hook_scale", Cost.EXTRA, false, "root mean square (with epsilon) that the feed-forward norm divides by", BATCH, POSITION, ONE),
  LN2_NORMALIZED("blocks.{l}.ln2.hook_normalized", Cost.EXTRA, true, "what the feed-forward norm has divided, before its weight", BATCH, POSITION, MODEL),
  LN2_OUT("blocks.{l}.ln2.hook_out", Cost.FREE, true, "output of the feed-forward norm, weight included", BATCH, POSITION, MODEL),
  MLP_PRE("blocks.{l}.mlp.hook_pre", Cost.FREE, true, "gate projection before its activation function", BATCH, POSITION, INNER),
  MLP_GATE("blocks.{l}.mlp.hook_gate", Cost.FREE, true, "gate projection after its activation function", BATCH, POSITION, INNER),
  MLP_PRE_LINEAR("blocks.{l}.mlp.hook_pre_linear", Cost.FREE, true, "up projection", BATCH, POSITION, INNER),
  MLP_POST("blocks.{l}.mlp.hook_post", Cost.FREE, true, "coefficients of the neurons: activated gate times up projection", BATCH, POSITION, INNER),
  MLP_OUT("blocks.{l}.hook_mlp_out", Cost.FREE, true, "output of the feed-forward network", BATCH, POSITION, MODEL),
  RESID_POST("blocks.{l}.hook_resid_post", Cost.FREE, true, "residual stream leaving the layer", BATCH, POSITION, MODEL),
  LN_FINAL_SCALE("ln_final.hook_scale", Cost.EXTRA, false, "root mean square (with epsilon) that the last norm divides by", BATCH, POSITION, ONE),
  LN_FINAL_NORMALIZED("ln_final.hook_normalized", Cost.EXTRA, true, "what the last norm has divided, before its weight", BATCH, POSITION, MODEL),
  LN_FINAL_OUT("ln_final.hook_out", Cost.FREE, true, "output of the last norm, weight included", BATCH, POSITION, MODEL),
  LOGITS("hook_logits", Cost.EXTRA, true, "scores of the vocabulary; all rows only if asked for, else the last row", BATCH, POSITION, VOCABULARY),

  // ---- vision tower -----------------------------------------------------------------------------
  VISION_PIXELS("vision.hook_pixels", Cost.FREE, true, "pixels after resizing, cropping and normalising", BATCH, CHANNEL, HEIGHT, WIDTH),
  VISION_PATCH_EMBED("vision.hook_patch_embed", Cost.FREE, true, "patch embeddings, before the class token and positions", BATCH, POSITION, MODEL),
  VISION_POS_EMBED("vision.hook_pos_embed", Cost.FREE, true, "position embeddings", ONE, POSITION, MODEL),
  VISION_EMBED("vision.hook_embed", Cost.FREE, true, "patches with class token and positions added", BATCH, POSITION, MODEL),
  VISION_LN_PRE("vision.ln_pre.hook_out", Cost.FREE, true, "output of the norm before the first layer (CLIP)", BATCH, POSITION, MODEL),
  VISION_RESID_PRE("vision.blocks.{l}.hook_resid_pre", Cost.FREE, true, "residual stream entering the tower's layer", BATCH, POSITION, MODEL),
  VISION_LN1_SCALE("vision.blocks.{l}.ln1.hook_scale", Cost.EXTRA, false, "standard deviation (with epsilon) that the attention norm divides by", BATCH, POSITION, ONE),
  VISION_LN1_NORMALIZED("vision.blocks.{l}.ln1.hook_normalized", Cost.EXTRA, true, "what the attention norm has centred and divided, before its weight and bias", BATCH, POSITION, MODEL),
  VISION_LN1_OUT("vision.blocks.{l}.ln1.hook_out", Cost.FREE, true, "output of the attention norm", BATCH, POSITION, MODEL),
  VISION_Q("vision.blocks.{l}.attn.hook_q", Cost.FREE, true, "queries", BATCH, POSITION, HEAD, HEAD_WIDTH),
  VISION_K("vision.blocks.{l}.attn.hook_k", Cost.FREE, true, "keys", BATCH, POSITION, HEAD, HEAD_WIDTH),
  VISION_V("vision.blocks.{l}.attn.hook_v", Cost.FREE, true, "values", BATCH, POSITION, HEAD, HEAD_WIDTH),
  VISION_ATTN_SCORES("vision.blocks.{l}.attn.hook_attn_scores", Cost.ROWS, true, "scaled scores before the softmax", BATCH, HEAD, POSITION, SOURCE),
  VISION_PATTERN("vision.blocks.{l}.attn.hook_pattern", Cost.ROWS, true, "attention probabilities", BATCH, HEAD, POSITION, SOURCE),
  VISION_Z("vision.blocks.{l}.attn.hook_z", Cost.FREE, true, "output of each head before the output projection", BATCH, POSITION, HEAD, HEAD_WIDTH),
  VISION_RESULT("vision.blocks.{l}.attn.hook_result", Cost.EXTRA, true, "what each head adds to the residual stream, without the bias", BATCH, POSITION, HEAD, MODEL),
  VISION_ATTN_OUT("vision.blocks.{l}.hook_attn_out", Cost.FREE, true, "output of the attention", BATCH, POSITION, MODEL),
  VISION_RESID_MID("vision.blocks.{l}.hook_resid_mid", Cost.FREE, true, "residual stream between attention and feed-forward network", BATCH, POSITION, MODEL),
  VISION_LN2_SCALE("vision.blocks.{l}.ln2.hook_scale", Cost.EXTRA, false, "standard deviation (with epsilon) that the feed-forward norm divides by", BATCH, POSITION, ONE),
  VISION_LN2_NORMALIZED("vision.blocks.{l}.ln2.hook_normalized", Cost.EXTRA, true, "what the feed-forward norm has centred and divided, before its weight and bias", BATCH, POSITION, MODEL),
  VISION_LN2_OUT("vision.blocks.{l}.ln2.hook_out", Cost.FREE, true, "output of the feed-forward norm", BATCH, POSITION, MODEL),
  VISION_MLP_PRE("vision.blocks.{l}.mlp.hook_pre", Cost.FREE, true, "neurons before the activation function", BATCH, POSITION, INNER),
  VISION_MLP_POST("vision.blocks.{l}.mlp.hook_post", Cost.FREE, true, "neurons after the activation function", BATCH, POSITION, INNER),
  VISION_MLP_OUT("vision.blocks.{l}.hook_mlp_out", Cost.FREE, true, "output of the feed-forward network", BATCH, POSITION, MODEL),
  VISION_RESID_POST("vision.blocks.{l}.hook_resid_post", Cost.FREE, true, "residual stream leaving the tower's layer", BATCH, POSITION, MODEL),
  VISION_LN_POST("vision.ln_post.hook_out", Cost.FREE, true, "output of the norm after the last layer (Idefics3, SmolVLM)", BATCH, POSITION, MODEL),
  VISION_FEATURES("vision.hook_features", Cost.FREE, true, "features that the projector reads: chosen layer, chosen positions", BATCH, POSITION, MODEL),

  // ---- projector and merge ----------------------------------------------------------------------
  PROJECTOR_PRE("projector.hook_pre", Cost.FREE, true, "first projection before the activation function", BATCH, POSITION, INNER),
  PROJECTOR_POST("projector.hook_post", Cost.FREE, true, "first projection after the activation function", BATCH, POSITION, INNER),
  PROJECTOR_OUT("projector.hook_out", Cost.FREE, true, "visual tokens in the language model's width, one batch entry for each view", BATCH, POSITION, MODEL),
  PROJECTOR_PACKED("projector.hook_packed", Cost.FREE, true, "visual tokens of all pictures in the order of the prompt: tiles put together, padding cut, line breaks in place", ONE, POSITION, MODEL);
  // spotless:on

  /// What seeing a point costs.
  public enum Cost {
    /// The model computes it anyway; seeing it costs the memory to keep it.
    FREE("free"),
    /// Attention is fused: the rows that are asked for are computed once more; a change needs the
    /// whole matrix.
    ROWS("rows asked for"),
    /// Computed only when asked for.
    EXTRA("computed when asked for");

    private final String label;

    Cost(String label) {
      this.label = label;
    }

    /// How tables call it.
    public String label() {
      return label;
    }
  }

  /// The part of the model that a point belongs to.
  public enum Part {
    TEXT,
    VISION,
    PROJECTOR
  }

  private final String template;
  private final Cost cost;
  private final boolean writable;
  private final String meaning;
  private final List<Axis> axes;

  Point(String template, Cost cost, boolean writable, String meaning, Axis... axes) {
    this.template = template;
    this.cost = cost;
    this.writable = writable;
    this.meaning = meaning;
    this.axes = List.of(axes);
  }

  /// Name with `{l}` in place of the layer.
  public String template() {
    return template;
  }

  /// Name at a layer; the layer is ignored by points that exist once.
  public String name(int layer) {
    return template.replace("{l}", Integer.toString(layer));
  }

  /// Whether this point exists once per layer.
  public boolean perLayer() {
    return template.contains("{l}");
  }

  /// Whether it comes after the last layer of the language model.
  public boolean afterLayers() {
    return switch (this) {
      case LN_FINAL_SCALE, LN_FINAL_NORMALIZED, LN_FINAL_OUT, LOGITS -> true;
      default -> false;
    };
  }

  /// What it costs to see it.
  public Cost cost() {
    return cost;
  }

  /// Whether interventions may change it.
  public boolean writable() {
    return writable;
  }

  /// What it is, in a few words.
  public String meaning() {
    return meaning;
  }

  /// Its dimensions, in order.
  public List<Axis> axes() {
    return axes;
  }

  /// Index of a dimension, -1 if the point does not have it.
  public int axis(Axis axis) {
    return axes.indexOf(axis);
  }

  /// Index of the head dimension (of query or of key heads), -1 if there is none.
  public int headAxis() {
    return Math.max(axis(HEAD), axis(KEY_HEAD));
  }

  /// The part of the model it belongs to.
  public Part part() {
    if (template.startsWith("vision.")) {
      return Part.VISION;
    }
    return template.startsWith("projector.") ? Part.PROJECTOR : Part.TEXT;
  }

  /// Its shape in symbols, for example `[batch, pos, d_model]`.
  public String shape() {
    return "[" + String.join(", ", axes.stream().map(Axis::symbol).toList()) + "]";
  }
}
