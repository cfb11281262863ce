package dev.lynceus.request;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.NeuronComparison;
import dev.lynceus.method.NeuronComparison.Change;
import dev.lynceus.method.NeuronComparison.Side;
import dev.lynceus.method.RowTrace;
import dev.lynceus.method.Target.Aim;
import dev.lynceus.method.Words;
import dev.lynceus.method.attention.HeadRef;
import dev.lynceus.method.causal.Replacement;
import dev.lynceus.model.Picture;
import dev.lynceus.run.Batch;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// Compares neurons.
record ComparingNeurons(Task<?> task, NeuronsRequest request, Running running) {
  /// Words that are told of each neuron.
  private static final int LISTED = 5;

  ComparedNeurons compared() {
    LoadedModel model = task.model();
    Measuring measured =
        Measuring.of(model, task.prompt(), request.measure(), request.question().start());
    Question asked = request.question().start(measured.start());
    running.progress().at("neurons", 0, 0);
    try (Run run = run(asked.prompt(model, task.pictures()), List.of())) {
      int id = measured.id().orElseGet(() -> run.logits().argmax(-1).toInts()[0]);
      String target = new Words(model.tokenizer()).text(id).strip();
      List<Change> changes = changes(run, asked, id);
      String compared = request.beside().said();
      return new ComparedNeurons(
          measured.start(),
          target,
          id,
          compared,
          NeuronComparison.conclusion(changes, target, compared),
          changes);
    }
  }

  private List<Change> changes(Run run, Question asked, int id) {
    LoadedModel model = task.model();
    Side own = new Side(run, aim(run, id));
    return switch (request.beside()) {
      case NeuronsRequest.Against(String word) ->
          NeuronComparison.of(
              own,
              new Side(run, aim(run, model.tokenizer().wordIds(word).getFirst())),
              request.neurons(),
              LISTED);
      case NeuronsRequest.Without(List<HeadRef> heads) ->
          with(
              own,
              asked.prompt(model, task.pictures()),
              heads.stream()
                  .map(head ->
                      Intervention.at(Point.Z, head.layer(), new Op.Zero()).heads(head.head()))
                  .toList(),
              id);
      case NeuronsRequest.Other(PictureRef picture) -> {
        List<Picture> pictures = new ArrayList<>(task.pictures());
        if (pictures.isEmpty()) {
          throw new LynceusException(
              ErrorCode.BAD_REQUEST,
              "there is no picture for another one to stand in its place",
              "Ask about a picture, or compare with something else.");
        }
        pictures.set(0, model.picture(Question.name(picture), task.from().read(picture)));
        yield with(own, asked.prompt(model, pictures), List.of(), id);
      }
      case NeuronsRequest.Replaced(String written) -> {
        Replacement words = Replacement.parse(written);
        Question other = asked.text(words.in(asked.text()));
        if (words.isIn(asked.start())) {
          other = other.start(words.in(asked.start()));
        }
        yield with(own, other.prompt(model, task.pictures()), List.of(), id);
      }
    };
  }

  private List<Change> with(Side own, Prompt prompt, List<Intervention> changes, int id) {
    try (Run second = run(prompt, changes)) {
      return NeuronComparison.of(own, new Side(second, aim(second, id)), request.neurons(), LISTED);
    }
  }

  private Run run(Prompt prompt, List<Intervention> changes) {
    LoadedModel model = task.model();
    return model.run(
        Batch.of(prompt),
        RowTrace.plan(model.model().decoder().config(), prompt.length() - 1),
        changes);
  }

  private static Aim aim(Run run, int id) {
    return new Aim(run.batch().length() - 1, id, OptionalInt.empty());
  }
}
