package dev.lynceus.method;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tensor.file.AtomicFile;
import dev.lynceus.tensor.file.CacheFolder;
import dev.lynceus.tensor.file.InputFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Where sets of seeing heads are kept: one file for each checkpoint in the folder `seeing` of the
/// cache, before those that come with bundled models.
///
/// @param folder of the files; it need not exist
public record SeeingHeadStore(Path folder) {
  /// The store in the cache folder that the environment names.
  ///
  /// @throws LynceusException NOT_WRITABLE where there is no such folder
  public static SeeingHeadStore fromEnvironment() {
    return new SeeingHeadStore(CacheFolder.ofProcess().root().resolve("seeing"));
  }

  /// The heads of a model in the store of this process; those of bundled models also where there is
  /// no store.
  ///
  /// @throws LynceusException BAD_CHECKPOINT if there is a file that cannot be used
  public static Optional<SeeingHeads> kept(LoadedModel model) {
    SeeingHeadStore store;
    try {
      store = fromEnvironment();
    } catch (LynceusException nowhere) {
      // Without a folder nothing was ever kept.
      return bundled(model);
    }
    return store.of(model);
  }

  /// What a checkpoint is called by: its revision, else its fingerprint.
  public static String revision(LoadedModel model) {
    return model.checkpoint().version();
  }

  /// The heads of a model; empty if none were found yet.
  ///
  /// @throws LynceusException BAD_CHECKPOINT if there is a file that cannot be used
  public Optional<SeeingHeads> of(LoadedModel model) {
    String revision = revision(model);
    Path file = file(revision);
    if (InputFile.isThere(file)) {
      return Optional.of(
          SeeingHeads.parse(InputFile.SETTINGS.text(file), file.toString())
              .fitting(revision, model.model().decoder().config(), file.toString()));
    }
    return bundled(model);
  }

  private static Optional<SeeingHeads> bundled(LoadedModel model) {
    String revision = revision(model);
    return ServiceLoader.load(SeeingHeads.Bundled.class).stream()
        .flatMap(bundled -> bundled.get().of(revision).stream())
        .findFirst()
        .map(
            found -> found.fitting(revision, model.model().decoder().config(), "the bundled file"));
  }

  /// The file of a checkpoint.
  public Path file(String revision) {
    return folder.resolve(revision.replaceAll("[^0-9A-Za-z_-]", "_") + ".json");
  }

  /// This store, its folder made if need be: so that what cannot be kept is told before the work.
  ///
  /// @throws LynceusException NOT_WRITABLE
  public SeeingHeadStore ready() {
    try {
      Files.createDirectories(folder);
      if (!Files.isWritable(folder)) {
        throw new IOException("no permission");
      }
      return this;
    } catch (IOException e) {
      throw new LynceusException(
          ErrorCode.NOT_WRITABLE,
          "seeing heads cannot be kept in " + folder,
          CacheFolder.advice(),
          e);
    }
  }

  /// Keeps a set; it replaces an earlier one of the same checkpoint at once or not at all.
  ///
  /// @return the file
  /// @throws LynceusException NOT_WRITABLE
  public Path keep(SeeingHeads found) {
    Path file = ready().file(found.revision());
    AtomicFile.write(file, json(found).getBytes(StandardCharsets.UTF_8));
    return file;
  }

  /// A set as indented JSON.
  public static String json(SeeingHeads found) {
    return JsonMapper.builder()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .build()
        .writeValueAsString(found);
  }
}
