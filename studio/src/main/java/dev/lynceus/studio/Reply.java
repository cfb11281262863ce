package dev.lynceus.studio;

import dev.lynceus.tensor.file.InputFile;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/// What a client gets.
sealed interface Reply {
  JsonMapper JSON = JsonMapper.builder().build();

  int status();

  /// The type of its contents; empty for none.
  String type();

  Map<String, String> headers();

  /// All at once.
  record Whole(int status, String type, byte[] bytes, Map<String, String> headers)
      implements Reply {}

  /// Bit by bit, for as long as it takes.
  record Streamed(int status, String type, Writer writer, Map<String, String> headers)
      implements Reply {}

  /// Writes what is streamed.
  interface Writer {
    void write(OutputStream out) throws IOException, InterruptedException;
  }

  static Reply json(int status, Object value) {
    return new Whole(status, "application/json", JSON.writeValueAsBytes(value), Map.of());
  }

  static Reply json(Object value) {
    return json(200, value);
  }

  static Reply text(String type, String text) {
    return new Whole(
        200, type + "; charset=utf-8", text.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  static Reply bytes(String type, byte[] bytes) {
    return new Whole(200, type, bytes, Map.of());
  }

  /// What something writes into a file.
  ///
  /// @param ending of the file's name
  static byte[] file(String ending, Consumer<Path> writer) {
    try {
      Path file = Files.createTempFile("lynceus", ending);
      try {
        writer.accept(file);
        return InputFile.ANY.bytes(file);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Reply nothing() {
    return new Whole(204, "", new byte[0], Map.of());
  }

  /// The same with a header.
  default Reply with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers());
    more.put(name, value);
    return switch (this) {
      case Whole whole -> new Whole(whole.status, whole.type, whole.bytes, more);
      case Streamed streamed -> new Streamed(streamed.status, streamed.type, streamed.writer, more);
    };
  }

  /// The same as a file to keep.
  default Reply download(String name) {
    return with(
        "Content-Disposition",
        "attachment; filename=\"" + name.replaceAll("[^A-Za-z0-9._-]+", "-") + "\"");
  }
}
