package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.request.Pictures;
import dev.lynceus.request.Request;
import dev.lynceus.request.RequestJson;
import dev.lynceus.request.Result;
import dev.lynceus.request.ResultJson;
import dev.lynceus.request.Running;
import dev.lynceus.request.Task;
import dev.lynceus.run.Limits;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tensor.file.InputFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lynceus run`: does what a request asks that is JSON.
@Command(
    name = "run",
    header = "Do what a request asks that is written as JSON, and print its result as JSON.",
    description = {
      "",
      "Commands write requests with --request FILE; docs/reference/requests.md has one of each.",
      "The request names the model and the pictures; files are looked for from the current folder.",
      ""
    },
    sortOptions = false)
final class RunCommand implements Callable<Integer> {
  private static final String STDIN = "-";

  private final Console console;

  @Parameters(arity = "1", paramLabel = "FILE", description = "The request; - reads it from stdin.")
  String file = "";

  @Mixin PlaceOptions place = new PlaceOptions();

  @Written(Written.As.LEDGER)
  @Option(
      names = "--ledger",
      paramLabel = "FILE",
      description = "Keep what is done of a sweep in FILE, and go on from it.")
  @Nullable String ledger;

  @Option(
      names = "--memory",
      defaultValue = "512",
      paramLabel = "MIB",
      description = "Most memory for the activations of a batch. Default: ${DEFAULT-VALUE}.")
  int memory;

  @Written(Written.As.FILE)
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write the result to FILE instead of stdout.")
  @Nullable String output;

  @Option(names = "--force", description = "Replace FILE even if Lynceus did not write it.")
  boolean force;

  @Mixin CommonOptions common = new CommonOptions();

  RunCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Request<?> request = RequestJson.read(text());
    Pictures pictures = Pictures.files();
    request.question().read(pictures);
    OutputFile result = output == null ? null : OutputFile.checked(output, force, console);
    String json;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = place.load(request.model(), progress)) {
      json = ResultJson.write(result(model, request, pictures, progress)) + "\n";
    }
    if (result == null) {
      console.out().print(Visible.of(json));
      console.out().flush();
    } else {
      result.write(json);
    }
    return 0;
  }

  private Result<?> result(
      LoadedModel model, Request<?> request, Pictures pictures, ProgressLine progress) {
    Running running =
        Running.QUIET
            .watched(progress)
            .command(console.commandLine())
            .notes(progress::note)
            .costs(cost -> {
              if (!common.quiet) {
                progress.clear();
                console.err().println("lynceus: " + cost.text());
              }
            })
            .limits(new Limits((long) memory << 20, Limits.DEFAULT.positions()))
            .ledger(Optional.ofNullable(ledger).map(InputFile.REQUEST::path));
    Task<?> task = Task.of(model, request, pictures);
    task.prompt().outside().forEach(progress::note);
    return task.run(running);
  }

  /// The request's text.
  private String text() {
    if (!file.equals(STDIN)) {
      return InputFile.REQUEST.text(InputFile.REQUEST.path(file));
    }
    try {
      int most = 4 * RequestJson.MOST_CHARACTERS;
      return new String(console.in().readNBytes(most), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "the request could not be read from stdin", "Try again.", e);
    }
  }
}
