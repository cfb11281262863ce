package dev.lynceus.method.words;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.nn.Linear;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.tensor.file.GivenTensor;
import dev.lynceus.tensor.file.Safetensors;
import dev.lynceus.tensor.file.SafetensorsWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A head that reads words from what enters a decoder in the place of patches: one linear map
/// without bias, `w_i = softmax(VM h_i)` (arXiv 2403.07720). It has no part in what the model
/// answers. A checkpoint may bring one with it; for others [VmHeadFit] fits one.
///
/// The tensor lives until this is closed.
public final class VmHead implements AutoCloseable {
  private static final String NAME = "vm_head.weight";
  private static final List<String> NAMES = List.of(NAME, "model." + NAME);
  private static final String NEXT =
      "Name a file that `lynceus tune-words --output FILE` wrote for this model.";

  private final String revision;
  private final Tensor weight;

  /// @param weight `[vocabulary, width]`, owned by this
  VmHead(String revision, Tensor weight) {
    this.revision = revision;
    this.weight = weight;
  }

  /// A head to begin with: it holds all words equally probable.
  static VmHead zero(LoadedModel model) {
    long[] shape = shape(model);
    return new VmHead(revision(model), Torch.zeros(DType.FLOAT32, shape).own());
  }

  /// That of a checkpoint; empty where it has none.
  ///
  /// @throws LynceusException BAD_CHECKPOINT for one of another shape
  public static Optional<VmHead> of(LoadedModel model) {
    Checkpoint checkpoint = model.checkpoint();
    Optional<String> name = NAMES.stream().filter(checkpoint.names()::contains).findFirst();
    if (name.isEmpty()) {
      return Optional.empty();
    }
    long[] expected = shape(model);
    return Optional.of(
        new VmHead(revision(model), checkpoint.weights().get(name.get(), expected).copy().own()));
  }

  /// Reads a file that [#save] wrote.
  ///
  /// @throws LynceusException BAD_REQUEST if it holds no head, that of another model, one of
  ///   another shape, or numbers that are not finite
  public static VmHead load(Path file, LoadedModel model) {
    try (Safetensors opened = Safetensors.open(file)) {
      if (!opened.names().contains(NAME)) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST, file + " holds no head for visual words", NEXT);
      }
      String found = opened.metadata().getOrDefault("revision", "");
      if (!found.equals(revision(model))) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "%s was fitted for %s, not for %s".formatted(file, found, revision(model)),
            "Fit a head for this model: `lynceus tune-words`.");
      }
      return new VmHead(found, GivenTensor.of(opened, NAME, NEXT, shape(model)).own());
    }
  }

  /// Writes a safetensors file with `vm_head.weight`, the name that checkpoints use.
  ///
  /// @throws LynceusException NOT_WRITABLE
  public void save(Path file) {
    new SafetensorsWriter().metadata("revision", revision).add(NAME, weight).write(file);
  }

  /// Logits of visual words, `[patches, width]` to `[patches, vocabulary]`.
  public Tensor logits(Tensor states) {
    return new Linear(weight, null).apply(states);
  }

  Tensor weight() {
    return weight;
  }

  private static long[] shape(LoadedModel model) {
    TextStack decoder = model.model().decoder();
    return new long[] {decoder.config().vocabulary(), decoder.config().width()};
  }

  private static String revision(LoadedModel model) {
    return model.checkpoint().version();
  }

  @Override
  public void close() {
    weight.close();
  }
}
