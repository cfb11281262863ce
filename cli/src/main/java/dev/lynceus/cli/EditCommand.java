package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.KeyWord;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.Target;
import dev.lynceus.method.edit.EditReport;
import dev.lynceus.method.edit.EditTrial;
import dev.lynceus.method.edit.EditedCheckpoint;
import dev.lynceus.method.edit.FactEdit;
import dev.lynceus.method.edit.KeyMoments;
import dev.lynceus.method.edit.Place;
import dev.lynceus.method.edit.Rome;
import dev.lynceus.model.Checkpoints;
import dev.lynceus.report.EditPage;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.tensor.file.InputFile;
import dev.lynceus.tensor.file.RankOne;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus edit`: a fact is changed in the weights, and what becomes of answers is measured.
@Command(
    name = "edit",
    header = "Change in the weights what is said of a thing, and see what else that changes.",
    description = {
      "",
      "Rank-one model editing (ROME): the matrix that one layer's feed-forward network writes with is",
      "changed by an outer product. No file of the model is touched: --save keeps the change, --checkpoint",
      "writes an edited copy that any program reads.",
      ""
    },
    sortOptions = false)
final class EditCommand implements Callable<Integer> {
  private static final String PAGE = "lynceus-edit.html";

  /// The publication's layer 17 of 48.
  private static final double DEPTH = 17 / 48.0;

  /// Layers of a model of which each is tried.
  private static final int ALL_TRIED = 8;

  private static final String SUBJECT = "{subject}";

  private final Console console;

  @Mixin QuestionArguments arguments = new QuestionArguments();

  @Option(
      names = "--subject",
      required = true,
      paramLabel = "WORDS",
      description = "The thing that something else shall be said of, as the question names it.")
  String subject = "";

  @Option(
      names = "--to",
      paramLabel = "WORDS",
      description = "What shall be said, in the place of the answer's word. Needed without --edit.")
  @Nullable String to;

  @Mixin KeyWordOptions about = new KeyWordOptions();

  @Option(
      names = "--layer",
      paramLabel = "L",
      description =
          "The layer whose matrix is changed; not the last. Default: of up to 8 layers the one that lets it be said best, else 17/48 of the depth, as published.")
  @Nullable Integer layer;

  @Option(
      names = "--steps",
      defaultValue = "20",
      paramLabel = "N",
      description = "Most steps to the value. Default: ${DEFAULT-VALUE}.")
  int steps;

  @Option(
      names = "--rate",
      defaultValue = "0.5",
      paramLabel = "R",
      description = "Of these steps (Adam). Default: ${DEFAULT-VALUE}, as published.")
  double rate;

  @Option(
      names = "--essence",
      defaultValue = SUBJECT + " is a",
      paramLabel = "TEXT",
      description = {
        "A text whose continuation should stay, so that the subject stays what it is; empty for none.",
        "Default: '${DEFAULT-VALUE}'."
      })
  String essence = "";

  @Option(
      names = "--dataset",
      paramLabel = "FILE",
      description = {
        "Questions to find the edit with and to try it on; see docs/reference/data.md. Default: of the",
        "bundled model scenes of its world; of others the question alone."
      })
  @Nullable String dataset;

  @Option(
      names = "--contexts",
      defaultValue = "8",
      paramLabel = "N",
      description = {
        "Rows with the words of the question that the value is sought in, besides the question itself.",
        "Default: ${DEFAULT-VALUE}."
      })
  int contexts;

  @Option(
      names = "--rows",
      defaultValue = "40",
      paramLabel = "N",
      description =
          "Most questions of each group that the edit is tried on. Default: ${DEFAULT-VALUE}.")
  int rows;

  @Option(
      names = "--randoms",
      defaultValue = "3",
      paramLabel = "N",
      description = "Random changes of the same size beside it. Default: ${DEFAULT-VALUE}.")
  int randoms;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description = "Of the random changes. Default: ${DEFAULT-VALUE}.")
  long seed;

  @Option(
      names = "--edit",
      paramLabel = "FILE",
      description = "Try an edit that --save wrote, and find none.")
  @Nullable String given;

  @Written(Written.As.FILE)
  @Option(
      names = "--save",
      paramLabel = "FILE",
      description = "Write the edit: two vectors (safetensors).")
  @Nullable String save;

  @Option(
      names = "--checkpoint",
      paramLabel = "FOLDER",
      description = "Write an edited copy of the whole checkpoint.")
  @Nullable String checkpoint;

  @Mixin DatasetOptions datasets = new DatasetOptions();
  @Mixin AnswerLength length = new AnswerLength();
  @Mixin ModelOptions models = new ModelOptions();
  @Mixin PageOptions result = new PageOptions();
  @Mixin CommonOptions common = new CommonOptions();

  EditCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if ((to == null) == (given == null)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          to == null ? "nothing is said to be said" : "--to and --edit exclude each other",
          "Say with --to what shall be said, or name with --edit a file that tells it.");
    }
    QuestionArguments.Asked asked = arguments.read();
    OutputFile page = result.page(PAGE, console);
    OutputFile kept = save == null ? null : OutputFile.checked(save, result.force, console);
    if (checkpoint != null) {
      OutputFile.checkFolder(checkpoint);
    }
    EditReport report;
    String name;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      name = model.name();
      Prompt prompt = arguments.prompt(model, asked, asked.pictures(model), progress);
      EditRows data = rows(model, prompt, progress);
      Found found =
          given == null
              ? found(model, prompt, data, progress)
              : read(model, InputFile.REQUEST.path(given));
      report = tried(model, found, data, length.of(model, prompt), progress);
      if (kept != null) {
        found.edit.save(kept.path());
      }
      if (checkpoint != null) {
        EditedCheckpoint.write(model.checkpoint(), found.edit.change(), Path.of(checkpoint));
      }
    }
    if (page != null) {
      page.write(EditPage.html(name, report, console.commandLine()));
    }
    result.give(console, page, () -> text(report), report);
    return 0;
  }

  /// The layers that are tried.
  private List<Rome> romes(LoadedModel model) {
    int layers = model.model().decoder().config().layers();
    if (layer != null) {
      return List.of(rome(layer));
    }
    return layers > ALL_TRIED
        ? List.of(rome((int) (DEPTH * layers)))
        : IntStream.range(0, Math.max(1, layers - 1)).mapToObj(this::rome).toList();
  }

  private Rome rome(int number) {
    Rome usual = Rome.at(number);
    return new Rome(
        usual.layer(),
        steps,
        rate,
        usual.divergence(),
        usual.decay(),
        usual.clamp(),
        usual.enough(),
        usual.ridge());
  }

  private EditRows rows(LoadedModel model, Prompt prompt, ProgressLine progress) {
    if (dataset != null) {
      return EditRows.of(model, prompt, subject, contexts, rows, dataset, datasets, console);
    }
    if (Checkpoints.bundled().contains(model.name()) && !prompt.pictures().isEmpty()) {
      return EditRows.world(model, prompt, subject, contexts, rows);
    }
    progress.note(
        "The edit is found and tried on this question alone; --dataset names others, to see what"
            + " it reaches and what it breaks.");
    return EditRows.alone(prompt, prompt.question());
  }

  /// @param fitted empty for an edit that was read
  private record Found(FactEdit edit, Optional<Rome.Fitted> fitted, int texts) {}

  private Found found(LoadedModel model, Prompt prompt, EditRows data, ProgressLine progress) {
    String said = Objects.requireNonNull(to);
    KeyWord word = KeyWord.find(model, prompt, about.spec(), length.of(model, prompt));
    int[] all = word.prompt().ids();
    int[] before = Arrays.copyOfRange(all, prompt.length(), all.length);
    int[] ids = model.tokenizer().wordIds(said).stream().mapToInt(Integer::intValue).toArray();
    if (ids.length == 0) {
      throw new LynceusException(ErrorCode.BAD_REQUEST, "--to is empty", "Say what shall be said.");
    }
    List<Place> places = new ArrayList<>();
    places.add(Place.of(model, prompt, subject, before, said, ids));
    places.addAll(data.places(model, subject, before, said, ids));
    Optional<Place> kept = essence(model);
    return romes(model).stream()
        .map(rome -> found(model, rome, places, kept, data, progress))
        .min(Comparator.comparingDouble(found -> found.fitted.orElseThrow().loss()))
        .orElseThrow();
  }

  private Found found(
      LoadedModel model,
      Rome rome,
      List<Place> places,
      Optional<Place> kept,
      EditRows data,
      ProgressLine progress) {
    try (KeyMoments moments = KeyMoments.of(model, data.texts(), rome.layer(), progress)) {
      Rome.Fitted fitted = rome.fit(model, places, kept, moments, progress);
      return new Found(
          FactEdit.of(model, subject, Objects.requireNonNull(to), rome.layer(), fitted.edit()),
          Optional.of(fitted),
          places.size());
    }
  }

  private Optional<Place> essence(LoadedModel model) {
    if (essence.isBlank()) {
      return Optional.empty();
    }
    Prompt text = model.raw(essence.replace(SUBJECT, subject));
    int position =
        Place.named(model, text, subject)
            .orElseThrow(() ->
                new LynceusException(
                    ErrorCode.BAD_REQUEST,
                    "--essence does not name the subject",
                    "Write " + SUBJECT + " where it stands."));
    return Optional.of(new Place(text, position, Target.token("", text.length() - 1, 0)));
  }

  private static Found read(LoadedModel model, Path file) {
    return new Found(FactEdit.load(file, model), Optional.empty(), 0);
  }

  private EditReport tried(
      LoadedModel model, Found found, EditRows data, int tokens, ProgressLine progress) {
    RankOne change = found.edit.change();
    EditTrial trial = new EditTrial(found.edit.said(), tokens);
    List<LoadedModel> drawn = new ArrayList<>();
    try (LoadedModel edited = models.edited(change)) {
      for (int i = 0; i < randoms; i++) {
        drawn.add(models.edited(EditTrial.random(change, seed + i)));
      }
      List<EditTrial.Answers> answers = trial.of(model, edited, drawn, data.tried(), progress);
      return new EditReport(
          data.tried().getFirst().question(),
          found.edit.subject(),
          found.edit.said(),
          found.edit.layer(),
          change.tensor(),
          found.fitted.map(Rome.Fitted::losses).orElse(List.of()),
          found.fitted.map(Rome.Fitted::length).orElse(Double.NaN),
          found.texts,
          found.fitted.map(Rome.Fitted::keys).orElse(0L),
          trial.tallies(answers),
          answers);
    } finally {
      drawn.forEach(LoadedModel::close);
    }
  }

  private static String text(EditReport report) {
    EditTrial.Answers asked = report.answers().getFirst();
    StringBuilder text = new StringBuilder();
    text.append("before: ").append(asked.before()).append('\n');
    text.append("after:  ").append(asked.after()).append("\n\n");
    text.append(report.conclusion()).append("\n\n");
    TextTable table =
        new TextTable()
            .row("questions", "", "say it before", "after", "random", "as before", "random");
    for (EditTrial.Tally one : report.groups()) {
      table.row(
          one.group().label(),
          Integer.toString(one.before().of()),
          one.before().text(),
          one.after().text(),
          one.random().text(),
          one.kept().text(),
          one.randomKept().text());
    }
    text.append(table);
    if (!report.losses().isEmpty()) {
      text.append(
          "%nlayer %d, %d steps, loss %s, at least %s nats, added %s of the value, %d texts, %d keys%n"
              .formatted(
                  report.layer(),
                  report.losses().size() - 1,
                  Spoken.number(report.losses().getFirst()),
                  Spoken.number(
                      report.losses().stream().mapToDouble(one -> one).min().orElseThrow()),
                  Spoken.number(report.length()),
                  report.texts(),
                  report.keys()));
    }
    return text.toString();
  }
}
