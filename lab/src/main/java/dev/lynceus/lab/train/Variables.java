package dev.lynceus.lab.train;

import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/// Numbers that are learned, in one vector, part after part, with a name and a shape for each
/// tensor in it. Arithmetic on a part is arithmetic on a range of the vector. The tensors of a part
/// are listed one after the other.
///
/// @param <P> parts that are trained together or not
final class Variables<P extends Enum<P>> {

  /// How a tensor is drawn at the beginning.
  private enum Start {
    NORMAL,
    ZERO,
    ONE
  }

  /// A tensor in the vector.
  ///
  /// @param name as in the checkpoint of the whole model
  /// @param offset index of its first number
  /// @param deviation of the normal distribution that it is drawn from
  /// @param decays whether weight decay pulls it to zero: matrices, but no norms and biases
  record Entry<P>(
      P part,
      String name,
      long[] shape,
      long offset,
      Start start,
      double deviation,
      boolean decays) {
    long count() {
      long count = 1;
      for (long size : shape) {
        count *= size;
      }
      return count;
    }
  }

  private final List<Entry<P>> entries;
  private final Tensor vector;

  private Variables(List<Entry<P>> entries, long size) {
    this.entries = List.copyOf(entries);
    this.vector = Torch.zeros(DType.FLOAT32, size).own();
  }

  /// Lists tensors.
  static final class Builder<P extends Enum<P>> {
    private final List<Entry<P>> entries = new ArrayList<>();
    private long size;

    /// A norm: a weight of ones, a bias of zeros.
    void norm(P part, String name, int width) {
      ones(part, name + ".weight", width);
      zeros(part, name + ".bias", width);
    }

    /// A map with a bias of zeros.
    void biased(P part, String name, double deviation, int out, int in) {
      normal(part, name + ".weight", deviation, out, in);
      zeros(part, name + ".bias", out);
    }

    void ones(P part, String name, long... sizes) {
      add(part, name, Start.ONE, 0, false, sizes);
    }

    void zeros(P part, String name, long... sizes) {
      add(part, name, Start.ZERO, 0, false, sizes);
    }

    void normal(P part, String name, double deviation, long... sizes) {
      add(part, name, Start.NORMAL, deviation, sizes.length > 1, sizes);
    }

    private void add(
        P part, String name, Start start, double deviation, boolean decays, long... sizes) {
      Entry<P> entry = new Entry<>(part, name, sizes, size, start, deviation, decays);
      entries.add(entry);
      size += entry.count();
    }

    /// All of them, zero.
    Variables<P> build() {
      return new Variables<>(entries, size);
    }
  }

  /// Draws the parts anew.
  void draw(Set<P> parts, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (Entry<P> entry : entries) {
      float[] values = new float[Math.toIntExact(entry.count())];
      for (int i = 0; i < values.length; i++) {
        // Numbers are drawn for all parts, so that a part does not depend on which others are
        // drawn.
        values[i] =
            switch (entry.start()) {
              case NORMAL -> (float) (entry.deviation() * random.nextGaussian());
              case ZERO -> 0;
              case ONE -> 1;
            };
      }
      if (parts.contains(entry.part())) {
        view(vector, entry).copy_(Tensor.of(values, entry.shape()));
      }
    }
  }

  List<Entry<P>> entries() {
    return entries;
  }

  List<Entry<P>> entries(Collection<P> parts) {
    return entries.stream().filter(entry -> parts.contains(entry.part())).toList();
  }

  /// All numbers, `[size]`.
  Tensor vector() {
    return vector;
  }

  long size() {
    return vector.numel();
  }

  /// The range of a part: index of its first number, and how many they are.
  long[] range(P part) {
    List<Entry<P>> own = entries(Set.of(part));
    long start = own.getFirst().offset();
    return new long[] {start, own.getLast().offset() + own.getLast().count() - start};
  }

  /// The view of a tensor in a vector of this size.
  static Tensor view(Tensor vector, Entry<?> entry) {
    return vector.narrow(0, entry.offset(), entry.count()).reshape(entry.shape());
  }

  /// All tensors by name, over the vector's memory: they change as the vector changes.
  ///
  /// @param trained parts whose gradients are wanted
  /// @param gradients vector that gradients are added to
  Map<String, Tensor> tensors(Set<P> trained, Tensor gradients) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Entry<P> entry : entries) {
      Tensor view = view(vector, entry).detach().own();
      if (trained.contains(entry.part())) {
        view.requiresGrad().gradInto(view(gradients, entry));
      }
      tensors.put(entry.name(), view);
    }
    return tensors;
  }
}
