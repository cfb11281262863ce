package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.experiment.RunStore;
import dev.lynceus.studio.Studio;
import dev.lynceus.studio.StudioOptions;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.InputFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus studio`: the library in a browser.
@Command(
    name = "studio",
    header =
        "Ask about pictures in your browser, and follow why the model answers what it answers.",
    description = {
      "",
      "Starts a server on this machine, loads the bundled model and opens the page. Nobody else",
      "reaches it, and it asks nobody for anything. Ctrl-C ends it; what was found is kept.",
      ""
    },
    sortOptions = false)
final class StudioCommand implements Callable<Integer> {
  private static final int SHORTEST_TOKEN = 16;

  private final Console console;

  @Option(
      names = "--port",
      defaultValue = "4870",
      paramLabel = "PORT",
      description = "0: one that is free. Default: ${DEFAULT-VALUE}.")
  int port;

  @Option(
      names = "--host",
      defaultValue = StudioOptions.LOOPBACK,
      paramLabel = "ADDRESS",
      description = {
        "Address to listen at; others than this machine's own need a --token. Default:",
        "${DEFAULT-VALUE}."
      })
  String host = StudioOptions.LOOPBACK;

  @Option(
      names = "--token",
      paramLabel = "WORD",
      description = "Only who knows WORD, of 16 letters, digits and - or more, is answered.")
  @Nullable String token;

  @Option(names = "--no-browser", description = "Do not open the page, only print its address.")
  boolean noBrowser;

  @Option(
      names = "--models",
      paramLabel = "FOLDER",
      description = {
        "Also ask the checkpoints in FOLDER, or FOLDER itself; may be given again. Bundled models",
        "and those of the local Hugging Face cache can always be asked."
      })
  List<String> models = List.of();

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description = {
        "Also open the data sets in FOLDER, or that one file; may be given again. Generated worlds",
        "can always be opened."
      })
  List<String> sets = List.of();

  @Option(
      names = "--store",
      paramLabel = "FOLDER",
      description = {
        "Where runs and pictures are kept. Default: lynceus/studio among your data",
        "(~/.local/share)."
      })
  @Nullable String store;

  @Option(
      names = "--memory",
      defaultValue = "8192",
      paramLabel = "MIB",
      description = "Most weights of models that are held at a time. Default: ${DEFAULT-VALUE}.")
  int memory;

  @Option(
      names = "--threads",
      defaultValue = "0",
      paramLabel = "N",
      description = "Threads of the arithmetic. Default: the physical cores.")
  int threads;

  @Mixin CommonOptions common = new CommonOptions();

  StudioCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    StudioOptions options = options();
    Torch.setThreads(threads == 0 ? Cores.physical() : threads);
    if (!common.quiet) {
      console.err().println("lynceus: starting the studio ...");
      console.err().flush();
    }
    CountDownLatch end = new CountDownLatch(1);
    try (Studio studio =
        Studio.start(
            options,
            line -> {
              console.err().println("lynceus: " + line);
              console.err().flush();
            })) {
      Runnable forget =
          console
              .cleanup()
              .add(() -> {
                studio.close();
                end.countDown();
              });
      URI address = studio.address();
      String shown = options.token().map(word -> address + "?token=" + word).orElse(address + "");
      console.out().println(shown);
      console.out().flush();
      if (!studio.hasPage()) {
        console
            .err()
            .println(
                "note: this build has no page, only the HTTP API: install Node.js 20.19 or later with"
                    + " npm and build again.");
      } else if (!noBrowser) {
        open(shown);
      }
      console.err().flush();
      end.await();
      forget.run();
    } catch (IllegalStateException | java.io.UncheckedIOException taken) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "nobody can listen at port %d of %s".formatted(port, host),
          "Is a studio there already? Else choose another: --port 0 takes one that is free.",
          taken);
    }
    return 0;
  }

  private StudioOptions options() {
    boolean own = host.equals(StudioOptions.LOOPBACK) || host.equals("localhost");
    if (!own && token == null) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--host " + host + " lets others in, and there is no --token",
          "Choose a long word: --token \"$(openssl rand -hex 16)\".");
    }
    if (token != null && !token.matches("[A-Za-z0-9-]{" + SHORTEST_TOKEN + ",200}")) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--token is no word of %d letters, digits and - or more".formatted(SHORTEST_TOKEN),
          "For example --token \"$(openssl rand -hex 16)\".");
    }
    Path folder =
        store == null ? RunStore.usual().resolveSibling("studio") : InputFile.REQUEST.path(store);
    return new StudioOptions(
        own ? StudioOptions.LOOPBACK : host,
        port,
        Optional.ofNullable(token),
        folder,
        models.stream().map(InputFile.REQUEST::path).toList(),
        sets.stream().map(InputFile.REQUEST::path).toList(),
        (long) memory << 20,
        StudioOptions.QUEUE,
        StudioOptions.Limits.DEFAULT);
  }

  /// Opens the page where there is something that opens pages.
  private static void open(String address) {
    String system = System.getProperty("os.name", "");
    List<String> command =
        system.startsWith("Mac")
            ? List.of("open", address)
            : system.startsWith("Windows")
                ? List.of("rundll32", "url.dll,FileProtocolHandler", address)
                : List.of("xdg-open", address);
    try {
      new ProcessBuilder(command)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      return; // a machine without a browser: the address was printed
    }
  }
}
