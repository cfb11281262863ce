package dev.lynceus.lab.strategy;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.method.Inputs;
import dev.lynceus.run.Candidates;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Sampling;
import dev.lynceus.tap.Capture;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/// Puts the questions of a strategy to a model, counts them, and keeps them ([Transcript]). What a
/// model says is greedy unless a temperature is given; the same question and pictures give the same
/// answer.
///
/// ```java
/// Speaker speaker = new Speaker(Asking.of(model), 64, Progress.NONE);
/// String seen = speaker.say("Describe the image.", List.of(image));
/// Choice choice = speaker.choose("Is there a dog?", List.of(image), List.of("Yes", "No"), Candidates.By.SUM);
/// ```
public final class Speaker {
  private final Asking asking;
  private final int tokens;
  private final Progress progress;
  private final Transcript transcript;
  private long asked;

  /// @param tokens most tokens of what the model says
  /// @param progress told of every question, and asked before it whether to go on
  public Speaker(Asking asking, int tokens, Progress progress) {
    this(asking, tokens, progress, new Transcript(Map.of()));
  }

  /// @param transcript keeps the questions, and may put them otherwise
  public Speaker(Asking asking, int tokens, Progress progress, Transcript transcript) {
    this.asking = asking;
    this.tokens = tokens;
    this.progress = progress;
    this.transcript = transcript;
  }

  /// The model.
  public LoadedModel model() {
    return asking.model();
  }

  /// Most tokens of what the model says.
  public int tokens() {
    return tokens;
  }

  /// How many questions were put so far: each passes its prompt once.
  public long asked() {
    return asked;
  }

  /// Whether the model can be asked without a picture: one that reads it by cross-attention cannot.
  public boolean speaksBlind() {
    return !Inputs.seesByReading(model().model());
  }

  /// A prompt.
  public Prompt prompt(String words, List<RgbImage> images) {
    return asking.prompt(words, images);
  }

  /// What the model says.
  public String say(String words, List<RgbImage> images) {
    Transcript.Planned planned =
        transcript.plan(
            Transcript.Answering.SAYS,
            new Transcript.Put(words, images, Transcript.Answering.SAYS));
    String said =
        planned
            .answer()
            .orElseGet(() ->
                answer(planned.words(), planned.images(), new Sampling.Greedy()).text().strip());
    transcript.answered(planned, said, Optional.empty());
    return said;
  }

  /// What the model says when tokens are drawn.
  ///
  /// @param temperature 0 = the most probable token
  /// @param seed the same one draws the same answer
  public Generation.Answer draw(
      String words, List<RgbImage> images, double temperature, long seed) {
    Transcript.Planned planned =
        transcript.plan(
            Transcript.Answering.DRAWS,
            new Transcript.Put(words, images, List.of(temperature, seed)));
    Generation.Answer drawn =
        answer(
            planned.words(),
            planned.images(),
            temperature == 0
                ? new Sampling.Greedy()
                : new Sampling.Random(temperature, 0, 1, seed));
    transcript.answered(planned, drawn.text().strip(), Optional.empty());
    return drawn;
  }

  private Generation.Answer answer(String words, List<RgbImage> images, Sampling sampling) {
    step();
    try (Generation said =
        model()
            .generate(
                prompt(words, images),
                new GenerationOptions(tokens, sampling, List.of()),
                Capture.NONE)) {
      return said.answer();
    }
  }

  /// What the model holds of some answers.
  ///
  /// @param labels the answers, at least one
  /// @param by how the tokens of one become a number
  public Choice choose(String words, List<RgbImage> images, List<String> labels, Candidates.By by) {
    return choose(words, images, labels, by, Candidates.Ending.CLOSED);
  }

  /// The same of answers that may go on: of the word Yes, whatever comes after it.
  public Choice choose(
      String words,
      List<RgbImage> images,
      List<String> labels,
      Candidates.By by,
      Candidates.Ending ending) {
    Transcript.Planned planned =
        transcript.plan(
            Transcript.Answering.CHOOSES,
            new Transcript.Put(words, images, List.of(labels, by, ending)));
    step();
    Candidates scored =
        Candidates.of(model(), prompt(planned.words(), planned.images()), labels, ending);
    Choice choice =
        new Choice(
            labels,
            scored.scores().stream().map(score -> score.by(by)).toList(),
            Arrays.stream(scored.among(by)).boxed().toList());
    transcript.answered(planned, choice.answer(), Optional.of(choice));
    return choice;
  }

  private void step() {
    if (progress.cancelled()) {
      throw new LynceusException(
          ErrorCode.CANCELLED,
          "stopped after " + asked + " questions",
          "Ask for fewer samples or steps.");
    }
    progress.at("questions", ++asked, 0);
  }

  /// The seeds of several draws of one seed; the first of them do not depend on how many there are.
  public static long[] seeds(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    long[] seeds = new long[count];
    Arrays.setAll(seeds, i -> random.nextLong());
    return seeds;
  }

  /// A picture of the same size on which there is nothing: all pixels are of one grey.
  public static RgbImage blank(RgbImage image) {
    byte[] samples = new byte[image.width() * image.height() * 3];
    Arrays.fill(samples, (byte) 128);
    return RgbImage.of(image.width(), image.height(), samples);
  }
}
