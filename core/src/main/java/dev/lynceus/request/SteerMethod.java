package dev.lynceus.request;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.KeyWord;
import dev.lynceus.method.TargetSpec;
import dev.lynceus.method.causal.Conclusion;
import dev.lynceus.method.causal.Direction;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.causal.ReadingVector;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.method.causal.Steering;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.PointNames;
import dev.lynceus.tensor.file.InputFile;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Steering.
record SteerMethod(Sweeping<Steering.Result> sweeping, SteerRequest request)
    implements ChangeMethod<Steering.Result> {
  /// Most tokens of each of the many answers.
  private static final int SHORT = 16;

  @Override
  public Capture capture(LoadedModel model) {
    return Sweep.base(model);
  }

  @Override
  public List<Steering.Result> explain(Run clean, Readout readout, Job job) {
    if (readout.spots().size() > 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "steer writes answers itself, and measures a word",
          "Leave out --answer and --whole.");
    }
    LoadedModel model = clean.model();
    Prompt prompt = sweeping.prompt();
    Steering steering =
        new Steering(
            request.strengths(),
            request.positions(),
            request.randoms(),
            request.seed(),
            most(model, prompt, SHORT));
    ReadingVector.Found found = direction(clean, job);
    sweeping.running().aside().accept(found.direction());
    return List.of(steering.explain(clean, prompt, found, readout, job));
  }

  /// Most tokens of an answer: what was given, else as many as usual, or fewer where the checkpoint
  /// says so.
  private int most(LoadedModel model, Prompt prompt, int usual) {
    return request
        .maxTokens()
        .orElseGet(() -> Math.min(usual, model.settings().limit(usual, prompt.length())));
  }

  private ReadingVector.Found direction(Run clean, Job job) {
    LoadedModel model = clean.model();
    int at = request.layer().orElseGet(() -> model.model().decoder().config().layers() / 2);
    return switch (request.direction()) {
      case SteerRequest.Stored(String path) ->
          given(Direction.load(InputFile.REQUEST.path(path), model));
      case SteerRequest.Words(String word, String other) ->
          given(Direction.ofWords(clean, id(model, word), id(model, other), point(), at));
      case SteerRequest.Means means ->
          new ReadingVector(means.by(), request.seed())
              .find(
                  model,
                  samples(model, means.with()),
                  samples(model, means.without()),
                  point(),
                  at,
                  job);
    };
  }

  private static ReadingVector.Found given(Direction direction) {
    return new ReadingVector.Found(direction, Optional.empty());
  }

  private Point point() {
    return PointNames.shorthand(request.point());
  }

  private static int id(LoadedModel model, String word) {
    return model.tokenizer().wordIds(word).getFirst();
  }

  private List<ReadingVector.Sample> samples(
      LoadedModel model, List<SteerRequest.Example> examples) {
    return examples.stream()
        .map(one ->
            new ReadingVector.Sample(
                prompt(model, one),
                one.question().pictures().stream()
                    .map(PictureRef::toString)
                    .collect(Collectors.joining("\n"))))
        .toList();
  }

  private Prompt prompt(LoadedModel model, SteerRequest.Example one) {
    Prompt prompt =
        one.question().prompt(model, one.question().shown(model, sweeping.task().from()));
    // The state that a word is said from, where a line tells the word.
    return one.target().isEmpty()
        ? prompt
        : KeyWord.find(
                model,
                prompt,
                new TargetSpec.Word(one.target().get()),
                most(model, prompt, Explained.USUAL))
            .prompt();
  }

  @Override
  public String conclusion(Steering.Result found, String word) {
    return Conclusion.of(found, word);
  }
}
