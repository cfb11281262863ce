package dev.lynceus.tap;

import static dev.lynceus.tap.Axis.BATCH;
import static dev.lynceus.tap.Axis.CHANNEL;
import static dev.lynceus.tap.Axis.HEAD;
import static dev.lynceus.tap.Axis.HEAD_WIDTH;
import static dev.lynceus.tap.Axis.HEIGHT;
import static dev.lynceus.tap.Axis.INNER;
import static dev.lynceus.tap.Axis.JOINED;
import static dev.lynceus.tap.Axis.KEY_HEAD;
import static dev.lynceus.tap.Axis.MEMORY;
import static dev.lynceus.tap.Axis.MODEL;
import static dev.lynceus.tap.Axis.ONE;
import static dev.lynceus.tap.Axis.POSITION;
import static dev.lynceus.tap.Axis.ROTATED;
import static dev.lynceus.tap.Axis.SOURCE;
import static dev.lynceus.tap.Axis.VOCABULARY;
import static dev.lynceus.tap.Axis.WIDTH;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// The table of what can be seen or changed in a stack of layers, and around it. Names are those
/// that researchers know from TransformerLens; `{l}` stands for the layer. A [Point] is a site of
/// one stack; documents, the `models taps` command and the tests are made from this table.
public enum Site {
  // spotless:off: a table, one line a site
  // ---- before the layers
  PIXELS("hook_pixels", On.VISION, Phase.BEFORE, Cost.FREE, true, "pixels after resizing, cropping and normalising", BATCH, CHANNEL, HEIGHT, WIDTH),
  PATCH_EMBED("hook_patch_embed", On.VISION, Phase.BEFORE, Cost.FREE, true, "patch embeddings, before the class token and positions", BATCH, POSITION, MODEL),
  POS_EMBED("hook_pos_embed", On.PLACED, Phase.BEFORE, Cost.FREE, true, "learned position embeddings: of patches, the same in all views; of tokens (OPT, BLIP, BERT), which count real tokens", BATCH, POSITION, MODEL),
  TYPE_EMBED("hook_token_type_embed", On.DECODER, Phase.BEFORE, Cost.FREE, true, "learned embeddings of the text that a token belongs to: question or passage (BERT, ELECTRA, ALBERT)", BATCH, POSITION, MODEL),
  EMBED("hook_embed", On.LAYERED, Phase.BEFORE, Cost.FREE, true, "embeddings: of tokens, before visual tokens replace placeholders; of patches, with class token and positions added", BATCH, POSITION, MODEL),
  EMBED_MERGED("embed.hook_merged", On.DECODER, Phase.BEFORE, Cost.FREE, true, "input of the first layer: text and visual tokens in place, scaled where the model scales", BATCH, POSITION, MODEL),
  LN_PRE("ln_pre.hook_out", On.NORMED, Phase.BEFORE, Cost.FREE, true, "output of the norm before the first layer (CLIP, Q-Former, BLIP, BERT)", BATCH, POSITION, MODEL),
  ROTARY_COS("rotary.hook_cos", On.VARIED, Phase.BEFORE, Cost.FREE, true, "cosines of the rotary position encoding", BATCH, POSITION, ROTATED),
  ROTARY_SIN("rotary.hook_sin", On.VARIED, Phase.BEFORE, Cost.FREE, true, "sines of the rotary position encoding", BATCH, POSITION, ROTATED),
  LOCAL_COS("rotary_local.hook_cos", On.DECODER, Phase.BEFORE, Cost.FREE, true, "the cosines of layers with a sliding window, where they rotate otherwise than the others (Gemma 3)", BATCH, POSITION, ROTATED),
  LOCAL_SIN("rotary_local.hook_sin", On.DECODER, Phase.BEFORE, Cost.FREE, true, "the sines of layers with a sliding window, where they rotate otherwise than the others (Gemma 3)", BATCH, POSITION, ROTATED),
  // ---- in each layer
  RESID_PRE("blocks.{l}.hook_resid_pre", On.LAYERED, Phase.LAYER, Cost.FREE, true, "residual stream entering the layer", BATCH, POSITION, MODEL),
  ATTN_IN("blocks.{l}.hook_attn_in", On.LAYERED, Phase.LAYER, Cost.FREE, true, "copy of the residual stream that the attention branch reads", BATCH, POSITION, MODEL),
  LN1_SCALE("blocks.{l}.ln1.hook_scale", On.LAYERED, Phase.LAYER, Cost.EXTRA, false, "what the attention norm divides by, epsilon included: the root mean square, in a layer norm the standard deviation", BATCH, POSITION, ONE),
  LN1_NORMALIZED("blocks.{l}.ln1.hook_normalized", On.LAYERED, Phase.LAYER, Cost.EXTRA, true, "what the attention norm has divided, and centred where it centres, before its weight and bias", BATCH, POSITION, MODEL),
  LN1_OUT("blocks.{l}.ln1.hook_out", On.LAYERED, Phase.LAYER, Cost.FREE, true, "output of the attention norm, weight included", BATCH, POSITION, MODEL),
  Q_INPUT("blocks.{l}.hook_q_input", On.LAYERED, Phase.LAYER, Cost.EXTRA, true, "copy of the residual stream, before the norm, that the queries alone are made from", BATCH, POSITION, MODEL),
  K_INPUT("blocks.{l}.hook_k_input", On.LAYERED, Phase.LAYER, Cost.EXTRA, true, "copy of the residual stream, before the norm, that the keys alone are made from", BATCH, POSITION, MODEL),
  V_INPUT("blocks.{l}.hook_v_input", On.LAYERED, Phase.LAYER, Cost.EXTRA, true, "copy of the residual stream, before the norm, that the values alone are made from", BATCH, POSITION, MODEL),
  Q_IN("blocks.{l}.attn.q.hook_in", On.LAYERED, Phase.LAYER, Cost.FREE, true, "normalised input of the query projection alone", BATCH, POSITION, MODEL),
  K_IN("blocks.{l}.attn.k.hook_in", On.LAYERED, Phase.LAYER, Cost.FREE, true, "normalised input of the key projection alone", BATCH, POSITION, MODEL),
  V_IN("blocks.{l}.attn.v.hook_in", On.LAYERED, Phase.LAYER, Cost.FREE, true, "normalised input of the value projection alone", BATCH, POSITION, MODEL),
  Q("blocks.{l}.attn.hook_q", On.LAYERED, Phase.LAYER, Cost.FREE, true, "queries as projected, before rotation and any norm of their own", BATCH, POSITION, HEAD, HEAD_WIDTH),
  K("blocks.{l}.attn.hook_k", On.LAYERED, Phase.LAYER, Cost.FREE, true, "keys as projected, before rotation and any norm of their own", BATCH, POSITION, KEY_HEAD, HEAD_WIDTH),
  V("blocks.{l}.attn.hook_v", On.LAYERED, Phase.LAYER, Cost.FREE, true, "values", BATCH, POSITION, KEY_HEAD, HEAD_WIDTH),
  Q_NORM("blocks.{l}.attn.q_norm.hook_out", On.VARIED, Phase.LAYER, Cost.FREE, true, "queries after the norm that each head has for them (Qwen3, Gemma 3)", BATCH, POSITION, HEAD, HEAD_WIDTH),
  K_NORM("blocks.{l}.attn.k_norm.hook_out", On.VARIED, Phase.LAYER, Cost.FREE, true, "keys after the norm that each head has for them (Qwen3, Gemma 3)", BATCH, POSITION, KEY_HEAD, HEAD_WIDTH),
  ROT_Q("blocks.{l}.attn.hook_rot_q", On.VARIED, Phase.LAYER, Cost.FREE, true, "queries after rotation", BATCH, POSITION, HEAD, HEAD_WIDTH),
  ROT_K("blocks.{l}.attn.hook_rot_k", On.VARIED, Phase.LAYER, Cost.FREE, true, "keys after rotation", BATCH, POSITION, KEY_HEAD, HEAD_WIDTH),
  ATTN_SCORES("blocks.{l}.attn.hook_attn_scores", On.LAYERED, Phase.LAYER, Cost.ROWS, true, "scaled scores with the mask added, before the softmax", BATCH, HEAD, POSITION, SOURCE),
  PATTERN("blocks.{l}.attn.hook_pattern", On.LAYERED, Phase.LAYER, Cost.ROWS, true, "attention probabilities", BATCH, HEAD, POSITION, SOURCE),
  Z("blocks.{l}.attn.hook_z", On.LAYERED, Phase.LAYER, Cost.FREE, true, "output of each head before the output projection", BATCH, POSITION, HEAD, HEAD_WIDTH),
  RESULT("blocks.{l}.attn.hook_result", On.LAYERED, Phase.LAYER, Cost.EXTRA, true, "what each head adds to the output of the attention, without the bias", BATCH, POSITION, HEAD, MODEL),
  LN1_POST_IN("blocks.{l}.ln1_post.hook_in", On.DECODER, Phase.LAYER, Cost.FREE, true, "output of the attention before the norm behind it (Gemma 3)", BATCH, POSITION, MODEL),
  LN1_POST_SCALE("blocks.{l}.ln1_post.hook_scale", On.DECODER, Phase.LAYER, Cost.EXTRA, false, "root mean square (with epsilon) that the norm behind the attention divides by (Gemma 3)", BATCH, POSITION, ONE),
  LN1_POST_NORMALIZED("blocks.{l}.ln1_post.hook_normalized", On.DECODER, Phase.LAYER, Cost.EXTRA, true, "what that norm has divided, before its weight (Gemma 3)", BATCH, POSITION, MODEL),
  ATTN_OUT("blocks.{l}.hook_attn_out", On.LAYERED, Phase.LAYER, Cost.FREE, true, "what the attention adds to the residual stream: its output, through the norm behind it where there is one", BATCH, POSITION, MODEL),
  RESID_MID("blocks.{l}.hook_resid_mid", On.LAYERED, Phase.LAYER, Cost.FREE, true, "residual stream between attention and feed-forward network", BATCH, POSITION, MODEL),
  CROSS_IN("blocks.{l}.hook_cross_in", On.CROSSED, Phase.LAYER, Cost.FREE, true, "copy of the residual stream that the cross-attention reads", BATCH, POSITION, MODEL),
  CROSS_Q("blocks.{l}.cross.hook_q", On.CROSSED, Phase.LAYER, Cost.FREE, true, "queries of the cross-attention", BATCH, POSITION, HEAD, HEAD_WIDTH),
  CROSS_K("blocks.{l}.cross.hook_k", On.CROSSED, Phase.LAYER, Cost.FREE, true, "keys of the cross-attention, made from what left the earlier stack", BATCH, MEMORY, KEY_HEAD, HEAD_WIDTH),
  CROSS_V("blocks.{l}.cross.hook_v", On.CROSSED, Phase.LAYER, Cost.FREE, true, "values of the cross-attention, made from what left the earlier stack", BATCH, MEMORY, KEY_HEAD, HEAD_WIDTH),
  CROSS_SCORES("blocks.{l}.cross.hook_attn_scores", On.CROSSED, Phase.LAYER, Cost.ROWS, true, "scaled scores of the cross-attention, before the softmax", BATCH, HEAD, POSITION, MEMORY),
  CROSS_PATTERN("blocks.{l}.cross.hook_pattern", On.CROSSED, Phase.LAYER, Cost.ROWS, true, "probabilities of the cross-attention", BATCH, HEAD, POSITION, MEMORY),
  CROSS_Z("blocks.{l}.cross.hook_z", On.CROSSED, Phase.LAYER, Cost.FREE, true, "output of each head of the cross-attention before its output projection", BATCH, POSITION, HEAD, HEAD_WIDTH),
  CROSS_RESULT("blocks.{l}.cross.hook_result", On.CROSSED, Phase.LAYER, Cost.EXTRA, true, "what each head of the cross-attention adds to the residual stream, without the bias", BATCH, POSITION, HEAD, MODEL),
  CROSS_OUT("blocks.{l}.hook_cross_out", On.CROSSED, Phase.LAYER, Cost.FREE, true, "output of the cross-attention", BATCH, POSITION, MODEL),
  LN_CROSS_SCALE("blocks.{l}.ln_cross.hook_scale", On.CROSSED, Phase.LAYER, Cost.EXTRA, false, "what the norm of the cross-attention divides by, epsilon included", BATCH, POSITION, ONE),
  LN_CROSS_NORMALIZED("blocks.{l}.ln_cross.hook_normalized", On.CROSSED, Phase.LAYER, Cost.EXTRA, true, "what the norm of the cross-attention has centred and divided, before its weight and bias", BATCH, POSITION, MODEL),
  LN_CROSS_OUT("blocks.{l}.ln_cross.hook_out", On.CROSSED, Phase.LAYER, Cost.FREE, true, "output of the norm of the cross-attention", BATCH, POSITION, MODEL),
  RESID_CROSS("blocks.{l}.hook_resid_cross", On.CROSSED, Phase.LAYER, Cost.FREE, true, "residual stream between cross-attention and feed-forward network", BATCH, POSITION, MODEL),
  MLP_IN("blocks.{l}.hook_mlp_in", On.LAYERED, Phase.LAYER, Cost.FREE, true, "copy of the residual stream that the feed-forward branch reads", BATCH, POSITION, MODEL),
  LN2_SCALE("blocks.{l}.ln2.hook_scale", On.LAYERED, Phase.LAYER, Cost.EXTRA, false, "what the feed-forward norm divides by, epsilon included: the root mean square, in a layer norm the standard deviation", BATCH, POSITION, ONE),
  LN2_NORMALIZED("blocks.{l}.ln2.hook_normalized", On.LAYERED, Phase.LAYER, Cost.EXTRA, true, "what the feed-forward norm has divided, and centred where it centres, before its weight and bias", BATCH, POSITION, MODEL),
  LN2_OUT("blocks.{l}.ln2.hook_out", On.LAYERED, Phase.LAYER, Cost.FREE, true, "output of the feed-forward norm, weight included", BATCH, POSITION, MODEL),
  MLP_PRE("blocks.{l}.mlp.hook_pre", On.LAYERED, Phase.LAYER, Cost.FREE, true, "first projection before the activation function; with two, the gate's", BATCH, POSITION, INNER),
  MLP_GATE("blocks.{l}.mlp.hook_gate", On.VARIED, Phase.LAYER, Cost.FREE, true, "gate projection after its activation function", BATCH, POSITION, INNER),
  MLP_PRE_LINEAR("blocks.{l}.mlp.hook_pre_linear", On.VARIED, Phase.LAYER, Cost.FREE, true, "up projection", BATCH, POSITION, INNER),
  MLP_POST("blocks.{l}.mlp.hook_post", On.LAYERED, Phase.LAYER, Cost.FREE, true, "coefficients of the neurons: what the activation function gave, times the up projection where there is a gate", BATCH, POSITION, INNER),
  LN2_POST_IN("blocks.{l}.ln2_post.hook_in", On.DECODER, Phase.LAYER, Cost.FREE, true, "output of the feed-forward network before the norm behind it (Gemma 3)", BATCH, POSITION, MODEL),
  LN2_POST_SCALE("blocks.{l}.ln2_post.hook_scale", On.DECODER, Phase.LAYER, Cost.EXTRA, false, "root mean square (with epsilon) that the norm behind the feed-forward network divides by (Gemma 3)", BATCH, POSITION, ONE),
  LN2_POST_NORMALIZED("blocks.{l}.ln2_post.hook_normalized", On.DECODER, Phase.LAYER, Cost.EXTRA, true, "what that norm has divided, before its weight (Gemma 3)", BATCH, POSITION, MODEL),
  MLP_OUT("blocks.{l}.hook_mlp_out", On.LAYERED, Phase.LAYER, Cost.FREE, true, "what the feed-forward network adds to the residual stream: its output, through the norm behind it where there is one", BATCH, POSITION, MODEL),
  ADDED("blocks.{l}.hook_deepstack", On.DECODER, Phase.LAYER, Cost.FREE, true, "what is added to the residual stream after the feed-forward network: features of earlier layers of the tower at visual tokens, zero elsewhere (Qwen3-VL)", BATCH, POSITION, MODEL),
  RESID_POST("blocks.{l}.hook_resid_post", On.LAYERED, Phase.LAYER, Cost.FREE, true, "residual stream leaving the layer", BATCH, POSITION, MODEL),
  // ---- after the layers
  LN_POST("ln_post.hook_out", On.FINISHED, Phase.AFTER, Cost.FREE, true, "output of the norm after the last layer (Idefics3, SmolVLM, PaliGemma, Gemma 3, BLIP, ViT-MAE)", BATCH, POSITION, MODEL),
  FEATURES("hook_features", On.VISION, Phase.AFTER, Cost.FREE, true, "features that the projector reads: chosen layer, chosen positions", BATCH, POSITION, MODEL),
  LN_FINAL_SCALE("ln_final.hook_scale", On.DECODER, Phase.AFTER, Cost.EXTRA, false, "root mean square (with epsilon) that the last norm divides by", BATCH, POSITION, ONE),
  LN_FINAL_NORMALIZED("ln_final.hook_normalized", On.DECODER, Phase.AFTER, Cost.EXTRA, true, "what the last norm has divided, before its weight", BATCH, POSITION, MODEL),
  LN_FINAL_OUT("ln_final.hook_out", On.DECODER, Phase.AFTER, Cost.FREE, true, "output of the last norm, weight included", BATCH, POSITION, MODEL),
  LOGITS("hook_logits", On.DECODER, Phase.AFTER, Cost.EXTRA, true, "scores of the vocabulary, all rows only if asked for, else the last row; of readers how well an answer begins there, and ends there, always of all rows", BATCH, POSITION, VOCABULARY),
  // ---- between two stacks
  LN_IN("ln.hook_out", On.PROJECTOR, Phase.BETWEEN, Cost.FREE, true, "output of the norm before the first projection (VipLLaVA, InternVL, Gemma 3)", BATCH, POSITION, JOINED),
  PRE("hook_pre", On.PROJECTOR, Phase.BETWEEN, Cost.FREE, true, "first projection before the activation function", BATCH, POSITION, INNER),
  POST("hook_post", On.PROJECTOR, Phase.BETWEEN, Cost.FREE, true, "first projection after the activation function", BATCH, POSITION, INNER),
  OUT("hook_out", On.PROJECTOR, Phase.BETWEEN, Cost.FREE, true, "visual tokens in the language model's width, one batch entry for each view", BATCH, POSITION, MODEL),
  PACKED("hook_packed", On.PROJECTOR, Phase.BETWEEN, Cost.FREE, true, "visual tokens of all pictures in the order of the prompt: tiles put together, padding cut, line breaks in place", ONE, POSITION, MODEL);
  // spotless:on

