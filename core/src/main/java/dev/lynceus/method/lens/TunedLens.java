package dev.lynceus.method.lens;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.LogitLens;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.GivenTensor;
import dev.lynceus.tensor.file.Safetensors;
import dev.lynceus.tensor.file.SafetensorsWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The tuned lens (arXiv 2303.08112): a state of depth `d` goes through an affine map of its own,
/// `h + W_d h + b_d`, before the last norm and the unembedding. With `W = 0` and `b = 0`, which
/// fitting starts from, it is the logit lens. The last layer's output is read as it is.
///
/// Tensors live until this is closed.
public final class TunedLens implements AutoCloseable {
  private static final String NEXT =
      "Name a file that `lynceus tune-lens --output FILE` wrote for this model.";

  private final String revision;
  private final List<Tensor> weights;
  private final List<Tensor> biases;

  TunedLens(String revision, List<Tensor> weights, List<Tensor> biases) {
    this.revision = revision;
    this.weights = List.copyOf(weights);
    this.biases = List.copyOf(biases);
  }

  /// The logit lens of a model, to begin with.
  public static TunedLens identity(LoadedModel model) {
    TextStack decoder = model.model().decoder();
    long width = decoder.config().width();
    List<Tensor> weights = new ArrayList<>();
    List<Tensor> biases = new ArrayList<>();
    for (int depth = 0; depth < decoder.config().layers(); depth++) {
      weights.add(Torch.zeros(DType.FLOAT32, width, width).own());
      biases.add(Torch.zeros(DType.FLOAT32, width).own());
    }
    return new TunedLens(revision(model), weights, biases);
  }

  /// Depths that have a map: all but the last layer's output.
  public int depths() {
    return weights.size();
  }

  Tensor weight(int depth) {
    return weights.get(depth);
  }

  Tensor bias(int depth) {
    return biases.get(depth);
  }

  /// States of one depth as the last layer might have put them, `[rows, width]` to the same.
  public Tensor translate(int depth, Tensor states) {
    if (depth >= depths()) {
      return states;
    }
    DType dtype = states.dtype();
    Tensor moved = Torch.linear(states, weights.get(depth).to(dtype), null);
    return states.add(moved).add(biases.get(depth).to(dtype));
  }

  /// States of all depths of one position, `[depths + 1, width]`, translated each by its own map.
  public Tensor translate(Tensor states) {
    List<Tensor> rows = new ArrayList<>();
    for (int depth = 0; depth < states.size(0); depth++) {
      rows.add(translate(depth, states.narrow(0, depth, 1)));
    }
    return Torch.cat(rows, 0);
  }

  /// Logits of states of one depth, `[rows, width]` to `[rows, vocabulary]`.
  Tensor logits(TextStack decoder, int depth, Tensor states) {
    return new LogitLens(LogitLens.Normalization.OWN).logits(decoder, translate(depth, states));
  }

  /// Writes a safetensors file with `depth.N.weight` and `depth.N.bias`.
  ///
  /// @throws LynceusException NOT_WRITABLE
  public void save(Path file) {
    SafetensorsWriter writer = new SafetensorsWriter().metadata("revision", revision);
    for (int depth = 0; depth < depths(); depth++) {
      writer.add("depth." + depth + ".weight", weights.get(depth));
      writer.add("depth." + depth + ".bias", biases.get(depth));
    }
    writer.write(file);
  }

  /// Reads such a file.
  ///
  /// @throws LynceusException BAD_REQUEST if it holds no lens, that of another model, or maps of
  ///   another shape or with numbers that are not finite
  public static TunedLens load(Path file, LoadedModel model) {
    try (Safetensors opened = Safetensors.open(file)) {
      int depths = model.model().decoder().config().layers();
      long width = model.model().decoder().config().width();
      if (!opened.names().contains("depth.0.weight")) {
        throw new LynceusException(ErrorCode.BAD_REQUEST, file + " holds no tuned lens", NEXT);
      }
      String found = opened.metadata().getOrDefault("revision", "");
      if (!found.equals(revision(model))) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "%s was fitted for %s, not for %s".formatted(file, found, revision(model)),
            "Fit a lens for this model: `lynceus tune-lens`.");
      }
      if (opened.names().size() != 2 * depths) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "%s holds %d tensors; a lens of this model has %d"
                .formatted(file, opened.names().size(), 2 * depths),
            NEXT);
      }
      List<Tensor> weights = new ArrayList<>();
      List<Tensor> biases = new ArrayList<>();
      // All of them are checked before any is kept.
      try (Scope scope = Scope.open()) {
        for (int depth = 0; depth < depths; depth++) {
          weights.add(GivenTensor.of(opened, "depth." + depth + ".weight", NEXT, width, width));
          biases.add(GivenTensor.of(opened, "depth." + depth + ".bias", NEXT, width));
        }
        weights.forEach(Tensor::own);
        biases.forEach(Tensor::own);
      }
      return new TunedLens(found, weights, biases);
    }
  }

  private static String revision(LoadedModel model) {
    return model.checkpoint().version();
  }

  @Override
  public void close() {
    weights.forEach(Tensor::close);
    biases.forEach(Tensor::close);
  }
}
