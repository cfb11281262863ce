package dev.lynceus.tensor.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/// What a failed write means, in words: the message of a file system's exception is often only a
/// path.
public final class FileFault {
  private FileFault() {}

  /// The reason, for the end of a sentence.
  public static String reason(IOException fault) {
    String own =
        fault instanceof FileSystemException system && system.getReason() != null
            ? system.getReason()
            : String.valueOf(fault.getMessage());
    String words = own.toLowerCase(Locale.ROOT);
    if (words.contains("no space left") || words.contains("not enough space")) {
      return "the disk is full";
    }
    if (words.contains("quota exceeded")) {
      return "your quota of the disk is used up";
    }
    if (words.contains("read-only file system")) {
      return "the file system may only be read";
    }
    if (words.contains("file name too long")) {
      return "the name is too long";
    }
    return switch (fault) {
      case AccessDeniedException denied -> "you may not write there";
      case NoSuchFileException absent -> "the folder is not there";
      default -> fault.getMessage() == null ? fault.getClass().getSimpleName() : fault.getMessage();
    };
  }
}
