package dev.lynceus.cli;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// How a result is given: as text or as JSON, on stdout or in a file.
final class ResultOptions {
  @Option(names = "--json", description = "The result as JSON.")
  boolean json;

  @Written(Written.As.FILE)
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write the result to FILE instead of stdout.")
  @Nullable String output;

  @Option(names = "--force", description = "Replace FILE even if Lynceus did not write it.")
  boolean force;

  /// Gives the result.
  ///
  /// @param value what becomes JSON
  void give(Console console, Supplier<String> text, Supplier<Object> value) {
    OutputFile file = output == null ? null : OutputFile.checked(output, force, console);
    String result = json ? json(console, value.get()) + "\n" : Visible.of(text.get());
    if (file == null) {
      console.out().print(result);
      console.out().flush();
    } else {
      file.write(result);
    }
  }

  /// A value as indented JSON, with what was said about the models that it came from. Characters
  /// that are unsafe on a terminal are escaped.
  static String json(Console console, Object value) {
    return Visible.of(MAPPER.writeValueAsString(withNotes(console, MAPPER.valueToTree(value))));
  }

  /// A value as indented JSON, in which characters that are unsafe on a terminal are escaped.
  static String json(Object value) {
    return Visible.of(MAPPER.writeValueAsString(value));
  }

  /// JSON in one line, with what was said about the models that it came from.
  static String line(Console console, String json) {
    return console.notes().isEmpty() ? json : withNotes(console, LINES.readTree(json)).toString();
  }

  private static JsonNode withNotes(Console console, JsonNode node) {
    if (!console.notes().isEmpty() && node instanceof ObjectNode object) {
      console.notes().forEach(object.withArray(NOTES)::add);
    }
    return node;
  }

  private static final String NOTES = "modelNotes";
  private static final JsonMapper LINES = JsonMapper.builder().build();
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
}
