package dev.lynceus.tap;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.error.Spelling;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the names of points: full names (`blocks.5.hook_resid_pre`), names for every layer
/// (`blocks.*.hook_resid_pre`), shorthand (`resid_pre` with layer 5), names of the `lm.` dialect,
/// and module names of Hugging Face checkpoints (`model.layers.5.self_attn`). An unknown name fails
/// with the nearest known ones.
public final class PointNames {
  private static final Pattern LAYERED =
      Pattern.compile("(?<before>.*?)\\.(?<layer>\\d{1,9}|\\*)(?<after>\\..*|)");
  private static final Map<String, Point> BY_TEMPLATE = byTemplate();
  private static final Map<String, Point> SHORTHAND = shorthand();

  /// Module names of checkpoints; the output of the module is the activation of the point.
  private static final Map<String, Point> MODULES = modules();

  /// Modules of a decoder beside its layers.
  private static final Set<String> BESIDE =
      Set.of("embed_tokens", "embed_positions", "project_in", "norm", "final_layer_norm");

  private static final int LONGEST = 100;

  private PointNames() {}

  /// A point, and the layer where the name says one.
  ///
  /// @param layer empty for points that exist once and for `*`
  public record Address(Point point, Optional<Integer> layer) {}

  /// Finds the point that a name means.
  ///
  /// @throws LynceusException with the nearest names if there is none
  public static Address parse(String name) {
    String text = name.strip();
    if (text.startsWith("lm.blocks.")) {
      text = text.substring("lm.".length());
    }
    Point once = BY_TEMPLATE.get(text);
    if (once != null && !once.perLayer()) {
      return new Address(once, Optional.empty());
    }
    Matcher matcher = LAYERED.matcher(text);
    if (matcher.matches()) {
      Optional<Integer> layer =
          matcher.group("layer").equals("*")
              ? Optional.empty()
              : Optional.of(Integer.parseInt(matcher.group("layer")));
      String template = matcher.group("before") + ".{l}" + matcher.group("after");
      Point point = BY_TEMPLATE.get(template);
      if (point == null) {
        point = MODULES.get(module(template));
      }
      if (point != null) {
        return new Address(point, layer);
      }
    }
    Point module = MODULES.get(module(text));
    if (module != null && !module.perLayer()) {
      return new Address(module, Optional.empty());
    }
    Point shorthand = SHORTHAND.get(text);
    if (shorthand != null) {
      return new Address(shorthand, Optional.empty());
    }
    throw unknown(text);
  }

  /// Finds the point of a shorthand such as `resid_pre`, `pattern`, `vision.z` or `attn.hook_z`.
  ///
  /// @throws LynceusException with the nearest names if there is none
  public static Point shorthand(String name) {
    Point point = SHORTHAND.get(name);
    return point != null ? point : parse(name).point();
  }

  /// The names of modules in Hugging Face checkpoints whose output is this point.
  public static List<String> aliases(Point point) {
    return MODULES.entrySet().stream()
        .filter(entry -> entry.getValue() == point)
        .map(Map.Entry::getKey)
        .toList();
  }

  private static LynceusException unknown(String given) {
    // However long it is: messages stay readable, and the search for near names quick.
    String name = shortened(given);
    List<String> candidates = new ArrayList<>(BY_TEMPLATE.keySet());
    candidates.addAll(SHORTHAND.keySet());
    String plain = name.replaceAll("\\.(\\d+|\\*)(?=\\.|$)", ".{l}");
    List<String> nearest =
        candidates.stream()
            // By name where they are equally near: the same mistake gets the same answer every
            // time.
            .sorted(
                Comparator.comparingInt((String candidate) -> Spelling.distance(plain, candidate))
                    .thenComparing(Comparator.naturalOrder()))
            .limit(3)
            .toList();
    return new LynceusException(
        ErrorCode.BAD_POINT,
        "there is no point '" + name + "'",
        "Did you mean " + String.join(", ", nearest) + "? `lynceus models taps` lists all points.");
  }

