package dev.lynceus.pupil;

import dev.lynceus.model.Checkpoints;
import java.nio.file.Path;
import java.util.function.Supplier;

/// The bundled model: a LLaVA of 3.4 million parameters that answers questions about coloured
/// silhouettes. Its model card says what it answers well.
///
/// The files travel inside the jar and are unpacked into a [cache folder][ModelCache] on first use.
public final class Pupil implements Checkpoints.Bundled {

  /// Its name on the command line.
  public static final String NAME = "pupil";

  private final Supplier<ModelCache> cache;

  /// The model in the cache folder that the environment names. It is looked for when the model is
  /// used: whoever uses another one needs none.
  public Pupil() {
    this.cache = ModelCache::fromEnvironment;
  }

  /// The model in a given cache folder.
  Pupil(ModelCache cache) {
    this.cache = () -> cache;
  }

  @Override
  public String name() {
    return NAME;
  }

  /// The folder of the checkpoint, unpacked and checked.
  ///
  /// @throws dev.lynceus.error.LynceusException NOT_WRITABLE if it cannot be unpacked
  @Override
  public Path folder() {
    return cache.get().unpack("model", BundledFiles.in("model"));
  }
}
