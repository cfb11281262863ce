package dev.lynceus.tensor.file;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A model's folder in the Hugging Face layout: `config.json`, and weights in `model.safetensors`
/// or in shards that `model.safetensors.index.json` lists.
///
/// ```java
/// try (Checkpoint checkpoint = Checkpoint.open(folder)) {
///   Weights weights = checkpoint.weights();
///   Tensor query = weights.at("model.layers.3").get("self_attn.q_proj.weight", 64, 64);
/// }
/// ```
///
/// Opening reads the index only; a shard is mapped when the first of its tensors is asked for.
/// Tensors are views of the mapped files and end with [#close()]; see [Safetensors] for how, and
/// for files that change meanwhile. Instances can be used by several threads.
public final class Checkpoint implements TensorSource, AutoCloseable {

  private static final String CONFIG = "config.json";

  /// What changes the numbers of a model beside its weights and what it is asked.
  private static final List<String> SETTINGS = List.of(CONFIG, "generation_config.json");

  private static final Pattern SNAPSHOT =
      Pattern.compile("models--([^/\\\\]+)[/\\\\]snapshots[/\\\\]([0-9a-f]{40})$");

  private final Path folder;
  private final WeightFiles files;
  private volatile @Nullable String fingerprint;

  private Checkpoint(Path folder, WeightFiles files) {
    this.folder = folder;
    this.files = files;
  }

  /// Opens a folder.
  ///
  /// @throws LynceusException MODEL_NOT_FOUND where there is no such folder; BAD_CHECKPOINT where
  ///   it holds no safetensors weights, only part of them, or broken ones
  public static Checkpoint open(Path folder) {
    return open(folder, WeightStorage.MAPPED);
  }

