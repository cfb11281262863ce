package dev.lynceus.lab.mark;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ProcessedImage;
import dev.lynceus.method.Target;
import dev.lynceus.method.gradient.Backward;
import dev.lynceus.method.gradient.Objective;
import dev.lynceus.method.gradient.TowerGraph;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// A visual prompt that is learned: numbers added to the pixels of every picture, in the units of
/// the normalised pixels, while all weights of the model stay as they are. Loss: the negative log
/// probability of the wanted answers; Adam (Kingma and Ba, arXiv 1412.6980). The border is that of
/// Bahng and others (arXiv 2203.17274).
///
/// @param channels colours
/// @param height of the pictures that the tower takes
/// @param width of them
/// @param values what is added, `[channel][row][column]`, row-major
/// @param losses mean loss of each step, nats an answer
// Plain numbers; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
public record SoftPrompt(int channels, int height, int width, float[] values, double[] losses) {
  private static final double BETA1 = .9;
  private static final double BETA2 = .999;
  private static final double EPS = 1e-8;

  /// A picture with a question, and the answer that is wanted.
  ///
  /// @param prompt of one picture
  /// @param answer token ids
  // Plain numbers; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  public record Example(Prompt prompt, int[] answer) {}

  /// What is learned, and how.
  ///
  /// @param border width of the border in pixels of the tower's input; 0 = the whole picture
  /// @param most largest size of each number; infinite for a border that may be anything
  /// @param steps of the optimiser
  /// @param batch examples of a step
  /// @param rate learning rate
  /// @param seed of the order of the examples
  public record Settings(int border, double most, int steps, int batch, double rate, long seed) {
    public Settings {
      if (border < 0 || !(most > 0) || steps < 1 || batch < 1 || !(rate > 0)) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "a border of %d pixels learned in %d steps of %d examples at a rate of %s, at most %s"
                .formatted(border, steps, batch, rate, most),
            "Use a border of 0 or more, and more than 0 of the rest.");
      }
    }
  }

  /// Learns one.
  ///
  /// @param examples at least one; of pictures that the tower sees once each, in one size
  /// @throws LynceusException BAD_REQUEST for pictures of several views or sizes; CANCELLED
  public static SoftPrompt learn(
      LoadedModel model, List<Example> examples, Settings settings, Progress progress) {
    ProcessedImage first = view(examples.getFirst());
    int plane = first.height() * first.width();
    boolean[] free = new boolean[first.channels() * plane];
    for (int i = 0; i < free.length; i++) {
      int row = i % plane / first.width();
      int column = i % first.width();
      int edge =
          Math.min(
              Math.min(row, first.height() - 1 - row),
              Math.min(column, first.width() - 1 - column));
      free[i] = settings.border == 0 || edge < settings.border;
    }
    float[] values = new float[free.length];
    double[] mean = new double[free.length];
    double[] square = new double[free.length];
    double[] losses = new double[settings.steps];
    SplittableRandom random = new SplittableRandom(settings.seed);
    List<Integer> order = new ArrayList<>();
    for (int step = 1; step <= settings.steps; step++) {
      if (progress.cancelled()) {
        throw new LynceusException(
            ErrorCode.CANCELLED, "stopped at step " + step, "Ask for fewer steps.");
      }
      progress.at("learning", step, settings.steps);
      double[] gradient = new double[free.length];
      int count = Math.min(settings.batch, examples.size());
      for (int i = 0; i < count; i++) {
        if (order.isEmpty()) {
          order.addAll(IntStream.range(0, examples.size()).boxed().toList());
        }
        Example example = examples.get(order.remove(random.nextInt(order.size())));
        losses[step - 1] += descend(model, example, first, values, gradient) / count;
      }
      double one = 1 - Math.pow(BETA1, step);
      double two = 1 - Math.pow(BETA2, step);
      for (int i = 0; i < free.length; i++) {
        if (free[i]) {
          double slope = gradient[i] / count;
          mean[i] = BETA1 * mean[i] + (1 - BETA1) * slope;
          square[i] = BETA2 * square[i] + (1 - BETA2) * slope * slope;
          double next =
              values[i] - settings.rate * (mean[i] / one) / (Math.sqrt(square[i] / two) + EPS);
          values[i] = (float) Math.clamp(next, -settings.most, settings.most);
        }
      }
    }
    return new SoftPrompt(first.channels(), first.height(), first.width(), values, losses);
  }

  /// Adds the gradient of the loss of an example.
  ///
  /// @return the loss
  private static double descend(
      LoadedModel model, Example example, ProcessedImage shape, float[] values, double[] gradient) {
    Prompt prompt = Forced.before(example.prompt, example.answer);
    int firstRow = example.prompt.length() - 1;
    List<Target.Aim> aims =
        IntStream.range(0, example.answer.length)
            .mapToObj(i -> new Target.Aim(firstRow + i, example.answer[i], OptionalInt.empty()))
            .toList();
    Objective objective = Objective.logProbability(new Target("", aims));
    try (Scope scope = Scope.open();
        Run run = model.run(prompt, Capture.NONE)) {
      Backward backward = new Backward(run);
      TowerGraph graph = TowerGraph.pixels(backward, pixels(model, example, shape, values));
      Backward.Slopes slopes = backward.inputs(graph.entering(), objective);
      double[] found =
          input(model, example)
              .pictures(graph.back(slopes.joined()).getFirst().orElseThrow().toDoubles());
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] -= found[i];
      }
      return -slopes.values()[0];
    }
  }

  private static dev.lynceus.model.TowerInput input(LoadedModel model, Example example) {
    return ((VisionLanguageModel) model.model()).input(example.prompt.pictures());
  }

  private static Tensor pixels(
      LoadedModel model, Example example, ProcessedImage shape, float[] values) {
    ProcessedImage own = view(example);
    if (own.height() != shape.height() || own.width() != shape.width()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the model sees pictures of several sizes, and a prompt of pixels has one",
          "Give pictures of one size.");
    }
    float[] changed = own.pixels().clone();
    for (int i = 0; i < changed.length; i++) {
      changed[i] += values[i];
    }
    var input = input(model, example);
    return Tensor.of(input.numbers(List.of(changed)), input.pixels()).to(model.computeType());
  }

  private static ProcessedImage view(Example example) {
    List<dev.lynceus.model.Picture> pictures = example.prompt.pictures();
    if (pictures.size() != 1 || pictures.getFirst().views().size() != 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a prompt of pixels is learned for one picture that the model sees once",
          "Choose a model that sees pictures whole, and ask about one picture.");
    }
    return pictures.getFirst().views().getFirst();
  }

  /// The change of a run that adds it to the pixels of its only picture.
  public Intervention change(LoadedModel model, Prompt prompt) {
    var input = ((VisionLanguageModel) model.model()).input(prompt.pictures());
    return Intervention.at(
        Point.vision(Site.PIXELS),
        0,
        new Op.Add(new Values.Inline(input.numbers(List.of(values)), input.pixels()), 1));
  }

  /// Mean loss over examples with this prompt, nats an answer.
  public double loss(LoadedModel model, List<Example> examples) {
    double sum = 0;
    for (Example example : examples) {
      try (Run run =
          model.run(
              Forced.before(example.prompt, example.answer),
              Forced.capture(example.prompt),
              change(model, example.prompt))) {
        sum -= Forced.of(run, example.answer).log() / examples.size();
      }
    }
    return sum;
  }

  /// The same without it.
  public static double plainLoss(LoadedModel model, List<Example> examples) {
    return examples.stream()
        .mapToDouble(example ->
            -Forced.of(model, example.prompt, java.util.Optional.empty(), example.answer).log())
        .average()
        .orElse(Double.NaN);
  }

  /// The largest number of it, by size.
  public double largest() {
    return IntStream.range(0, values.length).mapToDouble(i -> Math.abs(values[i])).max().orElse(0);
  }

  @Override
  public String toString() {
    return "SoftPrompt of %d x %d pixels, losses %s"
        .formatted(width, height, Arrays.toString(losses));
  }
}
