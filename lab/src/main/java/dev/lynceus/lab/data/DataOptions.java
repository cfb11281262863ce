package dev.lynceus.lab.data;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a data set is read.
///
/// @param format null for what its contents say
/// @param images folder of its pictures; null for the folder of the data set
/// @param split only the rows of that split; empty for all
/// @param anywhere whether pictures may lie outside of these folders, also through links
/// @param beside other files of the data set: annotations of VQAv2, instances of RefCOCO
/// @param limit most rows that are read, broken ones among them
/// @param limits what is too much
public record DataOptions(
    @Nullable DataFormat format,
    @Nullable Path images,
    String split,
    boolean anywhere,
    List<Path> beside,
    int limit,
    DataLimits limits) {
  /// All rows, pictures in the data set's own folder, the format as the contents say.
  public static final DataOptions DEFAULT =
      new DataOptions(null, null, "", false, List.of(), Integer.MAX_VALUE, DataLimits.DEFAULT);

  public DataOptions {
    beside = List.copyOf(beside);
  }

  public DataOptions withFormat(@Nullable DataFormat one) {
    return new DataOptions(one, images, split, anywhere, beside, limit, limits);
  }

  public DataOptions withImages(@Nullable Path folder) {
    return new DataOptions(format, folder, split, anywhere, beside, limit, limits);
  }

  public DataOptions withSplit(String one) {
    return new DataOptions(format, images, one, anywhere, beside, limit, limits);
  }

  public DataOptions withAnywhere(boolean may) {
    return new DataOptions(format, images, split, may, beside, limit, limits);
  }

  public DataOptions withBeside(List<Path> files) {
    return new DataOptions(format, images, split, anywhere, files, limit, limits);
  }

  public DataOptions withLimit(int rows) {
    return new DataOptions(format, images, split, anywhere, beside, rows, limits);
  }

  public DataOptions withLimits(DataLimits most) {
    return new DataOptions(format, images, split, anywhere, beside, limit, most);
  }
}
