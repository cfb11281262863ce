package dev.lynceus.request;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Words;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.causal.Measures;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.method.causal.Replacement;
import dev.lynceus.model.Picture;
import dev.lynceus.run.Batch;
import dev.lynceus.run.Ledger;
import dev.lynceus.run.LedgerFile;
import dev.lynceus.run.LedgerKey;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A request that changes a model on its way: a clean run, a sweep whose cost is told first, maps.
///
/// @param <M> what a map is
final class Sweeping<M> {
  /// Quick runs are repeated, so that the cost is not estimated from a first one.
  private static final long QUICK = 1_000_000_000L;

  private final Task<?> task;
  private final Change<M> request;
  private final Running running;
  private final LoadedModel model;
  private final Measuring measured;
  private final Question question;
  private final Prompt prompt;

  Sweeping(Task<?> task, Change<M> request, Running running) {
    this.task = task;
    this.request = request;
    this.running = running;
    this.model = task.model();
    this.measured =
        Measuring.of(model, task.prompt(), measure(request), request.question().start());
    this.question = request.question().start(measured.start());
    this.prompt = continued(question.prompt(model, task.pictures()));
  }

  /// Who steers towards a word away from another measures these, unless others are named.
  private static Measure measure(Change<?> request) {
    return request instanceof SteerRequest steer
            && steer.direction() instanceof SteerRequest.Words(String word, String other)
            && steer.measure() instanceof Measure.Word asked
            && asked.word().isEmpty()
            && asked.against().isEmpty()
        ? new Measure.Word(java.util.Optional.of(word), asked.place(), java.util.Optional.of(other))
        : request.measure();
  }

  Task<?> task() {
    return task;
  }

  Running running() {
    return running;
  }

  /// The prompt of the clean run.
  Prompt prompt() {
    return prompt;
  }

  /// @param seconds told how long the sweep took
  Changed<M> changed(ChangeMethod<M> method, Map<String, Double> seconds) {
    running.progress().step("clean run", 0, 0);
    try (Run clean = clean(method)) {
      int[] answer = measured.answer();
      Readout readout =
          answer.length > 0
              ? Readout.answer(clean, answer)
              : Readout.of(clean, measured.id(), measured.against());
      long start = System.nanoTime();
      List<M> maps = swept(method, clean, readout);
      seconds.put("sweep", (System.nanoTime() - start) / 1e9);
      String target =
          answer.length > 0
              ? model.tokenizer().decode(answer).strip()
              : Words.answered(model, prompt.tokens(), readout.id()).strip();
      return new Changed<>(
          measured.start(),
          measured.why(),
          target,
          readout.id(),
          answer,
          Words.answered(model, prompt.tokens(), readout.against()).strip(),
          readout.against(),
          maps.stream().map(map -> method.conclusion(map, target)).toList(),
          maps);
    }
  }

  private List<M> swept(ChangeMethod<M> method, Run clean, Readout readout) {
    if (running.ledger().isEmpty()) {
      return method.explain(clean, readout, job(Ledger.NONE));
    }
    running.progress().step("ledger", 0, 0);
    Path file = running.ledger().get();
    try (LedgerFile ledger = LedgerFile.open(file, key(method, clean, readout))) {
      ledger.notice().ifPresent(running.notes());
      return method.explain(clean, readout, job(ledger));
    }
  }

  private Job job(Ledger ledger) {
    return new Job(running.progress(), running.costs(), running.limits(), telling(ledger));
  }

  /// A ledger that also tells what was measured, so that a map can be watched while it fills.
  private Ledger telling(Ledger ledger) {
    return new Ledger() {
      @Override
      public Optional<double[]> result(int replay) {
        return ledger.result(replay);
      }

      @Override
      public void done(int replay, double[] result) {
        ledger.done(replay, result);
        Measures measured = Measures.of(result);
        running
            .aside()
            .accept(
                new MeasuredReplay(
                    replay,
                    measured.probability(),
                    measured.logProbability(),
                    measured.logitDifference()));
      }

      @Override
      public void flush() {
        ledger.flush();
      }
    };
  }

  private Run clean(ChangeMethod<M> method) {
    long start = System.nanoTime();
    for (int i = 0; i < 2 && System.nanoTime() - start < QUICK; i++) {
      model.run(prompt, method.capture(model)).close();
    }
    return model.run(prompt, method.capture(model));
  }

  /// A run of the same question about another picture.
  Run other(ChangeMethod<?> method, PictureRef picture) {
    List<Picture> others = new ArrayList<>(task.pictures());
    if (others.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "there is no picture that " + picture.label() + " could take the place of",
          "Give a picture with the question.");
    }
    others.set(0, model.picture(picture.label(), task.from().read(picture)));
    return model.run(
        Batch.of(continued(question.prompt(model, others))), method.capture(model), List.of());
  }

  /// The prompt with a word of the question, and of what the answer begins with, in the place of
  /// another.
  Prompt replaced(Replacement words) {
    boolean begins = words.isIn(question.start());
    Question other =
        question.text(
            begins && !words.isIn(question.text()) ? question.text() : words.in(question.text()));
    return continued(
        (begins ? other.start(words.in(question.start())) : other).prompt(model, task.pictures()));
  }

  /// A prompt that goes on with the answer that is measured, up to its last token.
  private Prompt continued(Prompt asked) {
    int[] answer = measured.answer();
    return answer.length < 2 ? asked : asked.withAnswer(Arrays.copyOf(answer, answer.length - 1));
  }

  /// What this sweep is. Files enter by their contents.
  private LedgerKey key(ChangeMethod<M> method, Run clean, Readout readout) {
    LedgerKey key =
        LedgerKey.of(model)
            .with("the options", Contents.settings(request))
            .with("the tokens of the prompt", Arrays.toString(clean.batch().ids()[0]))
            .with(
                "what is measured",
                readout.id() + "/" + readout.against() + " " + Arrays.toString(measured.answer()));
    List<Picture> seen = clean.batch().pictures();
    for (int i = 0; i < seen.size(); i++) {
      key = key.with("picture " + (i + 1), seen.get(i));
    }
    return new Contents(task.from()).entered(key, request);
  }
}
