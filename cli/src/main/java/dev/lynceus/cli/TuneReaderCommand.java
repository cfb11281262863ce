package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.measure.ReaderExam;
import dev.lynceus.lab.train.ArticleSplit;
import dev.lynceus.lab.train.PassageQuestion;
import dev.lynceus.lab.train.ReaderPlan;
import dev.lynceus.lab.train.ReaderTrainer;
import dev.lynceus.method.reader.PassageReading;
import dev.lynceus.method.reader.Squad;
import dev.lynceus.model.Checkpoints;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.InputFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lynceus tune-reader`: an encoder learns to answer with pieces of passages.
@Command(
    name = "tune-reader",
    header = "Teach an encoder (BERT, ELECTRA, ALBERT) to answer with a piece of a passage.",
    description = {
      "",
      "Puts a head on the encoder that scores where an answer begins and ends, and teaches both on",
      "questions in the format of SQuAD. Whole articles are held out; the reader is asked about them",
      "afterwards, and so is one whose head has learned nothing. A training that is stopped goes on",
      "where it was when the same command is given again.",
      ""
    },
    sortOptions = false)
final class TuneReaderCommand implements Callable<Integer> {
  private static final String UNTRAINED = "untrained";
  private static final String HELD_OUT = "held-out.json";

  private final Console console;

  @Parameters(
      paramLabel = "ENCODER",
      description = "Its folder, or org/name in the local Hugging Face cache; see models import.")
  String encoder = "";

  @Option(
      names = "--dataset",
      required = true,
      paramLabel = "FILE",
      description = "Questions in the format of SQuAD, with answer_start.")
  String dataset = "";

  @Written(Written.As.FOLDER)
  @Option(
      names = "--out",
      defaultValue = "lynceus-reader",
      paramLabel = "DIR",
      description = {
        "Folder of states, losses, the checkpoint (reader), the one before (untrained) and the questions",
        "that were held out (held-out.json). Default: ${DEFAULT-VALUE}."
      })
  String out = "lynceus-reader";

  @Option(
      names = "--held-out",
      defaultValue = "0",
      paramLabel = "N",
      description = "Articles that are held out; 0, the default, for a fifth of them.")
  int heldOut;

  @Option(
      names = "--learn",
      defaultValue = "all",
      paramLabel = "PARTS",
      description =
          "all: encoder and head. head: the encoder stays as it is. Default: ${DEFAULT-VALUE}.")
  String learn = "all";

  @Option(
      names = "--from",
      defaultValue = "weights",
      paramLabel = "START",
      description = {
        "weights: the encoder as it is. random: drawn anew, a control of what its weights are worth.",
        "Default: ${DEFAULT-VALUE}."
      })
  String from = "weights";

  @Option(
      names = "--passes",
      defaultValue = "4",
      paramLabel = "X",
      description =
          "Steps of 16 questions, in passes over all of them; --steps goes before. Default: ${DEFAULT-VALUE}.")
  double passes;

  @Option(
      names = "--rate",
      defaultValue = "0.0001",
      paramLabel = "R",
      description =
          "Highest learning rate of the encoder; the head's is ten times that. Default: ${DEFAULT-VALUE}.")
  double rate;

  @Mixin TrainingOptions training = new TrainingOptions();

  @Option(
      names = "--threads",
      defaultValue = "1",
      paramLabel = "N",
      description =
          "Threads that share the examples of a step; another number gives other weights."
              + " Default: ${DEFAULT-VALUE}.")
  int threads = 1;

  @Mixin DatasetOptions datasets = new DatasetOptions();

  @Option(names = "--json", description = "The result as JSON on stdout.")
  boolean json;

  @Mixin CommonOptions common = new CommonOptions();

  TuneReaderCommand(Console console) {
    this.console = console;
  }

  /// What came of it.
  ///
  /// @param encoder as it was named
  /// @param questions that it learned from
  /// @param taught of these: those whose answer begins and ends with tokens
  /// @param leftOut questions without an answer in their passage
  /// @param articles that were held out
  /// @param asked questions about these
  /// @param learn what learned
  /// @param from what the encoder began as
  /// @param steps done, of 16 questions each
  /// @param seconds that the steps of this run took
  /// @param untrained the encoder with a head that has learned nothing
  /// @param trained the reader; null where the training was stopped before its end
  /// @param reader its folder; null as well
  /// @param heldOut file of the questions about articles that were held out
  record Result(
      String encoder,
      int questions,
      int taught,
      int leftOut,
      List<String> articles,
      int asked,
      String learn,
      String from,
      long steps,
      double seconds,
      ReaderExam untrained,
      @Nullable ReaderExam trained,
      @Nullable String reader,
      String heldOut) {}

  @Override
  public Integer call() {
    training.check("", threads);
    List<Example> examples =
        datasets.examples(InputFile.REQUEST.path(dataset), Integer.MAX_VALUE, console);
    List<PassageQuestion> questions = new ArrayList<>();
    examples.forEach(one -> question(one).ifPresent(questions::add));
    if (questions.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "no question of " + dataset + " has an answer that stands in its passage",
          "Give a data set in the format of SQuAD 1.1, with answer_start.");
    }
    ArticleSplit split = ArticleSplit.of(questions, heldOut, training.seed);
    Path folder = Path.of(out);
    ReaderPlan plan = plan(split);
    Path source = Checkpoints.locate(encoder);
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        ReaderTrainer trainer = new ReaderTrainer(folder, source, plan, split.heldOut())) {
      split.write(folder.resolve(HELD_OUT));
      ReaderTrainer.exportUntrained(folder.resolve(UNTRAINED), source, plan);
      TrainingRun run =
          new TrainingRun(console, common.quiet, progress, folder, ReaderTrainer.LABEL);
      long start = System.nanoTime();
      trainer.train(run, training.until, () -> false);
      double seconds = (System.nanoTime() - start) / 1e9;
      boolean whole = trainer.done() >= plan.steps();
      Path reader = folder.resolve(ReaderTrainer.LABEL);
      if (whole) {
        trainer.export(reader);
        run.draw();
      }
      Result found =
          new Result(
              encoder,
              split.learnt().size(),
              trainer.taught(),
              examples.size() - questions.size(),
              split.articles(),
              split.heldOut().size(),
              learn,
              from,
              trainer.done(),
              seconds,
              exam(folder.resolve(UNTRAINED), split, progress),
              whole ? exam(reader, split, progress) : null,
              whole ? reader.toString() : null,
              folder.resolve(HELD_OUT).toString());
      progress.clear();
      console.out().print(json ? ResultOptions.json(console, found) + "\n" : text(found));
      console.out().flush();
    }
    return 0;
  }

  private ReaderPlan plan(ArticleSplit split) {
    return new ReaderPlan(
        split.learnt(),
        CausalOptions.choice("--learn", learn, ReaderPlan.Learns.class),
        CausalOptions.choice("--from", from, ReaderPlan.From.class),
        rate,
        PassageReading.Options.DEFAULT.length(),
        training.seed,
        training.steps(ReaderPlan.steps(split.learnt().size(), passes)),
        threads);
  }

  /// A question whose answers stand where the data set says; the others cannot be taught.
  private static Optional<PassageQuestion> question(Example one) {
    String starts = one.fields().getOrDefault("answer_start", "[]");
    List<Long> counted = new ArrayList<>();
    for (String number : starts.substring(1, starts.length() - 1).split(", ", -1)) {
      if (!number.isEmpty()) {
        counted.add(Long.parseLong(number));
      }
    }
    List<PassageQuestion.Place> places = new ArrayList<>();
    String passage = one.passage();
    int length = passage.codePointCount(0, passage.length());
    for (int i = 0; i < Math.min(counted.size(), one.answers().size()); i++) {
      String answer = one.answers().get(i);
      long start = counted.get(i);
      if (start >= 0 && start <= length) {
        int character = passage.offsetByCodePoints(0, (int) start);
        if (passage.startsWith(answer, character)) {
          places.add(new PassageQuestion.Place(answer, character));
        }
      }
    }
    if (places.isEmpty()) {
      return Optional.empty();
    }
    // Where a data set has no titles, a passage is what is held out whole.
    String title = one.fields().getOrDefault("title", passage);
    Squad.Item item =
        new Squad.Item(
            one.id(), one.question(), passage, one.answers().stream().distinct().toList());
    return Optional.of(new PassageQuestion(title, item, places));
  }

  private ReaderExam exam(Path reader, ArticleSplit split, ProgressLine progress) {
    int before = Torch.threads();
    Torch.setThreads(threads);
    try (LoadedModel model = LoadedModel.load(reader, LoadOptions.DEFAULT)) {
      return ReaderExam.of(model, split.heldOut(), PassageReading.Options.DEFAULT, progress);
    } finally {
      Torch.setThreads(before);
    }
  }

  private static String text(Result found) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "learned from %d questions (%d have answers that tokens begin and end with), %d steps of %d; this run took %.0f s%n"
                + "asked %d questions about %d articles that were held out%n%n",
            found.questions,
            found.taught,
            found.steps,
            ReaderPlan.EXAMPLES,
            found.seconds,
            found.asked,
            found.articles.size()));
    TextTable table = new TextTable().row("", "exact", "words in common");
    table.row("head untrained", found.untrained.exact().text(), found.untrained.f1().text());
    if (found.trained != null) {
      table.row("trained", found.trained.exact().text(), found.trained.f1().text());
    }
    text.append(table).append('\n');
    text.append(
        found.reader == null
            ? "stopped after step %d; give the same command without --until to go on%n"
                .formatted(found.steps)
            : "reader: %s%n".formatted(found.reader));
    return text.append("held out: ").append(found.heldOut).append('\n').toString();
  }
}
