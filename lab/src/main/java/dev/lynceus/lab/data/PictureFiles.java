package dev.lynceus.lab.data;

import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which files a data set may name. They lie in its own folder or in the one that the user gave,
/// also where links lead: data sets come from others, and what lies elsewhere is no picture of
/// theirs.
public final class PictureFiles {
  private final Path folder;
  private final @Nullable Path images;
  private final boolean anywhere;

  private PictureFiles(Path folder, @Nullable Path images, boolean anywhere) {
    this.folder = folder;
    this.images = images;
    this.anywhere = anywhere;
  }

  /// Those of a file that names pictures.
  public static PictureFiles besideFile(Path file, DataOptions options) {
    Path parent = file.toAbsolutePath().normalize().getParent();
    return inFolder(parent == null ? file.toAbsolutePath() : parent, options);
  }

  /// Those of a folder.
  static PictureFiles inFolder(Path folder, DataOptions options) {
    Path images = options.images();
    return new PictureFiles(
        folder.toAbsolutePath().normalize(),
        images == null ? null : images.toAbsolutePath().normalize(),
        options.anywhere());
  }

  /// A picture that a row names.
  ///
  /// @param where what messages call the row
  /// @throws LynceusException BAD_REQUEST for what is no name, or lies outside
  public ImageSource picture(String name, String where) {
    return new FileImage(name, List.of(file(name, where)));
  }

  /// The file that a row names. It need not be there: who reads it tells that.
  ///
  /// @throws LynceusException BAD_REQUEST for what is no name, or lies outside
  public Path file(String name, String where) {
    Path base = images == null ? folder : images;
    Path file = resolved(base, name, where);
    if (!anywhere && !isInside(file)) {
      throw Refusal.bad(
          "%s: image %s lies outside of %s; --images-anywhere allows it"
              .formatted(where, Refusal.shown(name), base),
          "Move the picture into that folder, or allow it with --images-anywhere.");
    }
    return file;
  }

  /// A picture that may have one of several names, as data sets are unpacked in different ways. The
  /// first that is there when it is read is taken.
  ///
  /// @throws LynceusException BAD_REQUEST for what is no name, or lies outside
  ImageSource either(List<String> names, String where) {
    Path base = images == null ? folder : images;
    List<Path> files = new ArrayList<>();
    for (String name : names) {
      Path file = resolved(base, name, where);
      if (!anywhere && !isLexicallyInside(file)) {
        throw Refusal.bad(
            "%s: image %s lies outside of %s; --images-anywhere allows it"
                .formatted(where, Refusal.shown(name), base),
            "Move the picture into that folder, or allow it with --images-anywhere.");
      }
      files.add(file);
    }
    return new FileImage(names.getFirst(), files) {
      @Override
      Path chosen() {
        Path file = super.chosen();
        if (!anywhere && !isInside(file)) {
          throw Refusal.bad(
              "%s: image %s lies outside of %s; --images-anywhere allows it"
                  .formatted(where, Refusal.shown(names.getFirst()), base),
              "Move the picture into that folder, or allow it with --images-anywhere.");
        }
        return file;
      }
    };
  }

  private static Path resolved(Path base, String name, String where) {
    try {
      return base.resolve(name);
    } catch (InvalidPathException e) {
      throw Refusal.bad(
          where + ": image is not the name of a file",
          "Name a picture in the folder of the questions.",
          e);
    }
  }

  private boolean isLexicallyInside(Path file) {
    Path plain = file.normalize();
    return plain.startsWith(folder) || images != null && plain.startsWith(images);
  }

  private boolean isInside(Path file) {
    if (!isLexicallyInside(file)) {
      return false;
    }
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return true; // A picture that is not there is told by its reader.
    }
    try {
      Path real = file.toRealPath();
      return real.startsWith(folder.toRealPath())
          || images != null && real.startsWith(images.toRealPath());
    } catch (IOException e) {
      // A link to nothing: its reader tells it.
      return !Files.exists(file);
    }
  }
}
