package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.features.SaeFile;
import dev.lynceus.method.features.SaeFit;
import dev.lynceus.method.features.SaeScore;
import dev.lynceus.method.features.SaeStates;
import dev.lynceus.method.features.SparseAutoencoder;
import dev.lynceus.method.features.SparseAutoencoder.Activation;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tensor.Tensor;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus tune-sae`: fits a sparse autoencoder.
@Command(
    name = "tune-sae",
    header = "Fit a sparse autoencoder: features that the states of a layer are sums of.",
    description = {
      "",
      "Fits on what leaves one layer of the decoder and tries the features on other texts: how many are on,",
      "what they leave untold, and what the model loses where its states are what they tell.",
      ""
    },
    sortOptions = false)
final class TuneSaeCommand implements Callable<Integer> {
  private final Console console;

  @Written(Written.As.FILE)
  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FILE",
      description = "The autoencoder, as safetensors in the layout of SAELens.")
  String output = "";

  @Option(
      names = "--texts",
      paramLabel = "FILE",
      description = "Texts to fit on, one a line, without chat template; with --positions all.")
  @Nullable String texts;

  @Option(
      names = "--dataset",
      paramLabel = "FILE",
      description = {
        "Questions about pictures to fit on; see docs/reference/data.md. Default: scenes of the",
        "bundled model's world."
      })
  @Nullable String dataset;

  @Option(
      names = "--scenes",
      defaultValue = "1000",
      paramLabel = "N",
      description = "Without a data set: scenes of the world. Default: ${DEFAULT-VALUE}.")
  int scenes;

  @Option(
      names = "--held-out",
      defaultValue = "100",
      paramLabel = "N",
      description = {
        "What the features are tried on: scenes of another sequence, or the last N rows.",
        "Default: ${DEFAULT-VALUE}, of rows at most a fifth."
      })
  int heldOut;

  @Option(
      names = "--layer",
      paramLabel = "L",
      description = "The layer whose output is read. Default: the middle one.")
  @Nullable Integer layer;

  @Option(
      names = "--positions",
      defaultValue = "image",
      paramLabel = "WHICH",
      description = "image: patches; all: all positions but the first. Default: ${DEFAULT-VALUE}.")
  String positions = "image";

  @Option(
      names = "--features",
      defaultValue = "0",
      paramLabel = "N",
      description = "How many. Default: four times the width of a state.")
  int features;

  @Option(
      names = "--top-k",
      defaultValue = "8",
      paramLabel = "K",
      description = {
        "Features of a state, the largest (TopK). With 0 whatever is above zero, and their sum is held",
        "down by --sparsity (ReLU). Default: ${DEFAULT-VALUE}."
      })
  int topK;

  @Option(
      names = "--sparsity",
      defaultValue = "0.1",
      paramLabel = "W",
      description = "With --top-k 0: weight of the sum of features. Default: ${DEFAULT-VALUE}.")
  double sparsity;

  @Option(
      names = "--steps",
      defaultValue = "3000",
      paramLabel = "N",
      description = "Steps of 256 states. Default: ${DEFAULT-VALUE}.")
  int steps;

  @Option(
      names = "--rate",
      defaultValue = "0.003",
      paramLabel = "R",
      description = "Learning rate. Default: ${DEFAULT-VALUE}.")
  double rate;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description = "Of the beginning and the order. Default: ${DEFAULT-VALUE}.")
  long seed;

  @Mixin DatasetOptions datasets = new DatasetOptions();
  @Mixin ModelOptions models = new ModelOptions();

  @Option(names = "--force", description = "Replace FILE even if Lynceus did not write it.")
  boolean force;

  @Option(names = "--json", description = "What came of it as JSON on stdout.")
  boolean json;

  @Mixin CommonOptions common = new CommonOptions();

  private static final int ROWS = 256;

  TuneSaeCommand(Console console) {
    this.console = console;
  }

  /// What came of it.
  ///
  /// @param fittedOn states
  /// @param file the autoencoder
  record Result(
      String model, int layer, int features, long fittedOn, String file, SaeScore score) {}

  @Override
  public Integer call() {
    FitData.exclusive(texts, dataset);
    SaeStates.Where where = where(positions);
    OutputFile file = OutputFile.checked(output, force, console);
    Result found;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      int layers = model.model().decoder().config().layers();
      SaeStates which = new SaeStates(layer(layer, layers), where);
      which.requireIn(model.model());
      int width = model.model().decoder().config().width();
      SaeFit fit =
          new SaeFit(
              features == 0 ? 4 * width : features,
              topK == 0 ? new Activation.Relu() : new Activation.TopK(topK),
              sparsity,
              steps,
              ROWS,
              rate,
              seed);
      FitData data =
          texts == null && dataset == null
              ? FitData.world(model, seed, scenes, heldOut)
              : FitData.of(
                  FitData.textsOrQuestions(model, texts, dataset, datasets, console),
                  heldOut,
                  "rows",
                  "features");
      try (Tensor states = which.of(model, data.some(), progress);
          SparseAutoencoder sae = fit.fit(states, progress)) {
        String revision = model.checkpoint().version();
        new SaeFile(sae, OptionalInt.of(which.layer()), revision).save(file.path());
        found =
            new Result(
                model.name(),
                which.layer(),
                sae.features(),
                states.size(0),
                output,
                SaeScore.of(model, sae, which, data.others(), progress));
      }
    }
    console.out().print(json ? ResultOptions.json(console, found) + "\n" : text(found));
    console.out().flush();
    return 0;
  }

  /// Patches or all.
  static SaeStates.Where where(String positions) {
    return switch (positions) {
      case "image" -> SaeStates.Where.PATCHES;
      case "all" -> SaeStates.Where.ALL;
      default ->
          throw new LynceusException(
              ErrorCode.BAD_REQUEST,
              "--positions " + positions + " is not known here",
              "Use image or all.");
    };
  }

  /// The layer that is asked for, or the middle one.
  static int layer(@Nullable Integer asked, int layers) {
    int layer = asked == null ? (layers - 1) / 2 : asked;
    if (layer >= layers) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "there is no layer %d in a decoder of %d".formatted(layer, layers),
          "Use 0 to %d.".formatted(layers - 1));
    }
    return layer;
  }

  private static String text(Result found) {
    SaeScore score = found.score();
    return """
    %d features of what leaves layer %d, fitted on %d states and tried on %d others
    on at a state: %s; never on: %s; left untold: %s of the variance
    words of answers, where states are what the features tell: %s nats from the model's own; where all
    are the mean state: %s; recovered: %s
    features: %s
    """
        .formatted(
            found.features(),
            found.layer(),
            found.fittedOn(),
            score.states(),
            Spoken.number(score.on()),
            Spoken.percent(score.dead()),
            Spoken.percent(score.unexplained()),
            Spoken.number(score.spliced()),
            Spoken.number(score.mean()),
            Spoken.percent(score.recovered()),
            found.file());
  }
}
