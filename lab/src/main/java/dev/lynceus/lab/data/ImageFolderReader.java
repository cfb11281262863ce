package dev.lynceus.lab.data;

import dev.lynceus.error.LynceusException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Folders of pictures as the library `datasets` reads them: a metadata file tells of each picture
/// (`file_name`, relative to it), else the name of its folder is its class; folders such as `train`
/// and `test` are splits.
final class ImageFolderReader {
  private final FolderFiles folder;
  private final Rows rows;
  private final PictureFiles files;
  private final Set<Path> told = new HashSet<>();

  private ImageFolderReader(FolderFiles folder, Rows rows) {
    this.folder = folder;
    this.rows = rows;
    this.files = PictureFiles.inFolder(folder.folder(), rows.options());
  }

  static void read(FolderFiles folder, Rows rows) {
    ImageFolderReader reader = new ImageFolderReader(folder, rows);
    for (Path metadata : folder.metadata()) {
      reader.metadata(metadata);
    }
    if (folder.metadata().isEmpty()) {
      reader.classes();
    } else {
      reader.untold();
    }
  }

  private void metadata(Path file) {
    String name = String.valueOf(file.getFileName());
    if (name.endsWith(".csv")) {
      table(file);
    } else if (name.endsWith(".parquet")) {
      ParquetTable table = new ParquetTable(file, rows.options().limits());
      Map<String, List<String>> classes = ParquetReader.classes(table.note("huggingface"));
      table.each((row, cells, paths) -> {
        row(file, row + 1, ParquetReader.named(cells, classes));
        return !rows.full();
      });
    } else {
      Entries.rows(
          file,
          false,
          rows,
          (origin, where, value) -> {
            if (value instanceof ObjectNode cells) {
              return List.of(example(origin, where, cells));
            }
            throw Refusal.bad(where + " is no JSON object", "Write one object a line.");
          });
    }
  }

  private void table(Path file) {
    try (TableFile table = new TableFile(file, ',', rows.options().limits().rowBytes())) {
      List<TableFile.Cell> cells = List.of();
      while (!rows.full() && cells != null) {
        Origin origin = new Origin(file, table.origin().row() + 1);
        try {
          cells = table.next();
        } catch (LynceusException e) {
          rows.bad(origin, e);
          continue;
        }
        if (cells != null) {
          row(file, origin.row(), texts(origin, table.header(), cells));
        }
      }
    }
  }

  private static ObjectNode texts(Origin origin, List<String> header, List<TableFile.Cell> cells) {
    ObjectNode texts = JsonNodeFactory.instance.objectNode();
    try {
      for (int i = 0; i < cells.size(); i++) {
        if (!header.get(i).isEmpty()) {
          texts.put(header.get(i), cells.get(i).text());
        }
      }
    } catch (CharacterCodingException e) {
      throw Refusal.bad(origin + " is not text in UTF-8", "Save the file as UTF-8.", e);
    }
    return texts;
  }

  private void row(Path file, long number, ObjectNode cells) {
    Origin origin = new Origin(file, number);
    Entries.guarded(origin, rows, () -> List.of(example(origin, origin.toString(), cells)));
  }

  /// A row of metadata: `file_name`, `file_names`, and columns that end in these are pictures.
  private Example example(Origin origin, String where, ObjectNode cells) {
    List<ImageSource> images = new ArrayList<>();
    ObjectNode others = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> cell : cells.properties()) {
      String name = cell.getKey();
      boolean one = name.equals("file_name") || name.endsWith("_file_name");
      boolean several = name.equals("file_names") || name.endsWith("_file_names");
      if (!one && !several) {
        others.set(name, cell.getValue());
        continue;
      }
      for (String picture : Json.texts(cell.getValue())) {
        images.add(image(origin, where, picture));
      }
    }
    if (images.isEmpty()) {
      throw Refusal.bad(where + " lacks file_name", "Name the picture of each row in file_name.");
    }
    String split = folder.split(origin.file());
    if (!split.isEmpty() && !others.has(Rows.SPLIT)) {
      others.put(Rows.SPLIT, split);
    }
    return Columns.example(origin, images.getFirst().name(), others, images);
  }

  private ImageSource image(Origin origin, String where, String name) {
    Path parent = origin.file().toAbsolutePath().normalize().getParent();
    Path base = parent == null ? folder.folder() : parent;
    if (rows.options().images() != null) {
      return files.picture(name, where);
    }
    String relative = folder.folder().relativize(base).resolve(safe(name, where)).toString();
    Path file = files.file(relative, where);
    told.add(file.normalize());
    return new FileImage(relative, List.of(file));
  }

  private static String safe(String name, String where) {
    if (name.indexOf('\0') >= 0) {
      throw Refusal.bad(
          where + ": file_name is not the name of a file", "Name a picture of the folder.");
    }
    return name;
  }

  /// Pictures that no metadata tells of.
  private void untold() {
    long number = 0;
    for (Path picture : folder.pictures()) {
      number++;
      if (!told.contains(picture) && !rows.full() && rows.options().images() == null) {
        rows.bad(
            new Origin(folder.folder(), number),
            Refusal.bad(
                "%s: no metadata tells of %s"
                    .formatted(
                        folder.folder(),
                        Refusal.shown(folder.folder().relativize(picture).toString())),
                "Add a row for it, or take it out of the folder."));
      }
    }
  }

  /// Pictures whose folders are their classes, unless all lie in one.
  private void classes() {
    Set<String> labels = new HashSet<>();
    folder.pictures().forEach(picture -> labels.add(folder.label(picture)));
    boolean classified = labels.size() > 1;
    long number = 0;
    for (Path picture : folder.pictures()) {
      Origin origin = new Origin(folder.folder(), ++number);
      if (rows.full()) {
        return;
      }
      Entries.guarded(origin, rows, () -> List.of(example(origin, picture, classified)));
    }
  }

  private Example example(Origin origin, Path picture, boolean classified) {
    String name = folder.folder().relativize(picture).toString();
    SequencedMap<String, String> fields = new LinkedHashMap<>();
    String label = classified ? folder.label(picture) : "";
    if (!label.isEmpty()) {
      fields.put("label", label);
    }
    String split = folder.split(picture);
    if (!split.isEmpty()) {
      fields.put(Rows.SPLIT, split);
    }
    return new Example(
        name,
        origin,
        List.of(files.picture(name, origin.toString())),
        "",
        "",
        label.isEmpty() ? List.of() : List.of(label),
        List.of(),
        "",
        List.of(),
        fields);
  }
}
