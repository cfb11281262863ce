package dev.lynceus.lab.data;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What lies in a folder that may be a data set. Links to folders are not followed.
///
/// @param folder absolute
/// @param pictures in the order of their names
/// @param metadata files that tell of pictures
/// @param parquet tables with pictures
/// @param archives of samples
/// @param others data at its top that is something else: lines, lists, tables
record FolderFiles(
    Path folder,
    List<Path> pictures,
    List<Path> metadata,
    List<Path> parquet,
    List<Path> archives,
    List<Path> others) {
  private static final int MOST_DEPTH = 12;
  private static final Map<String, String> SPLITS =
      Map.ofEntries(
          Map.entry("train", "train"),
          Map.entry("training", "train"),
          Map.entry("validation", "validation"),
          Map.entry("valid", "validation"),
          Map.entry("val", "validation"),
          Map.entry("dev", "validation"),
          Map.entry("test", "test"),
          Map.entry("testing", "test"),
          Map.entry("eval", "test"),
          Map.entry("evaluation", "test"));

  /// Looks into a folder.
  ///
  /// @param entries most files that are looked at
  /// @throws dev.lynceus.error.LynceusException BAD_REQUEST where it cannot be read, or has too
  ///   much
  static FolderFiles of(Path folder, int entries) {
    FolderFiles found =
        new FolderFiles(
            folder.toAbsolutePath().normalize(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>());
    found.look(found.folder(), 0, new int[] {entries});
    for (List<Path> some :
        List.of(found.pictures, found.metadata, found.parquet, found.archives, found.others)) {
      some.sort(Comparator.comparing(Path::toString));
    }
    return found;
  }

  private void look(Path at, int depth, int[] left) {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(at)) {
      for (Path one : all) {
        String name = String.valueOf(one.getFileName()).toLowerCase(Locale.ROOT);
        if (name.startsWith(".")) {
          continue;
        }
        if (--left[0] < 0) {
          throw Refusal.bad(
              folder + " has more files than are looked at", "Name a folder with less in it.");
        }
        if (Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS)) {
          if (depth < MOST_DEPTH) {
            look(one, depth + 1, left);
          }
        } else if (Files.isRegularFile(one)) {
          sort(one, name, depth);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw Refusal.bad(at + " cannot be read: " + e.getMessage(), "Check its permissions.", e);
    }
  }

  private void sort(Path one, String name, int depth) {
    if (name.matches("metadata\\.(csv|jsonl|parquet)")) {
      metadata.add(one);
    } else if (name.matches(".*\\.(png|jpe?g|webp|gif|bmp)")) {
      pictures.add(one);
    } else if (name.endsWith(".parquet")) {
      parquet.add(one);
    } else if (name.matches(".*\\.(tar|tar\\.gz|tgz)")) {
      archives.add(one);
    } else if (depth == 0 && isData(name)) {
      others.add(one);
    }
  }

  /// Data, and not what the library `datasets` notes beside it.
  private static boolean isData(String name) {
    return name.matches(".*\\.(jsonl?|ndjson|tsv|csv)")
        && !name.matches("dataset_(infos?|dict)\\.json|state\\.json");
  }

  /// The split that a file belongs to by its folders, or by its own name (`train-00000-of-00002`);
  /// empty for none.
  String split(Path file) {
    Path relative = folder.relativize(file.toAbsolutePath().normalize());
    for (int i = 0; i < relative.getNameCount() - 1; i++) {
      String split = SPLITS.get(relative.getName(i).toString().toLowerCase(Locale.ROOT));
      if (split != null) {
        return split;
      }
    }
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return SPLITS.getOrDefault(name.replaceFirst("[-_.].*", ""), "");
  }

  /// The class of a picture: its folder, unless that is the data set or a split.
  String label(Path picture) {
    Path parent = picture.getParent();
    if (parent == null || parent.equals(folder)) {
      return "";
    }
    String name = String.valueOf(parent.getFileName());
    return SPLITS.containsKey(name.toLowerCase(Locale.ROOT)) ? "" : name;
  }
}
