package dev.lynceus.request;

import dev.lynceus.tensor.file.InputFile;
import java.nio.file.Path;

/// Which picture is meant: requests name pictures and do not hold them.
public sealed interface PictureRef {

  /// A file.
  ///
  /// @param path as it was given
  record File(String path) implements PictureRef {
    @Override
    public String label() {
      Path name = InputFile.PICTURE.path(path).getFileName();
      return String.valueOf(name);
    }
  }

  /// A picture that came beside the request, by its contents.
  ///
  /// @param sha256 SHA-256 of the bytes of its file, in hexadecimal
  record Stored(String sha256) implements PictureRef {
    @Override
    public String label() {
      return sha256.substring(0, Math.min(12, sha256.length()));
    }
  }

  /// A picture that came beside the request, by its number.
  ///
  /// @param number from 0
  record Attached(@Setting(least = 0, most = 10_000) int number) implements PictureRef {
    @Override
    public String label() {
      return "picture " + (number + 1);
    }
  }

  /// A short name for results and messages.
  String label();
}