  /// What seeing a site costs.
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

  /// Where in the flow through its stack a site lies.
  public enum Phase {
    /// Before the first layer.
    BEFORE,
    /// In every layer.
    LAYER,
    /// After the last layer.
    AFTER,
    /// Between the layers of one stack and those of the next.
    BETWEEN
  }

  /// The stacks that may have a site.
  private enum On {
    LAYERED(Stack.DECODER, Stack.VISION, Stack.QFORMER, Stack.ENCODER, Stack.PIXELS),
    /// Stacks that may add positions.
    PLACED(Stack.DECODER, Stack.VISION, Stack.ENCODER, Stack.PIXELS),
    /// Stacks that may rotate positions, norm queries and keys, or have gates.
    VARIED(Stack.DECODER, Stack.VISION),
    /// Stacks that may have a norm before their first layer.
    NORMED(Stack.DECODER, Stack.VISION, Stack.QFORMER, Stack.ENCODER),
    /// Stacks with attention over another one.
    CROSSED(Stack.DECODER, Stack.QFORMER, Stack.ENCODER),
    /// Stacks that may have a norm after their last layer, beside the decoder's.
    FINISHED(Stack.VISION, Stack.PIXELS),
    DECODER(Stack.DECODER),
    VISION(Stack.VISION),
    PROJECTOR(Stack.PROJECTOR);

