package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.causal.Conclusion;
import dev.lynceus.method.causal.Direction;
import dev.lynceus.method.causal.Measures;
import dev.lynceus.method.causal.Measures.Metric;
import dev.lynceus.method.causal.ReadingVector;
import dev.lynceus.method.causal.Steering;
import dev.lynceus.method.score.Share;
import dev.lynceus.report.SteeringFigure;
import dev.lynceus.request.Measure;
import dev.lynceus.request.ModelSpec;
import dev.lynceus.request.PictureRef;
import dev.lynceus.request.Question;
import dev.lynceus.request.SteerRequest;
import dev.lynceus.tensor.file.InputFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus steer`: adds a direction while the model answers.
@Command(
    name = "steer",
    header = "Add a direction to the model's states, and see what it does to the answer.",
    description = {
      "",
      "The direction comes from two words (--words), from two files of questions (--with,",
      "--without: what tells their states apart, right before the target where a line has one, else",
      "at the last position; tried on pictures that it was not found on), or from a file",
      "(--direction).",
      "Random directions of the same length are added beside it, for control.",
      ""
    },
    sortOptions = false)
final class SteerCommand extends CausalCommand<Steering.Result> {
  @Option(
      names = "--words",
      split = ",",
      paramLabel = "A,B",
      description = "Steer towards A and away from B, along the difference of their unembeddings.")
  List<String> words = List.of();

  @Option(
      names = "--with",
      paramLabel = "FILE",
      description = "Questions to steer towards, as for compare --dataset; with --without.")
  @Nullable String with;

  @Option(names = "--without", paramLabel = "FILE", description = "Questions to steer away from.")
  @Nullable String without;

  @Option(
      names = "--by",
      defaultValue = "means",
      paramLabel = "WHICH",
      description = {
        "How --with and --without give a direction: means, their mean states' difference; principal,",
        "the first principal component of the differences of pairs, line by line. Default:",
        "${DEFAULT-VALUE}."
      })
  String by = "means";

  @Mixin DatasetOptions datasets = new DatasetOptions();

  @Option(
      names = "--direction",
      paramLabel = "FILE",
      description = "A direction that --save wrote.")
  @Nullable String direction;

  @Written(Written.As.FILE)
  @Option(
      names = "--save",
      paramLabel = "FILE",
      description = "Write the direction as safetensors.")
  @Nullable String save;

  @Option(
      names = "--point",
      defaultValue = "resid_post",
      paramLabel = "NAME",
      description = "Where it is found and added. Default: ${DEFAULT-VALUE}.")
  String point = "resid_post";

  @Option(
      names = "--layer",
      paramLabel = "L",
      description = "In which layer. Default: the middle one.")
  @Nullable Integer layer;

  @Option(
      names = "--positions",
      defaultValue = "last",
      paramLabel = "WHICH",
      description = {
        "Where it is added; last, the default, is the end of the prompt and every word of the",
        "answer."
      })
  String positions = "last";

  @Option(
      names = "--strengths",
      split = ",",
      defaultValue = "-1,-0.5,0,0.25,0.5,1,2",
      paramLabel = "LIST",
      description = "What it is multiplied with. Default: ${DEFAULT-VALUE}.")
  List<Double> strengths = List.of();

  @Option(
      names = "--randoms",
      defaultValue = "5",
      paramLabel = "N",
      description = "Random directions of the same length. Default: ${DEFAULT-VALUE}.")
  int randoms;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description = "Of the random directions. Default: ${DEFAULT-VALUE}.")
  long seed;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description =
          "Most tokens of each answer. Default: 16, or less where the checkpoint says so.")
  @Nullable Integer maxTokens;

  private final Map<PictureRef, RgbImage> read = new HashMap<>();

  SteerCommand(Console console) {
    super(console);
  }

  @Override
  SteerRequest request(ModelSpec model, Question question, Measure measure) {
    return new SteerRequest(
        model,
        question,
        measure,
        towards(),
        point,
        layer == null ? OptionalInt.empty() : OptionalInt.of(layer),
        positions,
        strengths,
        randoms,
        seed,
        maxTokens == null ? OptionalInt.empty() : OptionalInt.of(maxTokens));
  }

  private SteerRequest.Towards towards() {
    int ways = (words.isEmpty() ? 0 : 1) + (with == null ? 0 : 1) + (direction == null ? 0 : 1);
    if (ways != 1 || (with == null) != (without == null) || !words.isEmpty() && words.size() != 2) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a direction comes from two words, from two files of questions, or from a file",
          "Give --words A,B, or --with FILE --without FILE, or --direction FILE.");
    }
    ReadingVector.By how = CausalOptions.choice("--by", by, ReadingVector.By.class);
    if (with == null && how != ReadingVector.By.MEANS) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--by says how two files of questions give a direction, and there are none",
          "Give --with FILE --without FILE, or leave --by out.");
    }
    if (direction != null) {
      return new SteerRequest.Stored(direction);
    }
    return with == null || without == null
        ? new SteerRequest.Words(words.getFirst(), words.getLast())
        : new SteerRequest.Means(examples(with), examples(without), how);
  }

  /// The questions of a file.
  private List<SteerRequest.Example> examples(String file) {
    List<SteerRequest.Example> examples = new ArrayList<>();
    for (CompareQuestion one :
        CompareQuestion.read(InputFile.REQUEST.path(file), Integer.MAX_VALUE, datasets, console)) {
      QuestionArguments.Asked asked = one.asked();
      read.putAll(asked.known());
      // --start belongs to the question that is steered.
      examples.add(
          new SteerRequest.Example(
              new Question(
                  asked.files().stream().map(QuestionArguments::ref).toList(),
                  List.of(),
                  asked.question(),
                  Question.Form.CHAT,
                  "",
                  Optional.empty(),
                  List.of()),
              Optional.ofNullable(one.target())));
    }
    return examples;
  }

  @Override
  Map<PictureRef, RgbImage> pictures() {
    return read;
  }

  @Override
  void aside(Object made) {
    if (save != null && made instanceof Direction found) {
      OutputFile.checked(save, result.force, console);
      found.save(InputFile.REQUEST.path(save));
    }
  }

  @Override
  String told(Steering.Result found, CausalResult<Steering.Result> all, Metric metric) {
    StringBuilder text = new StringBuilder(Conclusion.of(found, all.target())).append("\n\n");
    text.append(
        String.format(
            Locale.ROOT,
            "%s, length %.3f, added at %s, %s%n",
            found.what(),
            found.length(),
            found.point(),
            found.positions()));
    found
        .reading()
        .ifPresent(score ->
            text.append(
                "told apart, other pictures: %s; sets mixed up: %s%n"
                    .formatted(score.right().text(), Share.plain(score.mixed()))));
    text.append(all.line("clean run", found.clean()));
    TextTable table = new TextTable().row("strength", metric.label(), "random", "answer");
    for (Steering.Step step : found.steps()) {
      table.row(
          Spoken.number(step.strength()),
          told(step.steered(), metric),
          randoms(step, metric),
          step.answer());
    }
    return text.append('\n').append(table).toString();
  }

  private static String randoms(Steering.Step step, Metric metric) {
    double[] values = step.randoms().stream().mapToDouble(m -> m.of(metric)).sorted().toArray();
    return values.length == 0
        ? "-"
        : told(values[0], metric) + " to " + told(values[values.length - 1], metric);
  }

  private static String told(Measures measures, Metric metric) {
    return told(measures.of(metric), metric);
  }

  private static String told(double value, Metric metric) {
    return metric == Metric.PROBABILITY ? Spoken.percent(value) : Spoken.number(value);
  }

  @Override
  String drawn(Steering.Result found, String conclusion, Metric metric) {
    return SteeringFigure.svg(found, metric, conclusion);
  }
}
