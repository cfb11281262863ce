package dev.lynceus.studio;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The page as the build made it. A build without npm has none.
final class PageFiles {
  static final String INDEX = "index.html";
  static final String SCRIPT = "studio.js";
  static final String STYLE = "studio.css";

  private final Map<String, byte[]> files = new LinkedHashMap<>();

  PageFiles() {
    for (String name : List.of(INDEX, SCRIPT, STYLE)) {
      try (InputStream in = PageFiles.class.getResourceAsStream("page/" + name)) {
        if (in != null) {
          files.put(name, in.readAllBytes());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// Whether the build made a page.
  boolean isThere() {
    return files.size() == 3;
  }

  Optional<byte[]> bytes(String name) {
    return Optional.ofNullable(files.get(name));
  }

  String text(String name) {
    return bytes(name).map(bytes -> new String(bytes, StandardCharsets.UTF_8)).orElse("");
  }

  /// The page of a studio that was built without one.
  static String missing() {
    return """
    <!doctype html><html lang="en"><meta charset="utf-8"><title>Lynceus studio</title>
    <h1>This build has no page</h1>
    <p>It was built where there was no npm, or with -DskipUi. Install Node.js 20.19 or later with npm and build again.
    The HTTP API works: <a href="/openapi.json">/openapi.json</a>.</p></html>
    """;
  }
}
