package dev.lynceus.cli;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// How a result is given: as text or as JSON, on stdout or in a file.
final class ResultOptions {
  @Option(names = "--json", description = "The result as JSON.")
  boolean json;

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
    String result = json ? json(value.get()) + "\n" : text.get();
    if (file == null) {
      console.out().print(result);
      console.out().flush();
    } else {
      file.write(result);
    }
  }

  /// A value as indented JSON.
  static String json(Object value) {
    return JsonMapper.builder()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .build()
        .writeValueAsString(value);
  }
}