  /// Opens a folder.
  ///
  /// @param storage where its weights lie while it is open
  /// @throws LynceusException as [#open(Path)], and NOT_WRITABLE where private copies cannot be
  ///   made
  public static Checkpoint open(Path folder, WeightStorage storage) {
    if (Files.isRegularFile(folder)) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          folder + " is a file, not the folder of a model",
          FolderFiles.insteadOf(folder));
    }
    if (!Files.isDirectory(folder)) {
      throw new LynceusException(
          ErrorCode.MODEL_NOT_FOUND,
          "There is no folder " + folder.toAbsolutePath().normalize(),
          "Check the path, or fetch the model with `hf download org/name`.");
    }
    FolderFiles.refuseLostLinks(folder);
    return new Checkpoint(folder, WeightFiles.in(folder, storage));
  }

  /// The folder.
  public Path folder() {
    return folder;
  }

  /// The names of all tensors: of a sharded checkpoint, those of the index.
  @Override
  public Set<String> names() {
    return files.names();
  }

  /// Type, shape and place of a tensor; maps its shard.
  ///
  /// @throws LynceusException BAD_CHECKPOINT where there is no such tensor, or its shard is broken
  @Override
  public TensorInfo info(String name) {
    return files.holding(name).info(name);
  }

  /// A tensor as a view of the mapped file.
  ///
  /// @throws LynceusException as [#info], and BAD_REQUEST after closing
  @Override
  public Tensor tensor(String name) {
    return files.holding(name).tensor(name);
  }

  /// The bytes of a tensor as a read-only view of the mapped file.
  ///
  /// @throws LynceusException as [#tensor]
  public MemorySegment segment(String name) {
    return files.holding(name).segment(name);
  }

  /// The view from which a model takes its weights, with a record of which were taken.
  public Weights weights() {
    return Weights.of(this);
  }

  /// The content of `config.json`.
  ///
  /// @throws LynceusException BAD_CHECKPOINT where it is missing or not a JSON object
  public JsonNode config() {
    return json(CONFIG)
        .orElseThrow(() ->
            new LynceusException(
                ErrorCode.BAD_CHECKPOINT,
                folder + " has no " + CONFIG,
                "Fetch the whole model, for example with `hf download org/name`."));
  }

  /// The content of another JSON file of the folder, where it is there.
  ///
  /// @throws LynceusException BAD_CHECKPOINT where it is there but not a JSON object; BAD_REQUEST
  ///   where the name leads out of the folder
  public Optional<JsonNode> json(String fileName) {
    return file(fileName).map(JsonFiles::read);
  }

  /// The path of a file of the folder, where it is there.
  ///
  /// @throws LynceusException BAD_REQUEST where the name leads out of the folder
  public Optional<Path> file(String fileName) {
    // Judged by itself: a folder given as "." or through links has no normal form to compare with.
    Path relative = InputFile.SETTINGS.path(fileName).normalize();
    if (relative.isAbsolute() || relative.startsWith("..")) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "'" + fileName + "' is not a file of " + folder,
          "Name a file inside the folder.");
    }
    Path file = folder.resolve(relative);
    return InputFile.isThere(file) ? Optional.of(file) : Optional.empty();
  }

  /// The bytes of all tensors; maps all shards.
  public long bytes() {
    return files.all().stream()
        .flatMap(file -> file.names().stream().map(file::info))
        .mapToLong(TensorInfo::bytes)
        .sum();
  }

  /// The number of stored elements, which counts tied weights once and buffers too; maps all
  /// shards.
  public long parameters() {
    return files.all().stream()
        .flatMap(file -> file.names().stream().map(file::info))
        .mapToLong(TensorInfo::elements)
        .sum();
  }

  /// What is odd about the checkpoint but does not stop it from being used; maps all shards.
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>(files.warnings());
    FolderFiles.adapter(folder).ifPresent(warnings::add);
    long bytes = bytes();
    files
        .declaredBytes()
        .ifPresent(declared -> {
          if (declared != bytes) {
            warnings.add(
                "The index of %s declares %d bytes of weights, its shards hold %d"
                    .formatted(folder, declared, bytes));
          }
        });
    return List.copyOf(warnings);
  }

  /// A quick fingerprint of the weights in 64 hexadecimal digits; see [Fingerprint] for what it
  /// covers. Maps all shards. Taken once; files that changed since are refused.
  ///
  /// @throws LynceusException BAD_CHECKPOINT where a file changed since it was opened
  public String fingerprint() {
    requireUnchanged();
    String taken = fingerprint;
    if (taken == null) {
      taken = Fingerprint.of(files.all());
      fingerprint = taken;
    }
    return taken;
  }

  /// A digest of every byte of the weights and of the files that say how they are used, in 64
  /// hexadecimal digits; see [ContentDigest] for how it is made and remembered. Maps all shards.
  ///
  /// @throws LynceusException BAD_CHECKPOINT where a file changed since it was opened
  public String contentDigest() {
    return ContentDigest.of(files.all(), SETTINGS.stream().flatMap(f -> file(f).stream()).toList());
  }

  /// Passes where no weight file that is open has changed; see [Safetensors#requireUnchanged].
  /// Asked before and after every pass of a model.
  ///
  /// @throws LynceusException BAD_CHECKPOINT, naming the file
  public void requireUnchanged() {
    files.opened().forEach(Safetensors::requireUnchanged);
  }

  /// The commit, where the folder is a snapshot in a Hugging Face cache.
  public Optional<String> revision() {
    return snapshot().map(matcher -> matcher.group(2));
  }

  /// What results say that they are of: the commit, or else the fingerprint.
  public String version() {
    return revision().orElseGet(this::fingerprint);
  }

  /// `org/name`, where the folder is a snapshot in a Hugging Face cache.
  public Optional<String> repository() {
    return snapshot().map(matcher -> matcher.group(1).replace("--", "/"));
  }

  @Override
  public String description() {
    return folder.toString();
  }

  /// Ends the use of all files. Tensors of the checkpoint refuse afterwards.
  @Override
  public void close() {
    files.close();
  }

  private Optional<Matcher> snapshot() {
    Matcher matcher = SNAPSHOT.matcher(folder.toAbsolutePath().normalize().toString());
    return matcher.find() ? Optional.of(matcher) : Optional.empty();
  }
}
