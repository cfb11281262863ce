package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.data.Example;
import dev.lynceus.method.reader.Squad;
import dev.lynceus.method.zone.Knockout;
import dev.lynceus.method.zone.PassageZones;
import dev.lynceus.method.zone.PictureZones;
import dev.lynceus.method.zone.ZoneOptions;
import dev.lynceus.method.zone.ZoneStudy;
import dev.lynceus.method.zone.ZoneWords;
import dev.lynceus.model.Attends;
import dev.lynceus.report.ZonesPage;
import dev.lynceus.request.Pictures;
import dev.lynceus.request.Question;
import dev.lynceus.request.Running;
import dev.lynceus.request.StudiedZones;
import dev.lynceus.request.Task;
import dev.lynceus.request.ZonesRequest;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tensor.file.InputFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus zones`: what attention between question and passage, or picture, question and answer,
/// is worth, layer by layer.
@Command(
    name = "zones",
    header = "Take attention between question, passage or picture away; see what is lost.",
    description = {
      "",
      "Of models that see: a picture and a question. QI is the question looking at the picture, AI the",
      "answer at the picture, AQ at the question. Of models that answer with a piece of a passage: a",
      "question and a passage; QP is the question looking at the passage. ALL is the whole attention",
      "of a layer. Beside each stands what as many random looks cost. One question, or a data set.",
      ""
    },
    sortOptions = false)
final class ZonesCommand implements Callable<Integer> {
  private static final String PAGE = "lynceus-zones.html";

  private final Console console;

  @Mixin PassageArguments arguments = new PassageArguments();

  @Option(
      names = "--dataset",
      paramLabel = "FILE",
      description = {
        "A data set of questions and passages, such as SQuAD, or of pictures and questions, in the place",
        "of one question."
      })
  @Nullable String dataset;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Questions of the data set, spread evenly over it. Default: all.")
  @Nullable Integer limit;

  @Option(
      names = "--language",
      defaultValue = "en",
      paramLabel = "LANG",
      description = {
        "en: answers are compared by words, without articles. zh: by Chinese characters.",
        "Default: ${DEFAULT-VALUE}."
      })
  String language = "en";

  @Option(
      names = "--kind",
      defaultValue = "mask",
      paramLabel = "KIND",
      description = {
        "mask: no score, a row looks at the rest the more. cut: no probability, it looks at the rest as",
        "before. spread: its look is even. values: what is looked at is zero. Default: ${DEFAULT-VALUE}."
      })
  String kind = "mask";

  @Option(
      names = "--rows",
      defaultValue = "zone",
      paramLabel = "ROWS",
      description = {
        "zone: the rows of the zone that looks. open: where two zones differ, all rows outside of what",
        "is looked at, [CLS] and [SEP] too. Default: ${DEFAULT-VALUE}."
      })
  String rows = "zone";

  @Option(
      names = "--whole",
      defaultValue = "context",
      paramLabel = "WHAT",
      description = {
        "What ALL is. context: heads say nothing. output: nor does the bias of their projection.",
        "Default: ${DEFAULT-VALUE}."
      })
  String whole = "context";

  @Option(
      names = "--window",
      defaultValue = "1",
      paramLabel = "N",
      description = "Layers that are changed together. Default: ${DEFAULT-VALUE}.")
  int window = 1;

  @Option(
      names = "--heads-of",
      paramLabel = "L",
      description = "Knock the heads of this layer out one by one, too.")
  @Nullable Integer headsOf;

  @Option(
      names = "--draws",
      defaultValue = "1",
      paramLabel = "N",
      description =
          "Random looks beside each pair of zones; 0 for none. Default: ${DEFAULT-VALUE}.")
  int draws = 1;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description = "Of the random looks. Default: ${DEFAULT-VALUE}.")
  long seed;

  @Mixin ZonePictures pictures = new ZonePictures();
  @Mixin DatasetOptions datasets = new DatasetOptions();
  @Mixin ModelOptions models = new ModelOptions();
  @Mixin PageOptions result = new PageOptions();
  @Mixin RequestOptions written = new RequestOptions();
  @Mixin CommonOptions common = new CommonOptions();

  ZonesCommand(Console console) {
    this.console = console;
  }

  /// What becomes JSON.
  ///
  /// @param source the question, or the file of questions
  /// @param order of pictures and question; null of passages
  /// @param answer of the model to one question about pictures; null else
  record Told(
      String model,
      String revision,
      String dtype,
      String source,
      @Nullable String order,
      @Nullable String answer,
      String kind,
      String rows,
      String whole,
      int window,
      @Nullable Integer headsOf,
      String conclusion,
      ZoneStudy study,
      String command) {}

  /// What is studied: questions about pictures, or about passages.
  private sealed interface Source {
    /// One question.
    record One(ZonesRequest request, Pictures from) implements Source {}

    /// Rows about pictures, which are read when a model that sees is there.
    record Rows(List<DatasetRow> rows, Path file) implements Source {}

    record Read(List<Squad.Item> items) implements Source {}
  }

  /// What came of it.
  private record Found(ZoneStudy study, @Nullable String order, @Nullable String answer) {}

  @Override
  public Integer call() {
    ZoneOptions options = options();
    Source source = source();
    if (source instanceof Source.One(ZonesRequest request, Pictures from)) {
      if (written.wrote(request, result.force, console)) {
        return 0;
      }
    } else if (written.file != null) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--request writes one question, and --dataset has many",
          "Leave one of them out.");
    }
    OutputFile page = result.page(PAGE, console);
    Told told;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      Found found = found(model, source, options, progress);
      told =
          new Told(
              model.name(),
              model.checkpoint().version(),
              model.computeType().toString(),
              dataset == null
                  ? found.study.answers().question()
                  : QuestionArguments.name(InputFile.REQUEST.path(dataset)),
              found.order,
              found.answer,
              kind,
              rows,
              whole,
              window,
              headsOf,
              ZoneWords.conclusion(found.study),
              found.study,
              console.commandLine());
    }
    if (page != null) {
      page.write(
          ZonesPage.html(
              new ZonesPage.About(told.model, told.source, knockout(), headsOf),
              told.study,
              told.command));
    }
    result.give(console, page, () -> ZonesText.of(told), told);
    return 0;
  }

  private Found found(
      LoadedModel model, Source source, ZoneOptions options, ProgressLine progress) {
    return switch (source) {
      case Source.Read(List<Squad.Item> items) ->
          new Found(
              PassageZones.study(
                  model,
                  items,
                  CausalOptions.choice("--language", language, Squad.Language.class),
                  options,
                  progress),
              null,
              null);
      case Source.One(ZonesRequest request, Pictures from) -> {
        StudiedZones one =
            Task.of(model, request, from)
                .run(Running.QUIET.watched(progress).command(console.commandLine()))
                .value();
        yield new Found(
            one.study(),
            request.question().passage().isPresent() ? null : pictures.order,
            one.answer().orElse(null));
      }
      case Source.Rows(List<DatasetRow> some, Path file) -> {
        if (model.model().attends() == Attends.ALL) {
          throw lacking(some.getFirst().where());
        }
        yield seen(model, pictures.questions(some, file, datasets), options, progress);
      }
    };
  }

  private Found seen(
      LoadedModel model,
      List<CompareQuestion> questions,
      ZoneOptions options,
      ProgressLine progress) {
    List<PictureZones.Asked> asked = pictures.ask(model, questions, progress);
    return new Found(
        PictureZones.study(model, asked, options, progress),
        pictures.order,
        asked.size() == 1 ? asked.getFirst().answer() : null);
  }

  /// A request about one question.
  private ZonesRequest one(Question question) {
    ZoneOptions options = options();
    return new ZonesRequest(
        models.spec(),
        question,
        pictures.about.spec(),
        options.kind(),
        options.rows(),
        options.whole(),
        window,
        headsOf == null ? OptionalInt.empty() : OptionalInt.of(headsOf),
        draws,
        seed,
        CausalOptions.choice("--language", language, Squad.Language.class),
        pictures.order(),
        pictures.box == null ? List.of() : IntStream.of(pictures.box).boxed().toList(),
        arguments.windows(),
        pictures.length.given());
  }

  private Source source() {
    if (dataset == null) {
      if (ZonePictures.are(arguments.texts)) {
        ZonePictures.Posed posed = pictures.question(arguments.texts);
        return new Source.One(one(posed.question()), posed.from());
      }
      return new Source.One(
          one(PassageArguments.asked(arguments.question(), arguments.passage())), Pictures.files());
    }
    if (!arguments.texts.isEmpty() || arguments.passageFile != null) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "there is a question beside the data set",
          "Give a question with its passage or picture, or --dataset.");
    }
    Path file = InputFile.REQUEST.path(dataset);
    List<DatasetRow> some = spread(DatasetRow.of(datasets.open(file, Integer.MAX_VALUE, console)));
    if (!some.isEmpty() && ZonePictures.is(some.getFirst())) {
      return new Source.Rows(some, file);
    }
    return new Source.Read(some.stream().map(ZonesCommand::item).toList());
  }

  private static Squad.Item item(DatasetRow row) {
    Example one = row.example();
    if (one.passage().isBlank()) {
      throw lacking(row.where());
    }
    return new Squad.Item(
        one.id(), row.question(), one.passage(), one.answers().stream().distinct().toList());
  }

  private static LynceusException lacking(String where) {
    return new LynceusException(
        ErrorCode.BAD_REQUEST,
        where + " lacks a passage",
        "Give a data set of passages, such as SQuAD; of pictures to a model that sees. See"
            + " docs/reference/data.md.");
  }

  /// As many rows as are asked for, evenly over all.
  private List<DatasetRow> spread(List<DatasetRow> all) {
    if (limit == null || limit >= all.size()) {
      return all;
    }
    List<DatasetRow> some = new ArrayList<>();
    for (int i = 0; i < limit; i++) {
      some.add(all.get((int) ((long) i * all.size() / limit)));
    }
    return some;
  }

  private ZoneOptions options() {
    return new ZoneOptions(
        CausalOptions.choice("--kind", kind, Knockout.Kind.class),
        CausalOptions.choice("--rows", rows, Knockout.Rows.class),
        CausalOptions.choice("--whole", whole, Knockout.Whole.class),
        window,
        Optional.ofNullable(headsOf),
        draws,
        seed,
        arguments.options(null));
  }

  private String knockout() {
    return "%s, rows: %s, ALL: %s, layers together: %d".formatted(kind, rows, whole, window);
  }
}
