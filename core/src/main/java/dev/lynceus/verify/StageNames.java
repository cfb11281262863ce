package dev.lynceus.verify;

import dev.lynceus.tap.Captured;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds the activation that a reference tensor is: `lm.hidden_states.3` is
/// `blocks.3.hook_resid_pre`. The names are those of the output of transformers.
///
/// @param layers layers of the decoder
/// @param visionLayers layers of the tower
/// @param queryLayers layers of the Q-Former
/// @param encoderLayers layers of the text encoder
record StageNames(int layers, int visionLayers, int queryLayers, int encoderLayers) {
  private static final Pattern NUMBERED = Pattern.compile("(.+)\\.(\\d{1,4})");

  /// The activation, empty if the name is none.
  Optional<Captured.Key> activation(String name) {
    Matcher numbered = NUMBERED.matcher(name);
    return numbered.matches()
        ? numbered(numbered.group(1), Integer.parseInt(numbered.group(2)))
        : switch (name) {
          case "pixel_values", "pixel_values_videos" -> key(Point.vision(Site.PIXELS), 0);
          case "vision.last_hidden_state" -> key(Point.vision(Site.LN_POST), 0);
          case "qformer.last_hidden_state" ->
              within(query(Site.RESID_POST), queryLayers - 1, queryLayers);
          case "question.last_hidden_state" ->
              within(encoder(Site.RESID_POST), encoderLayers - 1, encoderLayers);
          case "decoder.logits" -> key(Point.LOGITS, 0);
          case "image_features" -> key(Point.PROJECTOR_PACKED, 0);
          case "lm.inputs_embeds" -> key(Point.EMBED_MERGED, 0);
          case "logits", "start_logits", "end_logits" -> key(Point.LOGITS, 0);
          default -> Optional.empty();
        };
  }

  /// The layer after which something was added to what stands at the place, and not yet to the
  /// reference tensor; -1 for none. So is what transformers calls the output of a layer of
  /// Qwen3-VL.
  ///
  /// @param deep after how many of the first layers something is added
  int added(String name, int deep) {
    Matcher numbered = NUMBERED.matcher(name);
    if (!numbered.matches()) {
      return -1;
    }
    int i = Integer.parseInt(numbered.group(2));
    int layer =
        switch (numbered.group(1)) {
          // The last one of these is that of the last norm.
          case "lm.hidden_states" -> i < layers ? i - 1 : -1;
          case "lm.block_output" -> i;
          default -> -1;
        };
    return layer < deep ? layer : -1;
  }

  /// Whether the name is that of an activation at a layer beyond the last.
  boolean beyond(String name) {
    Matcher numbered = NUMBERED.matcher(name);
    return numbered.matches()
        && activation(name).isEmpty()
        && numbered(numbered.group(1), 0).isPresent()
        && !(numbered.group(1).startsWith("vision.") && visionLayers == 0)
        && !(numbered.group(1).startsWith("qformer.") && queryLayers == 0)
        && !(numbered.group(1).startsWith("question.") && encoderLayers == 0);
  }

  private Optional<Captured.Key> numbered(String list, int i) {
    return switch (list) {
      case "vision.hidden_states" ->
          i == visionLayers && i > 0
              ? key(Point.vision(Site.RESID_POST), i - 1)
              : within(Point.vision(Site.RESID_PRE), i, visionLayers);
      case "vision.layer_input" -> within(Point.vision(Site.RESID_PRE), i, visionLayers);
      case "vision.block_output" -> within(Point.vision(Site.RESID_POST), i, visionLayers);
      case "vision.attentions" -> within(Point.vision(Site.PATTERN), i, visionLayers);
      case "qformer.hidden_states" ->
          i == queryLayers && i > 0
              ? key(query(Site.RESID_POST), i - 1)
              : within(query(Site.RESID_PRE), i, queryLayers);
      case "qformer.self_attentions" -> within(query(Site.PATTERN), i, queryLayers);
      case "qformer.cross_attentions" -> within(query(Site.CROSS_PATTERN), i, queryLayers);
      case "question.hidden_states" ->
          i == encoderLayers && i > 0
              ? key(encoder(Site.RESID_POST), i - 1)
              : within(encoder(Site.RESID_PRE), i, encoderLayers);
      case "question.attentions" -> within(encoder(Site.PATTERN), i, encoderLayers);
      case "question.cross_attentions" -> within(encoder(Site.CROSS_PATTERN), i, encoderLayers);
      case "hidden_states" ->
          i == layers && i > 0 ? key(Point.RESID_POST, i - 1) : within(Point.RESID_PRE, i, layers);
      case "attentions" -> within(Point.PATTERN, i, layers);
      case "decoder.hidden_states" ->
          i == layers && i > 0 ? key(Point.RESID_POST, i - 1) : within(Point.RESID_PRE, i, layers);
      case "decoder.attentions" -> within(Point.PATTERN, i, layers);
      case "decoder.cross_attentions" -> within(Point.CROSS_PATTERN, i, layers);
      case "lm.layer_input" -> within(Point.RESID_PRE, i, layers);
      case "deepstack_features" -> within(Point.ADDED, i, layers);
      case "lm.hidden_states" ->
          i == layers ? key(Point.LN_FINAL_OUT, 0) : within(Point.RESID_PRE, i, layers);
      case "lm.block_output" -> within(Point.RESID_POST, i, layers);
      case "lm.attentions" -> within(Point.PATTERN, i, layers);
      default -> Optional.empty();
    };
  }

  private static Point query(Site site) {
    return Point.of(Stack.QFORMER, site);
  }

  private static Point encoder(Site site) {
    return Point.of(Stack.ENCODER, site);
  }

  private static Optional<Captured.Key> within(Point point, int layer, int layers) {
    return layer >= 0 && layer < layers ? key(point, layer) : Optional.empty();
  }

  private static Optional<Captured.Key> key(Point point, int layer) {
    return Optional.of(new Captured.Key(point, layer));
  }
}
