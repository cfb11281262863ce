package dev.lynceus.method.gradient;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.gradient.Backward.Course;
import dev.lynceus.method.gradient.Backward.PointVisitor;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.run.Entering;
import dev.lynceus.run.Layers;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/// Gradients with respect to one point of all layers, by recording one layer after the other.
///
/// @param added gradients of the courses with respect to what is added after the first layers, as
///   they are found
/// @param kept the first layer whose graph is kept while those after it are computed
record PointGradients(
    Backward backward,
    int kept,
    Point point,
    List<Course> courses,
    PointVisitor visitor,
    List<Tensor[]> added) {

  PointGradients(
      Backward backward, int kept, Point point, List<Course> courses, PointVisitor visitor) {
    this(
        backward,
        kept,
        point,
        courses,
        visitor,
        courses.stream().map(course -> new Tensor[backward.layers().later().size()]).toList());
  }

  /// Goes through all layers and back.
  ///
  /// @param x what enters the first layer
  /// @return for each course the gradient with respect to it, and to what is added after the first
  ///   layers ([Entering#joined()])
  List<Tensor> all(Tensor x) {
    List<Tensor> slopes = from(0, x);
    List<Tensor> joined = new ArrayList<>();
    for (int k = 0; k < slopes.size(); k++) {
      joined.add(new Entering(slopes.get(k), List.of(added.get(k))).joined());
    }
    return joined;
  }

  /// Goes through all layers from one on, and back.
  ///
  /// @param x what enters the layer
  /// @return the gradient of each course with respect to it
  List<Tensor> from(int layer, Tensor x) {
    Layers layers = backward.layers();
    try (Scope scope = Scope.open()) {
      List<Tensor> slopes;
      if (layer == layers.count()) {
        slopes = tops(x);
      } else if (layer < kept) {
        slopes = from(layer + 1, backward.next(layer, x));
        try (Recorded recorded = record(layer, x)) {
          back(recorded, slopes);
        }
      } else {
        try (Recorded recorded = record(layer, x)) {
          slopes = from(layer + 1, recorded.part.output().detach());
          back(recorded, slopes);
        }
      }
      slopes.forEach(scope::keep);
      added.stream().flatMap(Arrays::stream).filter(Objects::nonNull).forEach(scope::keep);
      return slopes;
    }
  }

  /// A layer with its graph.
  ///
  /// @param leaf what enters it
  /// @param zeros were added to the point
  private record Recorded(int layer, Tensor leaf, Tensor zeros, Layers.Part part)
      implements AutoCloseable {
    @Override
    public void close() {
      part.kept().close();
    }
  }

  /// Adds zeros to a point of a layer, with respect to which it is then differentiated: the
  /// activation stays what it is, and the gradient to earlier layers is not cut.
  private Recorded record(int layer, Tensor input) {
    Tensor leaf = input.detach().copy().requiresGrad();
    Tensor zeros = Torch.zeros(input.dtype(), shape(input.size(1))).requiresGrad();
    Intervention added = Intervention.at(point, layer, new Op.Add(Values.of(zeros), 1));
    Capture capture = Capture.of(Capture.request(point).layers(layer));
    return new Recorded(
        layer, leaf, zeros, backward.layers().layer(layer, leaf, capture, List.of(added)));
  }

  /// Takes the gradients of a layer.
  ///
  /// @param slopes of what leaves the layer; become those of what enters it
  private void back(Recorded at, List<Tensor> slopes) {
    Tensor value = at.part.kept().get(point, at.layer).detach();
    for (int k = 0; k < slopes.size(); k++) {
      if (at.layer < added.get(k).length) {
        added.get(k)[at.layer] = slopes.get(k).copy();
      }
      boolean passed = courses.get(k).dropped().equals(OptionalInt.of(at.layer));
      if (passed && point != Point.RESID_POST) {
        continue;
      }
      try (Scope scope = Scope.open()) {
        var found = Torch.gradients(at.part.output(), slopes.get(k), List.of(at.leaf, at.zeros));
        visitor.at(at.layer, k, value, found.get(1).orElseGet(() -> Backward.nothing(at.zeros)));
        if (!passed) {
          slopes.get(k).copy_(found.getFirst().orElseGet(() -> Backward.nothing(at.leaf)));
        }
      }
    }
  }

  private List<Tensor> tops(Tensor last) {
    Map<Objective, Tensor> found = new HashMap<>();
    List<Tensor> slopes = new ArrayList<>();
    for (Course course : courses) {
      slopes.add(
          found
              .computeIfAbsent(
                  course.objective(), objective -> backward.top(last, 0, objective).slopes())
              .copy());
    }
    return slopes;
  }

  private long[] shape(long length) {
    TextConfig config = backward.config();
    return point.axes().stream()
        .mapToLong(axis ->
            switch (axis) {
              case BATCH, ONE -> 1;
              case POSITION, SOURCE -> length;
              case HEAD -> config.heads();
              case KEY_HEAD -> config.keyHeads();
              case HEAD_WIDTH -> config.headWidth();
              case ROTATED -> config.attention().rotated();
              case MODEL, JOINED -> config.width();
              case INNER -> config.inner();
              case MEMORY, VOCABULARY, CHANNEL, HEIGHT, WIDTH ->
                  throw new LynceusException(
                      ErrorCode.INTERNAL,
                      point.template() + " is no place inside a layer",
                      "Please report this.");
            })
        .toArray();
  }
}
