package dev.lynceus.tensor.file;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/// The safetensors files of a folder: one, or shards that are opened when needed.
sealed interface WeightFiles extends AutoCloseable {

  String SINGLE = "model.safetensors";
  String INDEX = "model.safetensors.index.json";

  /// The names of all tensors.
  Set<String> names();

  /// The file that holds a tensor, opened.
  Safetensors holding(String tensor);

  /// All files, opened, in the order of their names.
  List<Safetensors> all();

  /// The files that are open already.
  List<Safetensors> opened();

  /// The bytes of all tensors as the index declares them.
  OptionalLong declaredBytes();

  /// What is odd but harmless; maps all files.
  List<String> warnings();

  @Override
  void close();

  /// Finds the weights in a folder. One whole file is preferred to shards, as the layout's own
  /// library does.
  ///
  /// @throws LynceusException BAD_CHECKPOINT
  static WeightFiles in(Path folder, WeightStorage storage) {
    if (InputFile.isThere(folder.resolve(SINGLE))) {
      return new Single(
          Safetensors.open(folder.resolve(SINGLE), storage),
          InputFile.isThere(folder.resolve(INDEX)));
    }
    if (InputFile.isThere(folder.resolve(INDEX))) {
      return new Sharded(ShardIndex.read(folder.resolve(INDEX)), storage);
    }
    throw NoWeights.in(folder);
  }

  /// All weights in `model.safetensors`.
  ///
  /// @param shadowsIndex whether an index lies beside it, which is then ignored
  record Single(Safetensors file, boolean shadowsIndex) implements WeightFiles {

    @Override
    public Set<String> names() {
      return file.names();
    }

    @Override
    public Safetensors holding(String tensor) {
      return file;
    }

    @Override
    public List<Safetensors> all() {
      return List.of(file);
    }

    @Override
    public List<Safetensors> opened() {
      return all();
    }

    @Override
    public OptionalLong declaredBytes() {
      return OptionalLong.empty();
    }

    @Override
    public List<String> warnings() {
      return shadowsIndex
          ? List.of(file.path() + " is used; the index beside it, " + INDEX + ", is not read")
          : List.of();
    }

    @Override
    public void close() {
      file.close();
    }
  }

  /// Weights in several files. Opened shards are kept in `open`; once closed, none is opened again.
  final class Sharded implements WeightFiles {
    private final ShardIndex index;
    private final WeightStorage storage;
    private final Map<String, Safetensors> open = new TreeMap<>();
    private boolean closed;

    Sharded(ShardIndex index, WeightStorage storage) {
      this.index = index;
      this.storage = storage;
    }

    @Override
    public Set<String> names() {
      return index.shardOf().keySet();
    }

    @Override
    public Safetensors holding(String tensor) {
      String shard = index.shardOf().get(tensor);
      if (shard == null) {
        throw new LynceusException(
            ErrorCode.BAD_CHECKPOINT,
            index.file() + " has no tensor " + Quoted.name(tensor),
            "Check the name; the checkpoint has " + names().size() + " tensors.");
      }
      return shard(shard);
    }

    @Override
    public List<Safetensors> all() {
      return index.shards().stream().map(this::shard).toList();
    }

    @Override
    public synchronized List<Safetensors> opened() {
      return List.copyOf(open.values());
    }

    @Override
    public OptionalLong declaredBytes() {
      return index.totalSize();
    }

    @Override
    public List<String> warnings() {
      List<String> warnings = new ArrayList<>();
      for (Safetensors file : all()) {
        for (String tensor : file.names()) {
          if (!index.shardOf().containsKey(tensor)) {
            warnings.add(
                file.path()
                    + " has a tensor "
                    + Quoted.name(tensor)
                    + " that the index does not name");
          }
        }
      }
      return warnings;
    }

    @Override
    public synchronized void close() {
      closed = true;
      open.values().forEach(Safetensors::close);
      open.clear();
    }

    private synchronized Safetensors shard(String name) {
      if (closed) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            index.file() + " was closed, its tensors are gone",
            "Keep the checkpoint open as long as tensors of it are used.");
      }
      Safetensors known = open.get(name);
      if (known != null) {
        return known;
      }
      Safetensors file = Safetensors.open(index.file().resolveSibling(name), storage);
      try {
        index.check(name, file);
      } catch (LynceusException e) {
        file.close();
        throw e;
      }
      open.put(name, file);
      return file;
    }
  }
}
