package dev.lynceus.lab.data;

import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.file.InputFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The one way by which data sets are read, whatever their format.
///
/// ```java
/// DataSet questions = DataSets.open(Path.of("vqa.json"), DataOptions.DEFAULT);
/// for (Example example : questions.examples()) {
///   RgbImage picture = example.images().getFirst().read();
/// }
/// ```
public final class DataSets {
  private DataSets() {}

  /// Reads a data set. Texts and boxes are read at once, pictures when they are asked for. A row
  /// that is broken is an [Item.Bad] and does not end the reading.
  ///
  /// @param source a file, or a folder
  /// @throws LynceusException BAD_REQUEST where it is not there, is of no known format, is broken
  ///   as a whole, has too much, or has no rows
  public static DataSet open(Path source, DataOptions options) {
    Rows rows = new Rows(source, options);
    return rows.done(Files.isDirectory(source) ? folder(source, rows) : file(source, rows));
  }

  private static DataFormat file(Path file, Rows rows) {
    DataFormat wanted = rows.options().format();
    Recognizer.Found found;
    if (wanted == null) {
      found = Recognizer.of(file);
    } else {
      found = forced(wanted, file);
    }
    read(found, file, "", rows);
    return found.format();
  }

  /// What a file is if it is of that format: whether it is a list and how its cells are parted is
  /// read off it all the same.
  private static Recognizer.Found forced(DataFormat wanted, Path file) {
    Recognizer.Found seen;
    try {
      seen = Recognizer.of(file);
    } catch (LynceusException e) {
      InputFile.ANY.size(file);
      seen = Recognizer.Found.of(wanted);
    }
    boolean tabs = String.valueOf(file.getFileName()).endsWith(".tsv");
    return new Recognizer.Found(wanted, seen.list(), seen.packed(), tabs ? '\t' : seen.separator());
  }

  private static void read(Recognizer.Found found, Path file, String split, Rows rows) {
    switch (found.format()) {
      case LINES -> LinesReader.read(file, found.list(), rows);
      case IMAGE_FOLDER -> ImageFolderReader.read(metadata(file, rows), rows);
      case PARQUET -> ParquetReader.read(file, split, rows);
      case COCO -> CocoReader.read(file, rows);
      case VQA -> VqaReader.read(file, rows);
      case GQA -> GqaReader.read(file, rows);
      case REFCOCO -> RefReader.read(file, found.list(), rows);
      case POPE -> PopeReader.read(file, found.list(), rows);
      case COCO_QA -> CocoQaReader.read(file, found.separator(), rows);
      case TABLE -> TableReader.read(file, found.separator(), rows);
      case WEBDATASET -> TarReader.read(file, found.packed(), rows);
      case SQUAD -> SquadReader.read(file, rows);
      case VLAT -> VlatReader.read(file, rows);
    }
  }

  /// A folder whose metadata is one file, whatever its name.
  private static FolderFiles metadata(Path file, Rows rows) {
    Path parent = file.toAbsolutePath().normalize().getParent();
    FolderFiles all =
        FolderFiles.of(parent == null ? file : parent, rows.options().limits().entries());
    return new FolderFiles(
        all.folder(),
        List.of(),
        List.of(file.toAbsolutePath().normalize()),
        List.of(),
        List.of(),
        List.of());
  }

  private static DataFormat folder(Path folder, Rows rows) {
    FolderFiles files = FolderFiles.of(folder, rows.options().limits().entries());
    DataFormat format = format(folder, files, rows.options().format());
    switch (format) {
      case IMAGE_FOLDER -> ImageFolderReader.read(files, rows);
      case PARQUET -> {
        for (Path one : files.parquet()) {
          if (!rows.full()) {
            ParquetReader.read(one, files.split(one), rows);
          }
        }
      }
      case WEBDATASET -> {
        for (Path one : files.archives()) {
          if (!rows.full()) {
            TarReader.read(one, Recognizer.of(one).packed(), rows);
          }
        }
      }
      default ->
          throw Refusal.bad(
              "%s is a folder; %s is a file".formatted(folder, format.description()),
              "Name the file.");
    }
    return format;
  }

  private static DataFormat format(Path folder, FolderFiles files, @Nullable DataFormat wanted) {
    if (wanted != null) {
      return wanted;
    }
    if (!files.metadata().isEmpty()) {
      return DataFormat.IMAGE_FOLDER;
    }
    if (!files.others().isEmpty()) {
      List<String> names = new ArrayList<>();
      files.others().forEach(one -> names.add(Refusal.shown(String.valueOf(one.getFileName()))));
      throw Refusal.bad(
          "%s is a folder with data in it: %s"
              .formatted(folder, String.join(", ", names.subList(0, Math.min(8, names.size())))),
          "Name the file that is meant; a folder is read if it holds pictures, Parquet or archives.");
    }
    if (!files.parquet().isEmpty()) {
      return DataFormat.PARQUET;
    }
    if (!files.archives().isEmpty()) {
      return DataFormat.WEBDATASET;
    }
    if (!files.pictures().isEmpty()) {
      return DataFormat.IMAGE_FOLDER;
    }
    throw Recognizer.unknown(folder, "a folder without pictures, Parquet or archives");
  }
}
