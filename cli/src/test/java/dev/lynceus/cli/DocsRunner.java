package dev.lynceus.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Runs the command lines of the documents one after the other in a process whose current folder is
/// theirs, as a reader's shell would, but without starting a machine for each. [DocsRunTest] tells
/// it what to run, a page at a time; what a page wrote is gone before the next.
final class DocsRunner {
  private DocsRunner() {}

  /// @param arguments the file that has the pages, as JSON
  public static void main(String[] arguments) throws IOException {
    JsonNode pages = JsonMapper.shared().readTree(Files.readString(Path.of(arguments[0])));
    ObjectNode results = JsonMapper.shared().createObjectNode();
    for (JsonNode page : pages) {
      clear();
      for (JsonNode file : page.path("files")) {
        Files.writeString(Path.of(file.path("name").asString()), file.path("text").asString());
      }
      for (JsonNode line : page.path("lines")) {
        long start = System.nanoTime();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int status = run(line, out, err);
        results
            .withArray("results")
            .addObject()
            .put("page", page.path("page").asString())
            .put("line", line.path("line").asString())
            .put("status", status)
            .put("seconds", (System.nanoTime() - start) / 1e9)
            .put("out", out.toString(StandardCharsets.UTF_8))
            .put("err", err.toString(StandardCharsets.UTF_8));
      }
    }
    clear();
    Files.writeString(Path.of(arguments[1]), results.toString());
    System.exit(0);
  }

  private static int run(JsonNode line, ByteArrayOutputStream told, ByteArrayOutputStream err)
      throws IOException {
    List<String> words = line.path("words").valueStream().map(JsonNode::asString).toList();
    String into = line.path("into").asString("");
    String from = line.path("from").asString("");
    try (InputStream in =
            from.isEmpty() ? InputStream.nullInputStream() : Files.newInputStream(Path.of(from));
        PrintStream out =
            into.isEmpty()
                ? new PrintStream(told, true, StandardCharsets.UTF_8)
                : new PrintStream(
                    Files.newOutputStream(Path.of(into)), true, StandardCharsets.UTF_8)) {
      return Main.run(words, in, out, new PrintStream(err, true, StandardCharsets.UTF_8));
    }
  }

  private static void clear() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(""))) {
      for (Path file : files.filter(DocsRunner::goes).toList()) {
        delete(file);
      }
    }
  }

  /// Whether it is none of those that are there from the beginning.
  private static boolean goes(Path file) {
    return !Files.isSymbolicLink(file) && !file.endsWith("samples");
  }

  private static void delete(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(file -> {
            try {
              Files.delete(file);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }
}