  private static Map<String, Point> byTemplate() {
    Map<String, Point> names = new LinkedHashMap<>();
    for (Point point : Point.all()) {
      names.put(point.template(), point);
    }
    return names;
  }

  private static Map<String, Point> shorthand() {
    Map<String, Point> names = new LinkedHashMap<>();
    for (Point point : Point.all()) {
      String template = point.template();
      String prefix = point.stack().prefix();
      String tail = template.substring(prefix.length()).replace("blocks.{l}.", "");
      names.putIfAbsent(prefix + tail, point);
      String last = tail.substring(tail.lastIndexOf('.') + 1).replace("hook_", "");
      String group = tail.contains(".") ? tail.substring(0, tail.lastIndexOf('.')) : "";
      // The norms of a layer, its attentions and the pre-activations share a last name, so these
      // keep their group.
      boolean ambiguous =
          last.equals("scale")
              || last.equals("normalized")
              || last.startsWith("pre") && group.equals("mlp")
              || last.equals("post")
              || last.equals("merged")
              || last.equals("cos")
              || last.equals("sin")
              || last.equals("out")
              || last.equals("in")
              || group.equals("cross");
      names.putIfAbsent(
          prefix + (ambiguous && !group.isEmpty() ? group + "_" + last : last), point);
    }
    return Map.copyOf(names);
  }

  private static String module(String name) {
    String text = name.endsWith(".{l}") ? name : name.replaceAll("\\.(weight|output)$", "");
    for (String prefix :
        List.of(
            "language_model.model.decoder.",
            "language_model.model.",
            "model.language_model.",
            "model.text_model.",
            "model.decoder.",
            "model.")) {
      if (text.startsWith(prefix + "layers.")
          || text.startsWith(prefix) && BESIDE.contains(text.substring(prefix.length()))) {
        return "model." + text.substring(prefix.length());
      }
    }
    if (text.endsWith("lm_head")) {
      return "lm_head";
    }
    text =
        text.replaceFirst(
            "^model\\.(vision_tower|multi_modal_projector|vision_model|qformer)", "$1");
    return text.replaceFirst("^vision_tower\\.vision_model\\.", "vision_tower.");
  }