    private final Set<Stack> stacks;

    On(Stack... stacks) {
      this.stacks = Set.of(stacks);
    }
  }

  private final String template;
  private final On on;
  private final Phase phase;
  private final Cost cost;
  private final boolean writable;
  private final String meaning;
  private final List<Axis> axes;

  Site(
      String template,
      On on,
      Phase phase,
      Cost cost,
      boolean writable,
      String meaning,
      Axis... axes) {
    this.template = template;
    this.on = on;
    this.phase = phase;
    this.cost = cost;
    this.writable = writable;
    this.meaning = meaning;
    this.axes = List.of(axes);
  }

  /// Name within its stack, with `{l}` in place of the layer.
  public String template() {
    return template;
  }

  /// Whether models may have it in that stack.
  public boolean isIn(Stack stack) {
    return on.stacks.contains(stack);
  }

  /// Where in the flow through its stack it lies.
  public Phase phase() {
    return phase;
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

  /// Whether it is a score of attention before the softmax, where -infinity forbids a look.
  public boolean isScore() {
    return this == ATTN_SCORES || this == CROSS_SCORES;
  }

  /// Whether it belongs to attention over an earlier stack.
  public boolean isCross() {
    return on == On.CROSSED;
  }

  /// Whether it is a probability of attention.
  public boolean isPattern() {
    return this == PATTERN || this == CROSS_PATTERN;
  }

  /// Those of a stack, in the order of the flow.
  static List<Site> of(Stack stack) {
    return Arrays.stream(values()).filter(site -> site.isIn(stack)).toList();
  }
}
