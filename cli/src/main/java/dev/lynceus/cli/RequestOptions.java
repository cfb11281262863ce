package dev.lynceus.cli;

import dev.lynceus.request.Request;
import dev.lynceus.request.RequestJson;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Writing a request down, in place of doing what it asks.
final class RequestOptions {
  @Written(Written.As.FILE)
  @Option(
      names = "--request",
      paramLabel = "FILE",
      description = {
        "Write this request as JSON into FILE, and do nothing else: `lynceus run FILE` does it."
      })
  @Nullable String file;

  /// Whether the request was written, so that nothing is left to do.
  ///
  /// @param force whether a file that Lynceus did not write may be replaced
  boolean wrote(Request<?> request, boolean force, Console console) {
    if (file == null) {
      return false;
    }
    OutputFile.checked(file, force, console).write(RequestJson.write(request) + "\n");
    return true;
  }
}