  private static Map<String, Point> modules() {
    Map<String, Point> names = new LinkedHashMap<>();
    names.put("model.embed_tokens", Point.EMBED);
    names.put("model.layers.{l}", Point.RESID_POST);
    names.put("model.layers.{l}.input_layernorm", Point.LN1_OUT);
    names.put("model.layers.{l}.self_attn", Point.ATTN_OUT);
    names.put("model.layers.{l}.self_attn.q_proj", Point.Q);
    names.put("model.layers.{l}.self_attn.k_proj", Point.K);
    names.put("model.layers.{l}.self_attn.v_proj", Point.V);
    names.put("model.layers.{l}.self_attn.q_norm", Point.Q_NORM);
    names.put("model.layers.{l}.self_attn.k_norm", Point.K_NORM);
    names.put("model.layers.{l}.self_attn.o_proj", Point.ATTN_OUT);
    names.put("model.layers.{l}.post_attention_layernorm", Point.LN2_OUT);
    names.put("model.layers.{l}.mlp", Point.MLP_OUT);
    names.put("model.layers.{l}.mlp.gate_proj", Point.MLP_PRE);
    names.put("model.layers.{l}.mlp.up_proj", Point.MLP_PRE_LINEAR);
    names.put("model.layers.{l}.mlp.act_fn", Point.MLP_GATE);
    names.put("model.layers.{l}.mlp.down_proj", Point.MLP_OUT);
    names.put("model.norm", Point.LN_FINAL_OUT);
    // Gemma 3
    names.put("model.layers.{l}.pre_feedforward_layernorm", Point.LN2_OUT);
    names.put("model.layers.{l}.post_feedforward_layernorm", Point.MLP_OUT);
    // OPT
    names.put("model.embed_positions", Point.POS_EMBED);
    names.put("model.project_in", Point.EMBED);
    names.put("model.layers.{l}.self_attn_layer_norm", Point.LN1_OUT);
    names.put("model.layers.{l}.self_attn.out_proj", Point.ATTN_OUT);
    names.put("model.layers.{l}.final_layer_norm", Point.LN2_OUT);
    names.put("model.layers.{l}.fc1", Point.MLP_PRE);
    names.put("model.layers.{l}.activation_fn", Point.MLP_POST);
    names.put("model.layers.{l}.fc2", Point.MLP_OUT);
    names.put("model.final_layer_norm", Point.LN_FINAL_OUT);
    names.put("lm_head", Point.LOGITS);
    names.put("vision_tower.embeddings.patch_embedding", Point.vision(Site.PATCH_EMBED));
    names.put("vision_tower.embeddings.position_embedding", Point.vision(Site.POS_EMBED));
    names.put("vision_tower.embeddings", Point.vision(Site.EMBED));
    names.put("vision_tower.pre_layrnorm", Point.vision(Site.LN_PRE));
    names.put("vision_tower.encoder.layers.{l}", Point.vision(Site.RESID_POST));
    names.put("vision_tower.encoder.layers.{l}.layer_norm1", Point.vision(Site.LN1_OUT));
    names.put("vision_tower.encoder.layers.{l}.self_attn", Point.vision(Site.ATTN_OUT));
    names.put("vision_tower.encoder.layers.{l}.self_attn.q_proj", Point.vision(Site.Q));
    names.put("vision_tower.encoder.layers.{l}.self_attn.k_proj", Point.vision(Site.K));
    names.put("vision_tower.encoder.layers.{l}.self_attn.v_proj", Point.vision(Site.V));
    names.put("vision_tower.encoder.layers.{l}.self_attn.out_proj", Point.vision(Site.ATTN_OUT));
    names.put("vision_tower.encoder.layers.{l}.layer_norm2", Point.vision(Site.LN2_OUT));
    names.put("vision_tower.encoder.layers.{l}.mlp", Point.vision(Site.MLP_OUT));
    names.put("vision_tower.encoder.layers.{l}.mlp.fc1", Point.vision(Site.MLP_PRE));
    names.put("vision_tower.encoder.layers.{l}.mlp.fc2", Point.vision(Site.MLP_OUT));
    // InternVL, whose layer scales are part of what its two branches write here: their modules do
    // not say the same.
    names.put(
        "vision_tower.embeddings.patch_embeddings.projection", Point.vision(Site.PATCH_EMBED));
    names.put("vision_tower.encoder.layer.{l}", Point.vision(Site.RESID_POST));
    names.put("vision_tower.encoder.layer.{l}.layernorm_before", Point.vision(Site.LN1_OUT));
    names.put("vision_tower.encoder.layer.{l}.attention.q_proj", Point.vision(Site.Q));
    names.put("vision_tower.encoder.layer.{l}.attention.k_proj", Point.vision(Site.K));
    names.put("vision_tower.encoder.layer.{l}.attention.v_proj", Point.vision(Site.V));
    names.put("vision_tower.encoder.layer.{l}.layernorm_after", Point.vision(Site.LN2_OUT));
    names.put("vision_tower.encoder.layer.{l}.mlp.fc1", Point.vision(Site.MLP_PRE));
    names.put("vision_model.post_layernorm", Point.vision(Site.LN_POST));
    names.put("query_tokens", query(Site.EMBED));
    names.put("qformer.layernorm", query(Site.LN_PRE));
    names.put("qformer.embeddings", query(Site.LN_PRE));
    names.put("qformer.encoder.layer.{l}", query(Site.RESID_POST));
    names.put("qformer.encoder.layer.{l}.attention", query(Site.RESID_MID));
    names.put("qformer.encoder.layer.{l}.attention.attention.query", query(Site.Q));
    names.put("qformer.encoder.layer.{l}.attention.attention.key", query(Site.K));
    names.put("qformer.encoder.layer.{l}.attention.attention.value", query(Site.V));
    names.put("qformer.encoder.layer.{l}.attention.output.dense", query(Site.ATTN_OUT));
    names.put("qformer.encoder.layer.{l}.crossattention.attention.query", query(Site.CROSS_Q));
    names.put("qformer.encoder.layer.{l}.crossattention.attention.key", query(Site.CROSS_K));
    names.put("qformer.encoder.layer.{l}.crossattention.attention.value", query(Site.CROSS_V));
    names.put("qformer.encoder.layer.{l}.crossattention.output.dense", query(Site.CROSS_OUT));
    bert(names, "text_encoder.", Stack.ENCODER);
    bert(names, "text_decoder.bert.", Stack.DECODER);
    bert(names, "bert.", Stack.DECODER);
    bert(names, "electra.", Stack.DECODER);
    names.put("text_decoder.cls.predictions", Point.LOGITS);
    names.put("cls.predictions", Point.LOGITS);
    names.put("language_projection", Point.PROJECTOR_OUT);
    names.put("multi_modal_projector.layer_norm", Point.of(Stack.PROJECTOR, Site.LN_IN));
    names.put("multi_modal_projector.projector_layernorm", Point.of(Stack.PROJECTOR, Site.LN_IN));
    names.put("multi_modal_projector", Point.PROJECTOR_OUT);
    names.put("multi_modal_projector.linear_1", Point.PROJECTOR_PRE);
    names.put("multi_modal_projector.act", Point.PROJECTOR_POST);
    names.put("multi_modal_projector.linear_2", Point.PROJECTOR_OUT);
    return names;
  }

