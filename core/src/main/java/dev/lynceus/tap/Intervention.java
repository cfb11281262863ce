package dev.lynceus.tap;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;

/// A change to one activation, as data: the same object comes from the command line, a page, a file
/// or a program.
///
/// ```java
/// new Intervention(Point.Z, Indices.of(2), Indices.of(5), Positions.all(), new Op.Zero()) // head 2.5 is silent
/// ```
///
/// @param layers which layers; ignored by points that exist once
/// @param heads which heads; ignored by points without heads
/// @param positions which positions (query rows, for attention)
public record Intervention(Point point, Indices layers, Indices heads, Positions positions, Op op) {

  public Intervention {
    if (!point.writable()) {
      throw new LynceusException(
          ErrorCode.BAD_POINT,
          point.template() + " can be seen but not changed",
          "Change the activation that it is computed from; `lynceus models taps` says which points are writable.");
    }
    if (op instanceof Op.Mask && !point.site().isScore()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "op 'mask' does not work at " + point.template(),
          "Use it at attn.hook_attn_scores.");
    }
    if ((op instanceof Op.Cut || op instanceof Op.Spread) && !point.site().isPattern()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "op '" + op.word() + "' does not work at " + point.template(),
          "Use it at attn.hook_pattern.");
    }
    if (op instanceof Op.Redistribute && point != Point.PATTERN) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "op 'redistribute' does not work at " + point.template(),
          "Use it at attn.hook_pattern.");
    }
    if (point.axis(Axis.POSITION) < 0
        && (!(positions instanceof Positions.All) || op instanceof Op.Mean)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          point.template() + " " + point.shape() + " has no positions",
          "Change the whole of it, or change vision.hook_patch_embed.");
    }
    if (!heads.isAll() && point.headAxis() < 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          point.template() + " has no heads",
          "Leave 'heads' out, or use attn.hook_z, attn.hook_result or attn.hook_pattern.");
    }
  }

  /// A change to a point at one layer, all heads, all positions.
  public static Intervention at(Point point, int layer, Op op) {
    return new Intervention(point, Indices.of(layer), Indices.ALL, Positions.all(), op);
  }

  /// The same for some heads only.
  public Intervention heads(int... numbers) {
    return new Intervention(point, layers, Indices.of(numbers), positions, op);
  }

  /// The same at some positions only.
  public Intervention at(Positions some) {
    return new Intervention(point, layers, heads, some, op);
  }

  /// Whether this changes the point at that layer.
  public boolean touches(Point at, int layer) {
    return point == at && (!point.perLayer() || layers.has(layer));
  }
}
