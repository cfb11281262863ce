package dev.lynceus.method.causal;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.attention.HeadRef;
import dev.lynceus.model.Model;
import dev.lynceus.model.stack.StackShape;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Heads of a stack, silent together.
///
/// @param heads none twice
record StackHeads(Stack stack, List<HeadRef> heads) {

  /// @throws LynceusException BAD_REQUEST for a head that there is not; UNSUPPORTED_MODEL of a
  ///   model without the stack
  StackHeads in(Model model) {
    StackShape shape = model.requireShape(stack);
    for (HeadRef head : heads) {
      if (head.layer() >= shape.layers() || head.head() >= shape.heads().count()) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "there is no head "
                + head.text()
                + (stack == Stack.DECODER ? "" : " in the " + stack.spoken()),
            "This %s has layers 0 to %d with heads 0 to %d."
                .formatted(stack.spoken(), shape.layers() - 1, shape.heads().count() - 1));
      }
    }
    return this;
  }

  /// By their layers.
  Map<Integer, List<HeadRef>> byLayer() {
    return heads.stream()
        .collect(Collectors.groupingBy(HeadRef::layer, TreeMap::new, Collectors.toList()));
  }

  /// What they write is zero at all positions.
  List<Intervention> changes() {
    Point point = Point.of(stack, Site.Z);
    return byLayer().entrySet().stream()
        .map(layer ->
            Intervention.at(point, layer.getKey(), new Op.Zero())
                .heads(layer.getValue().stream().mapToInt(HeadRef::head).toArray()))
        .toList();
  }
}
