package dev.lynceus.lab.data;

/// How much a data set may have. What is larger is refused, so that no file can take all memory.
///
/// @param rows most rows
/// @param textChars most characters of all texts together that are kept in memory
/// @param pictureBytes most bytes of one picture that is stored within another file
/// @param rowBytes most bytes of one line, row or element of a list
/// @param entries most files of a folder, or entries of an archive
/// @param unpackedBytes most bytes that a packed archive may unpack to
public record DataLimits(
    int rows, long textChars, int pictureBytes, int rowBytes, int entries, long unpackedBytes) {
  /// What is read unless other limits are given.
  public static final DataLimits DEFAULT =
      new DataLimits(5_000_000, 256L << 20, 64 << 20, 96 << 20, 5_000_000, 16L << 30);
}
