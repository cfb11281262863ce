package dev.lynceus.lab.data;

import dev.lynceus.image.ImageFileReader;
import dev.lynceus.image.RgbImage;
import dev.lynceus.tensor.file.ContentDigest;
import java.util.function.Supplier;

/// A picture that lies within another file: a cell of a table, an entry of an archive.
///
/// @param name as the data set calls it
/// @param place what messages call it
/// @param bytes reads it as it is stored
record StoredImage(String name, String place, Supplier<byte[]> bytes) implements ImageSource {
  @Override
  public RgbImage read() {
    return new ImageFileReader().read(bytes.get(), place);
  }

  @Override
  public String digest() {
    return ContentDigest.of(bytes.get());
  }

  @Override
  public String toString() {
    return name;
  }
}
