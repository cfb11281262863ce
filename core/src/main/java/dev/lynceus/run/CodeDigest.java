package dev.lynceus.run;

import dev.lynceus.tensor.file.ContentDigest;
import dev.lynceus.tensor.file.InputFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/// A version of the program that changes whenever the code does: a digest of the classes as they
/// lie in jars or folders. A number in a build file stays the same between two releases, while
/// numbers may change with every line.
public final class CodeDigest {
  private CodeDigest() {}

  /// The digest of the jars or folders that hold some classes, in 64 hexadecimal digits. Takes some
  /// hundredths of a second. Where the code lies nowhere, its implementation version stands for it.
  public static String of(Class<?>... anchors) {
    TreeMap<String, String> files = new TreeMap<>();
    for (Class<?> anchor : anchors) {
      Optional<Path> place = place(anchor);
      if (place.isEmpty()) {
        files.put(
            anchor.getPackageName(),
            String.valueOf(anchor.getPackage().getImplementationVersion()));
      } else {
        try {
          if (Files.isDirectory(place.get())) {
            folder(place.get(), files);
          } else {
            jar(place.get(), files);
          }
        } catch (IOException e) {
          throw new UncheckedIOException(place.get() + " cannot be read", e);
        }
      }
    }
    StringBuilder all = new StringBuilder();
    for (Map.Entry<String, String> file : files.entrySet()) {
      all.append(file.getKey()).append(' ').append(file.getValue()).append('\n');
    }
    return ContentDigest.of(all.toString());
  }

  private static Optional<Path> place(Class<?> anchor) {
    CodeSource source = anchor.getProtectionDomain().getCodeSource();
    try {
      return source == null || source.getLocation() == null
          ? Optional.empty()
          : Optional.of(Path.of(source.getLocation().toURI())).filter(Files::exists);
    } catch (URISyntaxException
        | IllegalArgumentException
        | java.nio.file.FileSystemNotFoundException e) {
      return Optional.empty();
    }
  }

  private static void folder(Path root, Map<String, String> files) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.filter(f -> isCode(f.toString())).toList()) {
        String name = root.relativize(file).toString().replace('\\', '/');
        files.put(name, ContentDigest.of(InputFile.REQUEST.bytes(file)));
      }
    }
  }

  private static void jar(Path file, Map<String, String> files) throws IOException {
    try (JarFile jar = new JarFile(file.toFile())) {
      for (var entry : jar.stream().filter(e -> isCode(e.getName())).toList()) {
        try (InputStream stream = jar.getInputStream(entry)) {
          files.put(entry.getName(), ContentDigest.of(stream.readAllBytes()));
        }
      }
    }
  }

  private static boolean isCode(String name) {
    return name.endsWith(".class");
  }
}
