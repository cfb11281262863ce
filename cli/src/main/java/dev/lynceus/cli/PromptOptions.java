package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.strategy.Wordings;
import dev.lynceus.tensor.file.InputFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Prompts of the user's own.
final class PromptOptions {
  @Option(
      names = "--prompt",
      paramLabel = "NAME=TEXT",
      description = {
        "Your own words for one of the prompts; the page lists them. Places in braces are filled in."
      })
  List<String> prompt = List.of();

  @Option(
      names = "--prompts",
      paramLabel = "FILE",
      description = "A JSON object of such prompts, by their names.")
  @Nullable String prompts;

  /// The prompts that were given.
  ///
  /// @throws LynceusException BAD_REQUEST for one that does not fit
  SequencedMap<String, String> own(List<Wordings.Step> steps) {
    SequencedMap<String, String> own = new LinkedHashMap<>();
    String file = prompts;
    if (file != null) {
      own.putAll(Wordings.parse(InputFile.REQUEST.text(InputFile.REQUEST.path(file)), file));
    }
    for (String one : prompt) {
      int at = one.indexOf('=');
      if (at < 1) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "--prompt %s names no prompt".formatted(one),
            "Write NAME=TEXT, for example --prompt \"answer={question}\".");
      }
      own.put(one.substring(0, at).strip(), one.substring(at + 1));
    }
    Wordings.check(steps, own);
    return own;
  }
}
