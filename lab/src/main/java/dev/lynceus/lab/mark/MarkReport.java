package dev.lynceus.lab.mark;

import java.util.List;
import java.util.Optional;

/// What operators do to an answer, beside regions of the same shape elsewhere.
///
/// @param question as it was asked without a mark
/// @param said what the model answers without a mark
/// @param answer whose log probability is measured: a given one, or the model's own
/// @param log its log probability without a mark, nats
/// @param width of the picture in pixels
/// @param height of it
/// @param regions what is marked; the first is spoken of
/// @param area of the first, in pixels
/// @param controls the regions of the same shape that it is compared with
/// @param map what the mask of attention prompting is made from; empty where it was not asked for
/// @param operators one for each, in the order that was asked for
/// @param sweep styles of marks; empty where none were tried
/// @param notes what was not measured, and why
public record MarkReport(
    String question,
    String said,
    String answer,
    double log,
    int width,
    int height,
    List<String> regions,
    int area,
    List<String> controls,
    String map,
    List<Row> operators,
    List<Sweep> sweep,
    List<String> notes) {
  public MarkReport {
    regions = List.copyOf(regions);
    controls = List.copyOf(controls);
    operators = List.copyOf(operators);
    sweep = List.copyOf(sweep);
    notes = List.copyOf(notes);
  }

  /// What one operator did.
  ///
  /// @param operator its name
  /// @param what it is, in a few words
  /// @param question as it was asked with it
  /// @param chain what made its pictures: a list for each, of operations as JSON
  /// @param said what the model answers with it
  /// @param flipped whether that is another answer than without
  /// @param effect change of the log probability of the answer, nats
  /// @param controls the same with each control region marked instead, nats
  /// @param controlMean their mean; NaN without controls
  /// @param specificity the effect less that mean; NaN without controls
  /// @param pull attention into the region, layer by layer; empty where it is not known
  /// @param pixels part of the pixels that differ, 0 to 1; NaN where another part of the picture is
  ///   shown
  /// @param divergence of the answer to the control question, nats; empty without one
  /// @param own what the mark does by its own patches; empty where it has none
  /// @param referred what it answers to the question for the region; empty without one
  public record Row(
      String operator,
      String what,
      String question,
      String chain,
      String said,
      boolean flipped,
      double effect,
      List<Double> controls,
      double controlMean,
      double specificity,
      List<LayerPull> pull,
      double pixels,
      Optional<Double> divergence,
      Optional<OwnEffect> own,
      Optional<Referred> referred) {
    public Row {
      controls = List.copyOf(controls);
      pull = List.copyOf(pull);
    }

    /// Whether no control did as much: the effect is larger than that of every one of them.
    public boolean beatsControls() {
      return !controls.isEmpty() && controls.stream().allMatch(one -> effect > one);
    }
  }

  /// Attention into the region in one layer: parts of what goes to all patches, 0 to 1.
  ///
  /// @param clean without the mark
  /// @param marked with it
  /// @param control change by control marks into their own regions, mean; NaN without controls
  public record LayerPull(int layer, double clean, double marked, double control) {

    /// The change by the mark.
    public double change() {
      return marked - clean;
    }
  }

  /// What is answered to a question for the region, among candidates.
  ///
  /// @param question that was asked
  /// @param label that is right
  /// @param clean probability of the label among the candidates, 0 to 1, without a mark
  /// @param marked the same with it
  /// @param chosenClean the most probable candidate without a mark
  /// @param chosen the most probable with it
  public record Referred(
      String question,
      String label,
      double clean,
      double marked,
      String chosenClean,
      String chosen) {}

  /// Styles of one operator.
  ///
  /// @param operator its name
  /// @param mean of the effects, nats
  /// @param least of them, nats
  /// @param most of them, nats
  /// @param specificMean of the specificities, nats; NaN without controls
  /// @param specificLeast of them, nats
  /// @param specificMost of them, nats
  /// @param styles all that were tried, the most specific first
  public record Sweep(
      String operator,
      double mean,
      double least,
      double most,
      double specificMean,
      double specificLeast,
      double specificMost,
      List<Styled> styles) {
    public Sweep {
      styles = List.copyOf(styles);
    }
  }

  /// One style.
  ///
  /// @param colour of lines
  /// @param size as a multiple of the usual
  /// @param side where the mark stands
  /// @param effect change of the log probability of the answer, nats
  /// @param specificity the effect less the mean of controls in the same style; NaN without
  ///   controls
  public record Styled(
      String colour, double size, String side, double effect, double specificity) {}
}
