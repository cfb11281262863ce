package dev.lynceus.tensor.file;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.Map;

/// Where the weights of a checkpoint lie while it is open.
public enum WeightStorage {

  /// In the files themselves, mapped: nothing is copied, and processes share the pages. Whoever may
  /// write to the files can change the numbers, which is noticed at the next pass, or shorten a
  /// file in the middle of a pass, which ends the process.
  MAPPED,

  /// In a private copy that nobody else can open: a nameless file in the Lynceus cache, made when
  /// the checkpoint is opened. Costs the time and the disk of a copy (neither, where the file
  /// system can clone); what becomes of the files afterwards is of no account. For servers that are
  /// given files by strangers.
  PRIVATE;

  /// What users call it.
  public String word() {
    return switch (this) {
      case MAPPED -> "mapped";
      case PRIVATE -> "private";
    };
  }

  /// The kind that a word means.
  ///
  /// @throws LynceusException BAD_REQUEST
  public static WeightStorage parse(String word) {
    for (WeightStorage storage : values()) {
      if (storage.word().equals(word)) {
        return storage;
      }
    }
    throw new LynceusException(
        ErrorCode.BAD_REQUEST,
        "weights are not kept '" + word + "'",
        "Use mapped, or private for copies that nobody else can change.");
  }

  /// What `LYNCEUS_WEIGHTS` says; [#MAPPED] where it is not set.
  ///
  /// @throws LynceusException BAD_REQUEST for another word
  public static WeightStorage fromEnvironment(Map<String, String> environment) {
    String word = environment.getOrDefault("LYNCEUS_WEIGHTS", "");
    return word.isEmpty() ? MAPPED : parse(word);
  }
}
