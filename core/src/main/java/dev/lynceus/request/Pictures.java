package dev.lynceus.request;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageFileReader;
import dev.lynceus.image.RgbImage;
import dev.lynceus.tensor.file.InputFile;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Where the pictures of requests come from. Each is read once, so that what is told of it is what
/// was computed with. For the use of one thread.
public final class Pictures {
  private final Function<PictureRef.File, Optional<RgbImage>> files;
  private final List<RgbImage> attached;
  private final Map<String, RgbImage> stored;
  private final Map<PictureRef, RgbImage> read = new HashMap<>();

  private Pictures(
      Function<PictureRef.File, Optional<RgbImage>> files,
      List<RgbImage> attached,
      Map<String, RgbImage> stored) {
    this.files = files;
    this.attached = List.copyOf(attached);
    this.stored = Map.copyOf(stored);
  }

  /// Files of this machine, wherever they are.
  public static Pictures files() {
    return new Pictures(Pictures::opened, List.of(), Map.of());
  }

  /// Only what came beside the request: no file is opened, whatever a request names.
  ///
  /// @param attached by number
  /// @param stored by the SHA-256 of the bytes of their files
  public static Pictures only(List<RgbImage> attached, Map<String, RgbImage> stored) {
    Map<String, RgbImage> small = new LinkedHashMap<>();
    stored.forEach((sum, image) -> small.put(sum.toLowerCase(Locale.ROOT), image));
    return new Pictures(file -> Optional.empty(), attached, small);
  }

  /// These with pictures by number.
  public Pictures with(List<RgbImage> more) {
    return new Pictures(files, more, stored);
  }

  /// Files of this machine, some of which have been read.
  public static Pictures files(Map<PictureRef, RgbImage> known) {
    Pictures files = files();
    files.read.putAll(known);
    return files;
  }

  private static Optional<RgbImage> opened(PictureRef.File file) {
    return Optional.of(new ImageFileReader().read(InputFile.PICTURE.path(file.path())));
  }

  /// The picture that is meant.
  ///
  /// @throws LynceusException BAD_IMAGE for a file that is none; BAD_REQUEST for a picture that is
  ///   not among these
  public RgbImage read(PictureRef ref) {
    return read.computeIfAbsent(ref, this::found);
  }

  private RgbImage found(PictureRef ref) {
    Optional<RgbImage> found =
        switch (ref) {
          case PictureRef.File file -> files.apply(file);
          case PictureRef.Stored(String sum) ->
              Optional.ofNullable(stored.get(sum.toLowerCase(Locale.ROOT)));
          case PictureRef.Attached(int number) ->
              number < attached.size() ? Optional.of(attached.get(number)) : Optional.empty();
        };
    return found.orElseThrow(() ->
        new LynceusException(
            ErrorCode.BAD_REQUEST,
            switch (ref) {
              case PictureRef.File file ->
                  "files are not read here, and '" + file.path() + "' is one";
              case PictureRef.Stored(String sum) -> "there is no picture with the sum " + sum;
              case PictureRef.Attached(int number) ->
                  "there is no picture %d; %d came with the request"
                      .formatted(number, attached.size());
            },
            "Send the picture with the request, and name it by its number, from 0, or its SHA-256."));
  }
}
