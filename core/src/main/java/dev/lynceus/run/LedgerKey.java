package dev.lynceus.run;

import dev.lynceus.image.RgbImage;
import dev.lynceus.model.Picture;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.ContentDigest;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// What a sweep is, part by part: the contents of everything that its numbers depend on. Files
/// enter by what is in them, never by their names: another picture under the same name is another
/// sweep, and the same picture under another name is the same one.
///
/// Left out is what moves numbers by rounding alone: the number of threads, and how many replays
/// share a pass.
public final class LedgerKey {
  private final SequencedMap<String, String> parts;

  private LedgerKey(Map<String, String> parts) {
    this.parts = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(parts));
  }

  /// A key of one part.
  public static LedgerKey of(String name, String value) {
    return new LedgerKey(Map.of(name, value));
  }

  /// What every sweep of a model has: all bytes of its weights, its config, the arithmetic,
  /// libtorch, and the code of Lynceus.
  ///
  /// @param code a class of each further module that has part in the numbers
  public static LedgerKey of(LoadedModel model, Class<?>... code) {
    Class<?>[] all = Arrays.copyOf(code, code.length + 2);
    all[code.length] = LedgerKey.class;
    all[code.length + 1] = Torch.class;
    return of("the build of Lynceus", CodeDigest.of(all))
        .with("the version of libtorch", Torch.version())
        .with("the weights", model.checkpoint().contentDigest())
        .with("the arithmetic", model.computeType().toString());
  }

  /// This key with another part.
  public LedgerKey with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(parts);
    more.put(name, value);
    return new LedgerKey(more);
  }

  /// This key with a picture: every pixel, as it was read and as the tower sees it.
  public LedgerKey with(String name, Picture picture) {
    StringBuilder all = new StringBuilder();
    picture.frames().forEach(frame -> all.append(digest(frame)));
    for (var view : picture.views()) {
      float[] pixels = view.pixels();
      ByteBuffer bytes = ByteBuffer.allocate(pixels.length * Float.BYTES);
      FloatBuffer floats = bytes.asFloatBuffer();
      floats.put(pixels);
      all.append(' ').append(ContentDigest.of(bytes.array()));
    }
    return with(name, ContentDigest.of(all.toString()));
  }

  /// This key with a picture that is not the model's input, such as a mask.
  public LedgerKey with(String name, RgbImage picture) {
    return with(name, digest(picture));
  }

  private static String digest(RgbImage picture) {
    return "%dx%d %s"
        .formatted(picture.width(), picture.height(), ContentDigest.of(picture.toBytes()));
  }

  /// The parts by name, in order.
  public SequencedMap<String, String> parts() {
    return parts;
  }
}
