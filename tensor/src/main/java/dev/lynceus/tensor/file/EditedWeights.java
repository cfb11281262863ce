package dev.lynceus.tensor.file;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The weights of a source with some matrices changed; all others are those of the source, byte for
/// byte. Changed matrices are float32 numbers in memory of their own until [#close()].
///
/// Instances can be used by several threads.
public final class EditedWeights implements TensorSource, AutoCloseable {
  private final TensorSource source;
  private final List<RankOne> edits;
  private final Map<String, Tensor> changed = new HashMap<>();

  /// Over a source that stays open as long as this.
  ///
  /// @throws LynceusException BAD_REQUEST for a matrix that the source does not have
  public EditedWeights(TensorSource source, List<RankOne> edits) {
    this.source = source;
    this.edits = List.copyOf(edits);
    for (RankOne edit : edits) {
      if (!source.names().contains(edit.tensor())) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "%s has no tensor %s, which the edit changes"
                .formatted(source.description(), Quoted.name(edit.tensor())),
            "It was made for another model: name the model that it was made for.");
      }
    }
  }

  @Override
  public Set<String> names() {
    return source.names();
  }

  /// As it is stored.
  @Override
  public TensorInfo info(String name) {
    return source.info(name);
  }

  @Override
  public synchronized Tensor tensor(String name) {
    return isChanged(name)
        ? changed.computeIfAbsent(name, absent -> edited(source.tensor(name), name))
        : source.tensor(name);
  }

  private boolean isChanged(String name) {
    return edits.stream().anyMatch(edit -> edit.tensor().equals(name));
  }

  private Tensor edited(Tensor stored, String name) {
    try (Scope scope = Scope.open()) {
      Tensor now = stored;
      for (RankOne edit : edits) {
        if (edit.tensor().equals(name)) {
          now = edit.of(now);
        }
      }
      return now.own();
    }
  }

  @Override
  public String description() {
    return source.description();
  }

  /// Frees the changed matrices, whoever else took them for their own. Closing twice does nothing.
  @Override
  public synchronized void close() {
    for (Tensor tensor : changed.values()) {
      while (tensor.isOpen()) {
        tensor.close();
      }
    }
    changed.clear();
  }
}
