package dev.lynceus.lab.data;

import dev.lynceus.image.ImageFileReader;
import dev.lynceus.image.RgbImage;
import dev.lynceus.tensor.file.ContentDigest;
import dev.lynceus.tensor.file.InputFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A picture that is a file.
class FileImage implements ImageSource {
  private final String name;
  private final List<Path> files;

  /// @param files where it may be; the first that is there counts
  FileImage(String name, List<Path> files) {
    this.name = name;
    this.files = List.copyOf(files);
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final RgbImage read() {
    return new ImageFileReader().read(chosen());
  }

  @Override
  public final String digest() {
    // As an image: a picture that is not there is BAD_IMAGE.
    Path file = chosen();
    return ContentDigest.of(InputFile.PICTURE.bytes(file));
  }

  @Override
  public final Optional<Path> file() {
    return Optional.of(chosen());
  }

  Path chosen() {
    return files.size() == 1
        ? files.getFirst()
        : files.stream().filter(Files::exists).findFirst().orElse(files.getFirst());
  }

  @Override
  public final String toString() {
    return name;
  }
}
