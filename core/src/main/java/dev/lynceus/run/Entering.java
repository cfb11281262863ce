package dev.lynceus.run;

import dev.lynceus.model.stack.Surroundings;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What enters a decoder: the input of its first layer, and what is added to the residual stream
/// after its first layers, where the family adds something (DeepStack, arXiv 2406.04334), and what
/// its layers read by cross-attention.
///
/// @param stream `[batch, pos, width]`
/// @param later one for each of the first layers, like `stream`; zero where nothing is added
/// @param memory what cross-attention reads in every layer (BLIP); null in most families
public record Entering(Tensor stream, List<Tensor> later, Surroundings.@Nullable Memory memory) {
  public Entering {
    later = List.copyOf(later);
  }

  /// What reads no memory.
  public Entering(Tensor stream, List<Tensor> later) {
    this(stream, later, null);
  }

  /// An input alone.
  public static Entering of(Tensor stream) {
    return new Entering(stream, List.of());
  }

  /// The same with another stream.
  Entering as(Tensor other) {
    return new Entering(other, later, memory);
  }

  /// All one after the other along the batch, `[(1 + layers) * batch, pos, width]`.
  public Tensor joined() {
    if (later.isEmpty()) {
      return stream;
    }
    List<Tensor> all = new ArrayList<>(List.of(stream));
    all.addAll(later);
    return Torch.cat(all, 0);
  }

  /// The same cut from what [#joined()] gives.
  ///
  /// @param layers how many of the first layers are added to
  public static Entering split(Tensor joined, int layers) {
    long batch = joined.size(0) / (1 + layers);
    List<Tensor> later = new ArrayList<>();
    for (int l = 1; l <= layers; l++) {
      later.add(joined.narrow(0, l * batch, batch));
    }
    return new Entering(joined.narrow(0, 0, batch), later);
  }

  /// Several, one after the other along the batch.
  public static Entering cat(List<Entering> all) {
    if (all.size() == 1) {
      return all.getFirst();
    }
    List<Tensor> later = new ArrayList<>();
    for (int l = 0; l < all.getFirst().later.size(); l++) {
      int layer = l;
      later.add(Torch.cat(all.stream().map(one -> one.later.get(layer)).toList(), 0));
    }
    return new Entering(
        Torch.cat(all.stream().map(Entering::stream).toList(), 0), later, memories(all));
  }

  private static Surroundings.@Nullable Memory memories(List<Entering> all) {
    List<Surroundings.Memory> some = new ArrayList<>();
    for (Entering one : all) {
      if (one.memory != null) {
        some.add(one.memory);
      }
    }
    return some.isEmpty() ? null : Surroundings.Memory.cat(some);
  }

  /// The positions from one on, for several copies.
  Entering from(int start, int copies) {
    return new Entering(cut(stream, start, copies), laterFrom(start, copies), memory(copies));
  }

  /// The memory for several copies.
  Surroundings.@Nullable Memory memory(int copies) {
    return memory == null || copies == 1
        ? memory
        : new Surroundings.Memory(
            Passes.copied(memory.states(), copies),
            memory.mask() == null ? null : Passes.copied(memory.mask(), copies),
            memory.readers());
  }

  /// What is added later at the positions from one on, for several copies.
  List<Tensor> laterFrom(int start, int copies) {
    return later.stream().map(one -> cut(one, start, copies)).toList();
  }

  private static Tensor cut(Tensor whole, int start, int copies) {
    return Passes.copied(whole.narrow(1, start, whole.size(1) - start), copies);
  }

  /// With the inputs of steps after it, which get nothing added.
  Entering longer(List<Tensor> steps) {
    if (steps.isEmpty()) {
      return this;
    }
    List<Tensor> all = new ArrayList<>(List.of(stream));
    all.addAll(steps);
    Tensor zeros = Torch.zeros(stream.dtype(), stream.size(0), steps.size(), stream.size(2));
    return new Entering(
        Torch.cat(all, 1),
        later.stream().map(one -> Torch.cat(List.of(one, zeros), 1)).toList(),
        memory);
  }

  /// Takes all out of every scope: they live until [#close()].
  Entering own() {
    stream.own();
    later.forEach(Tensor::own);
    if (memory != null) {
      memory.all().forEach(Tensor::own);
    }
    return this;
  }

  /// Frees what nobody else owns.
  void close() {
    stream.close();
    later.forEach(Tensor::close);
    if (memory != null) {
      memory.all().forEach(Tensor::close);
    }
  }
}
