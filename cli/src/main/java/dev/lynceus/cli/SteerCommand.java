package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.KeyWord;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.TargetSpec;
import dev.lynceus.method.causal.Conclusion;
import dev.lynceus.method.causal.Direction;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.causal.Measures;
import dev.lynceus.method.causal.Measures.Metric;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.method.causal.Steering;
import dev.lynceus.model.Picture;
import dev.lynceus.report.SteeringFigure;
import dev.lynceus.run.LedgerKey;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.PointNames;
import dev.lynceus.tensor.file.ContentDigest;
import dev.lynceus.tensor.file.InputFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
      "--without: difference of mean states, right before the target where a line has one, else at",
      "the last position), or from a file (--direction).",
      "Random directions of the same length are added beside it, for control.",
      ""
    },
    sortOptions = false)
final class SteerCommand extends CausalCommand<Steering.Result> {
  /// Most tokens of each of the many answers.
  private static final int SHORT = 16;

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

  private final Map<String, List<CompareQuestion>> questions = new HashMap<>();

  SteerCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() {
    int ways = (words.isEmpty() ? 0 : 1) + (with == null ? 0 : 1) + (direction == null ? 0 : 1);
    if (ways != 1 || (with == null) != (without == null) || !words.isEmpty() && words.size() != 2) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a direction comes from two words, from two files of questions, or from a file",
          "Give --words A,B, or --with FILE --without FILE, or --direction FILE.");
    }
    if (!words.isEmpty() && causal.word.target == null && causal.against == null) {
      causal.word.target = words.getFirst();
      causal.against = words.getLast();
    }
    return super.call();
  }

  @Override
  Capture capture(LoadedModel model) {
    return Sweep.base(model);
  }

  @Override
  List<Steering.Result> explain(Run clean, Readout readout, Job job) {
    if (readout.spots().size() > 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "steer writes answers itself, and measures a word",
          "Leave out --answer and --whole.");
    }
    LoadedModel model = clean.model();
    Prompt prompt = prompt(clean);
    Steering steering =
        new Steering(strengths, positions, randoms, seed, most(model, prompt, SHORT));
    Direction found = direction(clean, job);
    if (save != null) {
      OutputFile.checked(save, result.force, console);
      found.save(InputFile.REQUEST.path(save));
    }
    return List.of(steering.explain(clean, prompt, found, readout, job));
  }

  /// Most tokens of an answer: what was given, else as many as usual, or fewer where the checkpoint
  /// says so.
  private int most(LoadedModel model, Prompt prompt, int usual) {
    return maxTokens == null ? Math.min(usual, AnswerLength.of(model, prompt, usual)) : maxTokens;
  }

  private Direction direction(Run clean, Job job) {
    LoadedModel model = clean.model();
    if (direction != null) {
      return Direction.load(InputFile.REQUEST.path(direction), model);
    }
    int at = layer == null ? model.model().decoder().config().layers() / 2 : layer;
    Point place = PointNames.shorthand(point);
    if (!words.isEmpty()) {
      return Direction.ofWords(clean, id(clean, 0), id(clean, 1), place, at);
    }
    return Direction.ofMeans(model, prompts(model, with), prompts(model, without), place, at, job);
  }

  private int id(Run clean, int word) {
    return clean.model().tokenizer().wordIds(words.get(word)).getFirst();
  }

  private List<Prompt> prompts(LoadedModel model, @Nullable String file) {
    List<Prompt> prompts = new ArrayList<>();
    if (file != null) {
      for (CompareQuestion question : questions(file)) {
        List<Picture> pictures = question.asked().pictures(model);
        // --start belongs to the question that is steered.
        Prompt prompt = model.prompt(question.asked().question(), pictures, "");
        String word = question.target();
        // The state that a word is said from, where a line tells the word.
        prompts.add(
            word == null
                ? prompt
                : KeyWord.find(
                        model,
                        prompt,
                        new TargetSpec.Word(word),
                        most(model, prompt, AnswerLength.USUAL))
                    .prompt());
      }
    }
    return prompts;
  }

  @Override
  String conclusion(Steering.Result found, String word) {
    return Conclusion.of(found, word);
  }

  @Override
  String told(Steering.Result found, CausalResult<Steering.Result> all, Metric metric) {
    StringBuilder text = new StringBuilder(conclusion(found, all.target())).append("\n\n");
    text.append(
        String.format(
            Locale.ROOT,
            "%s, length %.3f, added at %s, %s%n",
            found.what(),
            found.length(),
            found.point(),
            found.positions()));
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

  @Override
  String settings() {
    return String.join(
        " ",
        "steer",
        words.toString(),
        point,
        String.valueOf(layer),
        positions,
        strengths.toString(),
        Integer.toString(randoms),
        Long.toString(seed));
  }

  @Override
  LedgerKey entered(LedgerKey key, LoadedModel model) {
    LedgerKey all = key;
    if (direction != null) {
      all =
          all.with(
              "the direction (--direction)", ContentDigest.of(InputFile.REQUEST.path(direction)));
    }
    if (with != null && without != null) {
      all = all.with("the questions to steer towards (--with)", content(with));
      all = all.with("the questions to steer away from (--without)", content(without));
    }
    return all;
  }

  private String content(String file) {
    StringBuilder all = new StringBuilder();
    for (CompareQuestion question : questions(file)) {
      all.append(question.asked().question()).append('\n').append(question.target()).append('\n');
      question
          .asked()
          .images()
          .forEach(image ->
              all.append(image.width())
                  .append(' ')
                  .append(ContentDigest.of(image.toBytes()))
                  .append('\n'));
    }
    return ContentDigest.of(all.toString());
  }

  /// The questions of a file, read once.
  private List<CompareQuestion> questions(String file) {
    return questions.computeIfAbsent(
        file,
        name -> CompareQuestion.read(InputFile.REQUEST.path(name), Integer.MAX_VALUE, datasets));
  }
}
