package dev.lynceus.cli;

import dev.lynceus.run.LoadedMae;
import dev.lynceus.run.LoadedMatcher;
import dev.lynceus.run.LoadedModel;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `lynceus models show`: what a model is made of. Loads it, so that it also tells whether it
/// loads.
@Command(
    name = "show",
    header = "Describe a model: family, sizes, weights, template, image processor, memory.",
    sortOptions = false)
final class ShowCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      arity = "0..1",
      defaultValue = "pupil",
      paramLabel = "MODEL",
      description = "As --model of the others. Default: ${DEFAULT-VALUE}.")
  String model = "pupil";

  @Mixin ResultOptions result = new ResultOptions();
  @Mixin CommonOptions common = new CommonOptions();

  ShowCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    ModelOptions options = new ModelOptions();
    options.model = model;
    ModelFacts facts;
    try (ProgressLine progress = new ProgressLine(console, common.quiet)) {
      facts =
          switch (options.purpose()) {
            case ANSWERS -> {
              try (LoadedModel loaded = options.load(progress)) {
                yield ModelFacts.of(loaded);
              }
            }
            case RECONSTRUCTS -> {
              try (LoadedMae loaded = options.loadMae(progress)) {
                yield ModelFacts.of(loaded);
              }
            }
            case MATCHES -> {
              try (LoadedMatcher loaded = options.loadMatcher(progress)) {
                yield ModelFacts.of(loaded);
              }
            }
          };
    }
    result.give(console, facts::text, () -> facts);
    return 0;
  }
}
