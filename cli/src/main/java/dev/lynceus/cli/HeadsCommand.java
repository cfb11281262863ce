package dev.lynceus.cli;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.attention.HeadKinds;
import dev.lynceus.method.attention.HeadKinds.Score;
import dev.lynceus.run.LoadedModel;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lynceus heads`: what kind of head each head is.
@Command(
    name = "heads",
    header = "Tell previous-token, duplicate-token, induction and in-context heads of a model.",
    description = {
      "",
      "By where heads look in random tokens that come twice, and in texts such as \"The dog is brown.",
      "The car is red. The dog is\". No pictures are needed.",
      ""
    },
    sortOptions = false)
final class HeadsCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      arity = "0..1",
      defaultValue = "pupil",
      paramLabel = "MODEL",
      description = "As --model of the others. Default: ${DEFAULT-VALUE}.")
  String model = "pupil";

  @Option(
      names = "--length",
      defaultValue = "24",
      paramLabel = "N",
      description = "Random tokens that come twice. Default: ${DEFAULT-VALUE}.")
  int length;

  @Option(
      names = "--sequences",
      defaultValue = "10",
      paramLabel = "N",
      description = "How many random sequences. Default: ${DEFAULT-VALUE}.")
  int sequences;

  @Option(
      names = "--texts",
      defaultValue = "20",
      paramLabel = "N",
      description = "How many texts. Default: ${DEFAULT-VALUE}.")
  int texts;

  @Option(
      names = "--top",
      defaultValue = "5",
      paramLabel = "N",
      description = "Heads of each kind on the screen; JSON has all. Default: ${DEFAULT-VALUE}.")
  int top;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description = "Seed of tokens and texts. Default: ${DEFAULT-VALUE}.")
  long seed;

  @Mixin ResultOptions result = new ResultOptions();
  @Mixin CommonOptions common = new CommonOptions();

  HeadsCommand(Console console) {
    this.console = console;
  }

  /// What becomes JSON.
  record Told(String model, String revision, HeadKinds.Settings settings, HeadKinds.Result heads) {}

  @Override
  public Integer call() {
    HeadKinds.Settings settings = new HeadKinds.Settings(length, sequences, texts, seed);
    ModelOptions options = new ModelOptions();
    options.model = model;
    Told told;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel loaded = options.load(progress)) {
      told =
          new Told(
              loaded.name(),
              loaded.checkpoint().version(),
              settings,
              HeadKinds.measure(loaded, settings, progress));
    }
    result.give(console, () -> text(told.heads), () -> told);
    return 0;
  }

  private String text(HeadKinds.Result heads) {
    StringBuilder text = new StringBuilder();
    kind(text, heads, "previous token", heads.chance(), Score::previous);
    kind(text, heads, "duplicate token", heads.chance(), Score::duplicate);
    kind(text, heads, "induction", heads.chance(), Score::induction);
    if (heads.texts() == 0) {
      return text.append("in-context: the model's tokens cannot say the texts\n").toString();
    }
    kind(
        text,
        heads,
        "in-context",
        heads.inContextChance().orElse(0),
        score -> score.inContext().orElse(0));
    return text.append(
            "after %d texts the right colour is likelier than the other in %s\n"
                .formatted(heads.texts(), Spoken.percent(heads.right().orElse(0))))
        .toString();
  }

  private void kind(
      StringBuilder text,
      HeadKinds.Result heads,
      String name,
      double chance,
      ToDoubleFunction<Score> of) {
    text.append("%s (even attention: %s)\n".formatted(name, Spoken.number(chance)));
    List<Score> best =
        heads.scores().stream()
            .sorted(Comparator.comparingDouble((Score score) -> -of.applyAsDouble(score)))
            .limit(Math.max(1, top))
            .toList();
    TextTable table =
        new TextTable().row("  head", "previous", "duplicate", "induction", "in-context", "other");
    for (Score score : best) {
      table.row(
          "  " + score.head().text(),
          number(score.previous()),
          number(score.duplicate()),
          number(score.induction()),
          number(score.inContext()),
          number(score.other()));
    }
    text.append(table);
  }

  private static String number(OptionalDouble value) {
    return value.isPresent() ? number(value.getAsDouble()) : "-";
  }

  private static String number(double value) {
    return Spoken.number(value);
  }
}
