package dev.lynceus.cli;

import dev.lynceus.request.Finite;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// How a result is given: as text or as JSON, on stdout or in a file.
///
/// JSON begins with what it is (`schema`, see [ResultSchemas]), the model that it is about and the
/// request that led to it; then come the fields of the result. A number that is not finite, or was
/// not measured, is `null`.
final class ResultOptions {
  @Option(names = "--json", description = "The result as JSON.")
  boolean json;

  @Written(Written.As.RESULT)
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

  /// A result as indented JSON, with what was said about the models that it came from. Characters
  /// that are unsafe on a terminal are escaped.
  static String json(Console console, Object value) {
    return Visible.of(MAPPER.writeValueAsString(told(console, value)));
  }

  /// A value as indented JSON, in which characters that are unsafe on a terminal are escaped.
  static String json(Object value) {
    return Visible.of(MAPPER.writeValueAsString(Finite.written(MAPPER.valueToTree(value))));
  }

  /// A result as JSON in one line.
  static String line(Console console, Object value) {
    return LINES.writeValueAsString(told(console, value));
  }

  /// The fields of a result after those that all results have.
  private static ObjectNode told(Console console, Object value) {
    List<String> words = console.session().words();
    ResultSchemas.Schema schema = ResultSchemas.of(words, value);
    ObjectNode fields = (ObjectNode) Finite.written(MAPPER.valueToTree(value));
    ObjectNode all = MAPPER.createObjectNode();
    all.putObject(SCHEMA).put("name", schema.name()).put("version", schema.version());
    Session.Asked asked = console.session().asked();
    if (asked != null) {
      all.put("model", asked.model());
      all.put("revision", asked.revision());
      all.put("dtype", asked.dtype());
    }
    ObjectNode request = all.putObject("request");
    request.put("command", String.join(" ", words));
    console.arguments().forEach(request.putArray("arguments")::add);
    request.put("line", console.plainCommandLine());
    request.put("lynceus", Version.lynceus());
    for (Map.Entry<String, JsonNode> field : List.copyOf(fields.properties())) {
      all.set(field.getKey(), field.getValue());
    }
    if (!console.notes().isEmpty()) {
      console.notes().forEach(all.withArray(NOTES)::add);
    }
    return all;
  }

  private static final String SCHEMA = "schema";
  private static final String NOTES = "modelNotes";
  private static final JsonMapper LINES = JsonMapper.builder().build();
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
}
