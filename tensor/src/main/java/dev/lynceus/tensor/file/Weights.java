package dev.lynceus.tensor.file;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/// A view of weights below a prefix, so that the code of a model reads like its checkpoint.
///
/// ```java
/// Weights layer = weights.at("language_model.layers.3");
/// Tensor query = layer.get("self_attn.q_proj.weight", heads * headDim, hidden);
/// ```
///
/// All views of one source share a record of which tensors were taken; after a model was built,
/// [#unused()] tells what it did not know.
public final class Weights {

  /// In an expected shape: any size will do.
  public static final long ANY = -1;

  private static final int NAMES_IN_MESSAGES = 5;

  private final TensorSource source;
  private final NavigableSet<String> names;
  private final Set<String> taken;
  private final String prefix;

  private Weights(
      TensorSource source, NavigableSet<String> names, Set<String> taken, String prefix) {
    this.source = source;
    this.names = names;
    this.taken = taken;
    this.prefix = prefix;
  }

  /// The view of all weights of a source, with nothing taken yet.
  public static Weights of(TensorSource source) {
    return new Weights(
        source,
        Collections.unmodifiableNavigableSet(new TreeSet<>(source.names())),
        ConcurrentHashMap.newKeySet(),
        "");
  }

  /// The view of tensors in memory, for models that are made rather than loaded.
  ///
  /// @param description what error messages call them
  public static Weights of(String description, Map<String, Tensor> tensors) {
    return of(new TensorMap(description, Map.copyOf(tensors)));
  }

  /// The view below a further prefix; it may be empty of tensors.
  public Weights at(String name) {
    return new Weights(source, names, taken, full(name));
  }

  /// The full prefix of this view; empty at the top.
  public String prefix() {
    return prefix;
  }

  /// Whether a tensor of that name is below this prefix.
  public boolean has(String name) {
    return names.contains(full(name));
  }

  /// Whether any tensor is below a further prefix.
  public boolean hasBelow(String name) {
    return !below(full(name)).isEmpty();
  }

  /// The first of several names that is there, for tensors that differ in name between layouts.
  public Optional<String> find(String... alternatives) {
    return Arrays.stream(alternatives).filter(this::has).findFirst();
  }

  /// The view below the first of several prefixes that has tensors.
  public Optional<Weights> findAt(String... prefixes) {
    return Arrays.stream(prefixes).filter(this::hasBelow).findFirst().map(this::at);
  }

  /// The full names of the tensors below this prefix, sorted.
  public Set<String> names() {
    return Collections.unmodifiableSet(below(prefix));
  }

  /// Type and shape of a tensor. Does not count as taking it.
  ///
  /// @throws LynceusException BAD_CHECKPOINT where it is not there
  public TensorInfo info(String name) {
    requireThere(full(name));
    return source.info(full(name));
  }

  /// Takes a tensor, of whatever shape.
  ///
  /// @throws LynceusException BAD_CHECKPOINT where it is not there
  public Tensor get(String name) {
    String full = full(name);
    requireThere(full);
    taken.add(full);
    return source.tensor(full);
  }

  /// Takes a tensor of the shape that the config asks for; [#ANY] stands for any size.
  ///
  /// @throws LynceusException BAD_CHECKPOINT where it is not there or has another shape
  public Tensor get(String name, long... expected) {
    long[] found = info(name).shape();
    if (!fits(found, expected)) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          "%s: tensor %s has shape %s, expected %s"
              .formatted(
                  source.description(),
                  Quoted.name(full(name)),
                  Arrays.toString(found),
                  Arrays.toString(expected).replace("-1", "any")),
          "config.json and the weights do not belong together: use the config.json of these weights.");
    }
    return get(name);
  }

  /// Marks tensors as known but not needed, such as stored buffers; those that are absent do no
  /// harm.
  public void skip(String... unneeded) {
    for (String name : unneeded) {
      if (has(name)) {
        taken.add(full(name));
      }
    }
  }

  /// The full names of the tensors below this prefix that were neither taken nor skipped, sorted.
  public List<String> unused() {
    return below(prefix).stream().filter(name -> !taken.contains(name)).toList();
  }

  @Override
  public String toString() {
    return source.description() + (prefix.isEmpty() ? "" : " at " + prefix);
  }

  private void requireThere(String full) {
    if (names.contains(full)) {
      return;
    }
    String parent = full.contains(".") ? full.substring(0, full.lastIndexOf('.')) : "";
    while (!parent.isEmpty() && below(parent).isEmpty()) {
      parent = parent.contains(".") ? parent.substring(0, parent.lastIndexOf('.')) : "";
    }
    List<String> near = below(parent).stream().limit(NAMES_IN_MESSAGES).map(Quoted::name).toList();
    throw new LynceusException(
        ErrorCode.BAD_CHECKPOINT,
        source.description() + " has no tensor " + Quoted.name(full),
        near.isEmpty()
            ? "It has no tensors at all: this is not the file of a model."
            : "Near it are "
                + String.join(", ", near)
                + ": if these are names of another layout, the model is not of the type that"
                + " config.json says.");
  }

  private NavigableSet<String> below(String full) {
    // All names that start with "full." lie between it and the next character after '.', which is
    // '/'.
    return full.isEmpty() ? names : names.subSet(full + ".", true, full + "/", false);
  }

  private String full(String name) {
    if (name.isEmpty()) {
      return prefix;
    }
    return prefix.isEmpty() ? name : prefix + "." + name;
  }

  private static boolean fits(long[] found, long[] expected) {
    if (found.length != expected.length) {
      return false;
    }
    for (int i = 0; i < found.length; i++) {
      if (expected[i] != ANY && expected[i] != found[i]) {
        return false;
      }
    }
    return true;
  }

  /// Weights in memory.
  private record TensorMap(String description, Map<String, Tensor> tensors)
      implements TensorSource {

    @Override
    public Set<String> names() {
      return tensors.keySet();
    }

    @Override
    public TensorInfo info(String name) {
      Tensor tensor = tensor(name);
      return new TensorInfo(name, tensor.dtype(), tensor.shape(), 0, tensor.bytes());
    }

    @Override
    public Tensor tensor(String name) {
      Tensor tensor = tensors.get(name);
      if (tensor == null) {
        throw new LynceusException(
            ErrorCode.BAD_CHECKPOINT,
            description + " has no tensor " + Quoted.name(name),
            "Check the name.");
      }
      return tensor;
    }
  }
}
