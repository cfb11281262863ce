package dev.lynceus.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What the comments of records say about them and about their fields. What a record leaves unsaid
/// is taken from the table `fields.properties`, which has the names that mean the same everywhere.
final class RecordDocs {
  private static final Pattern PARAM = Pattern.compile("@param (\\w+) (.*)");

  private final Map<String, Path> sources = new HashMap<>();
  private final Map<String, List<String>> read = new HashMap<>();
  private final Properties common = new Properties();

  RecordDocs(Path root) {
    for (String module : List.of("tensor", "core", "report", "pupil", "lab", "cli")) {
      Path folder = root.resolve(module).resolve("src/main/java");
      try (Stream<Path> files = Files.walk(folder)) {
        files
            .filter(file -> file.toString().endsWith(".java"))
            .forEach(file ->
                sources.put(
                    folder.relativize(file).toString().replace('\\', '/').replace(".java", ""),
                    file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    try (InputStream table = RecordDocs.class.getResourceAsStream("/schemas/fields.properties")) {
      common.load(new java.io.InputStreamReader(table, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What a type is; empty where nothing is said.
  String of(Class<?> type) {
    StringBuilder text = new StringBuilder();
    for (String line : comment(type)) {
      if (line.startsWith("@") || line.isEmpty() && !text.isEmpty()) {
        break;
      }
      text.append(' ').append(line);
    }
    return plain(text.toString());
  }

  /// What a field is; empty where nothing is said.
  String of(Class<?> type, String field) {
    StringBuilder text = new StringBuilder();
    boolean within = false;
    for (String line : comment(type)) {
      Matcher param = PARAM.matcher(line);
      if (line.startsWith("@") || line.isEmpty()) {
        within = false;
      }
      if (param.matches() && param.group(1).equals(field)) {
        within = true;
        text.append(param.group(2));
      } else if (within) {
        text.append(' ').append(line);
      }
    }
    if (!text.isEmpty()) {
      return plain(text.toString());
    }
    String own = type.getName().replaceFirst(".*\\.", "").replace('$', '.') + "." + field;
    return common.getProperty(own, common.getProperty(field, ""));
  }

  private static String plain(String text) {
    String line =
        text.strip()
            .replaceAll("\\s+", " ")
            .replaceAll("(?<![`\\w\\]])\\[#?([A-Z][\\w.#]+)]", "`$1`");
    return line.replaceFirst("[.;]$", "");
  }

  private List<String> comment(Class<?> type) {
    return read.computeIfAbsent(type.getName(), name -> find(type));
  }

  private List<String> find(Class<?> type) {
    Class<?> top = type;
    while (top.getEnclosingClass() != null) {
      top = top.getEnclosingClass();
    }
    Path file = sources.get(top.getName().replace('.', '/'));
    if (file == null) {
      return List.of();
    }
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Pattern declaration = Pattern.compile(".*\\b(record|enum) " + type.getSimpleName() + "\\b.*");
    for (int at = 0; at < lines.size(); at++) {
      if (declaration.matcher(lines.get(at)).matches() && !lines.get(at).strip().startsWith("/")) {
        List<String> comment = new ArrayList<>();
        for (int up = at - 1; up >= 0; up--) {
          String line = lines.get(up).strip();
          if (line.startsWith("///")) {
            comment.addFirst(line.substring(3).strip());
          } else if (!line.startsWith("@") && !line.startsWith("//") && !line.endsWith(")")) {
            break;
          } else if (!comment.isEmpty()) {
            break;
          }
        }
        return comment;
      }
    }
    return List.of();
  }
}
