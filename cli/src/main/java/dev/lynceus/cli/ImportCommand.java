package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.convert.BertImport;
import dev.lynceus.tensor.file.InputFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lynceus models import`: an encoder in another format becomes a checkpoint.
@Command(
    name = "import",
    header = "Make a checkpoint of an encoder like BERT that was stored as ONNX or by TensorFlow.",
    description = {
      "",
      "Reads a jar, a zip, a folder or an .onnx file beside its tokenizer, and writes config.json,",
      "model.safetensors and the tokenizer's files. Nothing is fetched: see docs/how-to/read.md for where",
      "such encoders are. One with the head of a masked language model can be asked with read --masked;",
      "of one without a head tune-reader makes a reader.",
      ""
    },
    sortOptions = false)
final class ImportCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "SOURCE", description = "A jar, a zip, a folder or an .onnx file.")
  String source = "";

  @Written(Written.As.FOLDER)
  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder of the checkpoint; made if it is not there.")
  String out = "";

  @Option(
      names = "--heads",
      paramLabel = "N",
      description = {
        "Heads of a layer. Default: as an ONNX graph says; of TensorFlow's variables, which do not say it,",
        "as many as are 64 wide, as in all models of BERT's authors."
      })
  @Nullable Integer heads;

  @Option(names = "--force", description = "Write into a folder that holds a checkpoint already.")
  boolean force;

  @Option(names = "--json", description = "The result as JSON on stdout.")
  boolean json;

  @Mixin CommonOptions common = new CommonOptions();

  ImportCommand(Console console) {
    this.console = console;
  }

  /// What came of it.
  ///
  /// @param source as it was named
  /// @param checkpoint its folder
  /// @param found what was in it
  record Result(String source, String checkpoint, BertImport found) {}

  @Override
  public Integer call() {
    Path folder = InputFile.REQUEST.path(out);
    for (String name : List.of("config.json", "model.safetensors")) {
      if (!force && InputFile.isThere(folder.resolve(name))) {
        throw new LynceusException(
            ErrorCode.NOT_WRITABLE,
            folder.resolve(name) + " exists already",
            "Name another folder, or replace it with --force.");
      }
    }
    BertImport found =
        BertImport.write(
            InputFile.REQUEST.path(source),
            folder,
            heads == null ? OptionalInt.empty() : OptionalInt.of(heads));
    Result result = new Result(source, out, found);
    console.out().print(json ? ResultOptions.json(console, result) + "\n" : text(result));
    console.out().flush();
    return 0;
  }

  private static String text(Result result) {
    BertImport found = result.found;
    return String.format(
            Locale.ROOT,
            """
            bert, %d layers of %d, %d heads (%s), %d neurons a layer, %d words, %d positions, %.1f million numbers
            checkpoint: %s
            """,
            found.layers(),
            found.width(),
            found.heads(),
            found.headsFrom(),
            found.inner(),
            found.vocabulary(),
            found.positions(),
            found.parameters() / 1e6,
            result.checkpoint)
        + (found.masked()
            ? "it says words that were taken out of a text: read --masked\n"
            : "it has no head that answers: tune-reader teaches it one\n")
        + (found.unread().isEmpty() ? "" : "not taken: " + found.unread() + "\n");
  }
}