  private static Point query(Site site) {
    return Point.of(Stack.QFORMER, site);
  }

  /// Modules of a stack as BERT names them: BLIP's encoder and decoder, and models that read.
  ///
  /// @param before what its names begin with
  private static void bert(Map<String, Point> names, String before, Stack stack) {
    Map<String, Site> own = new LinkedHashMap<>();
    own.put("embeddings.word_embeddings", Site.EMBED);
    own.put("embeddings.position_embeddings", Site.POS_EMBED);
    own.put("embeddings", Site.LN_PRE);
    own.put("embeddings.LayerNorm", Site.LN_PRE);
    own.put("encoder.layer.{l}", Site.RESID_POST);
    own.put("encoder.layer.{l}.attention", Site.RESID_MID);
    own.put("encoder.layer.{l}.attention.self.query", Site.Q);
    own.put("encoder.layer.{l}.attention.self.key", Site.K);
    own.put("encoder.layer.{l}.attention.self.value", Site.V);
    own.put("encoder.layer.{l}.attention.output.dense", Site.ATTN_OUT);
    own.put("encoder.layer.{l}.attention.output.LayerNorm", Site.RESID_MID);
    own.put("encoder.layer.{l}.crossattention", Site.RESID_CROSS);
    own.put("encoder.layer.{l}.crossattention.self.query", Site.CROSS_Q);
    own.put("encoder.layer.{l}.crossattention.self.key", Site.CROSS_K);
    own.put("encoder.layer.{l}.crossattention.self.value", Site.CROSS_V);
    own.put("encoder.layer.{l}.crossattention.output.dense", Site.CROSS_OUT);
    own.put("encoder.layer.{l}.crossattention.output.LayerNorm", Site.RESID_CROSS);
    own.put("encoder.layer.{l}.intermediate.dense", Site.MLP_PRE);
    own.put("encoder.layer.{l}.intermediate", Site.MLP_POST);
    own.put("encoder.layer.{l}.output.dense", Site.MLP_OUT);
    own.put("encoder.layer.{l}.output.LayerNorm", Site.RESID_POST);
    boolean reads = !before.equals("bert.") && !before.equals("electra.");
    own.forEach((name, site) -> {
      if (reads || !site.isCross()) {
        names.put(before + name, Point.of(stack, site));
      }
    });
  }

  /// A text as messages show it, of at most a hundred characters.
  static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
  }
}
