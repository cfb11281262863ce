package dev.lynceus.cli;

import dev.lynceus.image.ImageFileReader;
import dev.lynceus.image.RgbImage;
import dev.lynceus.method.Words;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.causal.Measures.Metric;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.method.causal.Replacement;
import dev.lynceus.model.Picture;
import dev.lynceus.report.PatchSource;
import dev.lynceus.run.Batch;
import dev.lynceus.run.Cost;
import dev.lynceus.run.Ledger;
import dev.lynceus.run.LedgerFile;
import dev.lynceus.run.LedgerKey;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.file.InputFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/// What the commands that change a model while it runs have in common: a clean run, a sweep whose
/// cost is told first, maps.
///
/// @param <M> what they find
abstract class CausalCommand<M> implements Callable<Integer> {
  /// Quick runs are repeated, so that the cost is not estimated from a first one.
  private static final long QUICK = 1_000_000_000L;

  final Console console;

  @Mixin QuestionArguments arguments = new QuestionArguments();
  @Mixin CausalOptions causal = new CausalOptions();
  @Mixin ModelOptions models = new ModelOptions();
  @Mixin ResultOptions result = new ResultOptions();
  @Mixin CommonOptions common = new CommonOptions();

  /// What figures about patches are drawn on.
  private List<PatchSource> sources = List.of();

  /// The words of positions, by their labels.
  private Map<String, String> said = Map.of();

  /// Tokens of the whole answer that is measured; empty where a word is.
  private int[] answer = {};

  /// What was asked, and further pictures by the names of their files: read once, so that what a
  /// ledger tells is what was computed with.
  private QuestionArguments.@Nullable Asked asked;

  private final Map<String, RgbImage> pictures = new HashMap<>();

  CausalCommand(Console console) {
    this.console = console;
  }

  /// What the clean run keeps.
  ///
  /// @throws dev.lynceus.error.LynceusException for a bad option value
  abstract Capture capture(LoadedModel model);

  /// The maps.
  abstract List<M> explain(Run clean, Readout readout, Job job);

  /// What a map shows in a sentence or two; empty where the numbers must speak.
  ///
  /// @param word that was measured
  String conclusion(M map, String word) {
    return "";
  }

  /// A map for a screen.
  abstract String told(M map, CausalResult<M> result, Metric metric);

  /// A map as SVG.
  ///
  /// @param conclusion what it shows; may be empty
  abstract String drawn(M map, String conclusion, Metric metric);

  /// The words of positions, by their labels.
  final Map<String, String> said() {
    return said;
  }

  /// The words of all positions that are no part of a picture, those that an encoder reads
  /// included, by their labels.
  private static Map<String, String> said(LoadedModel model, Prompt prompt) {
    Map<String, String> said = new HashMap<>();
    List<TokenMap> texts =
        model.model().textEncoder().isPresent()
            ? List.of(prompt.beside(), prompt.tokens())
            : List.of(prompt.tokens());
    for (TokenMap text : texts) {
      for (int p = 0; p < text.length(); p++) {
        if (text.spots().get(p).role() != TokenMap.Role.IMAGE) {
          said.put(text.label(p), model.tokenizer().text(text.spots().get(p).id()));
        }
      }
    }
    return said;
  }

  /// The views of the pictures.
  final List<PatchSource> sources() {
    return sources;
  }

  /// The settings of this command, as far as they change a number and are not files.
  abstract String settings();

  /// What all of it costs, of what the method told: the first, unless there are several.
  Cost cost(List<Cost> told) {
    return told.getFirst();
  }

  /// The figure: that of the first map, unless a command shows all.
  String figure(List<M> maps, List<String> conclusions, Metric metric) {
    return drawn(maps.getFirst(), conclusions.getFirst(), metric);
  }

  /// Adds the contents of the files that this command reads, as far as they change a number.
  LedgerKey entered(LedgerKey key, LoadedModel model) {
    return key;
  }

  @Override
  public Integer call() {
    QuestionArguments.Asked asked = asked();
    Metric metric = causal.metric();
    if (causal.ledger != null) {
      LedgerFile.requireUsable(InputFile.REQUEST.path(causal.ledger));
    }
    OutputFile figure =
        causal.figure == null ? null : OutputFile.checked(causal.figure, result.force, console);
    CausalResult<M> found;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      List<Picture> pictures = asked.pictures(model);
      Prompt question = arguments.prompt(model, asked, pictures, progress);
      answer = causal.answer(model, question);
      Measured word =
          answer.length > 0
              ? new Measured(arguments.start, OptionalInt.empty(), "")
              : Measured.of(model, question, causal.word, arguments);
      arguments.start = word.start();
      Prompt prompt = continued(arguments.prompt(model, asked, pictures));
      sources = PatchSources.of(model, prompt, pictures);
      said = said(model, prompt);
      progress.at("clean run", 0, 0);
      try (Run clean = clean(model, prompt)) {
        Readout readout =
            answer.length > 0
                ? Readout.answer(clean, answer)
                : causal.readout(model, clean, word.id());
        List<Cost> costs = new ArrayList<>();
        long start = System.nanoTime();
        List<M> maps = swept(clean, readout, progress, costs);
        String target =
            answer.length > 0
                ? model.tokenizer().decode(answer).strip()
                : Words.answered(model, prompt.tokens(), readout.id()).strip();
        found =
            new CausalResult<>(
                model.name(),
                model.checkpoint().revision().orElse(model.checkpoint().fingerprint()),
                model.computeType().toString(),
                prompt.question().isEmpty() ? prompt.text() : prompt.question(),
                word.start(),
                word.why(),
                target,
                readout.id(),
                answer,
                Words.answered(model, prompt.tokens(), readout.against()).strip(),
                readout.against(),
                console.commandLine(),
                cost(costs),
                (System.nanoTime() - start) / 1e9,
                maps.stream().map(map -> conclusion(map, target)).toList(),
                maps);
      }
    }
    if (figure != null) {
      figure.write(figure(found.maps(), found.conclusions(), metric));
    }
    CausalResult<M> all = found;
    result.give(
        console,
        () ->
            all.maps().stream()
                .map(map -> told(map, all, metric))
                .collect(Collectors.joining("\n", all.measured(), "")),
        () -> all);
    return 0;
  }

  private List<M> swept(Run clean, Readout readout, ProgressLine progress, List<Cost> costs) {
    if (causal.ledger == null) {
      return explain(clean, readout, job(progress, costs, Ledger.NONE));
    }
    progress.at("ledger", 0, 0);
    LedgerKey key = key(clean, readout);
    try (LedgerFile ledger = LedgerFile.open(InputFile.REQUEST.path(causal.ledger), key)) {
      ledger.notice().ifPresent(progress::note);
      return explain(clean, readout, job(progress, costs, ledger));
    }
  }

  private Job job(ProgressLine progress, List<Cost> costs, Ledger ledger) {
    return new Job(
        progress,
        cost -> {
          costs.add(cost);
          if (!common.quiet) {
            progress.clear();
            console.err().println("lynceus: " + cost.text());
          }
        },
        causal.limits(),
        ledger);
  }

  private Run clean(LoadedModel model, Prompt prompt) {
    long start = System.nanoTime();
    for (int i = 0; i < 2 && System.nanoTime() - start < QUICK; i++) {
      model.run(prompt, capture(model)).close();
    }
    return model.run(prompt, capture(model));
  }

  /// A run of the same question about another picture.
  Run other(Run clean, String file) {
    LoadedModel model = clean.model();
    List<Picture> others = new ArrayList<>(asked().pictures(model));
    others.set(0, model.picture(file, picture(file)));
    return model.run(
        Batch.of(continued(arguments.prompt(model, asked(), others))), capture(model), List.of());
  }

  private QuestionArguments.Asked asked() {
    QuestionArguments.Asked known = asked;
    if (known == null) {
      known = arguments.read();
      asked = known;
    }
    return known;
  }

  /// A picture beside those of the question, read once.
  final RgbImage picture(String file) {
    return pictures.computeIfAbsent(
        file, name -> new ImageFileReader().read(InputFile.PICTURE.path(name)));
  }

  /// A prompt that goes on with the answer that is measured, up to its last token.
  private Prompt continued(Prompt prompt) {
    return answer.length < 2 ? prompt : prompt.withAnswer(Arrays.copyOf(answer, answer.length - 1));
  }

  /// The prompt of the clean run.
  Prompt prompt(Run clean) {
    return continued(arguments.prompt(clean.model(), asked(), asked().pictures(clean.model())));
  }

  /// The prompt with a word of the question, and of what the answer begins with, in the place of
  /// another.
  Prompt replaced(Run clean, Replacement words) {
    String question = asked().question();
    boolean begins = words.isIn(arguments.start);
    return continued(
        arguments.prompt(
            clean.model(),
            begins && !words.isIn(question) ? question : words.in(question),
            begins ? words.in(arguments.start) : arguments.start,
            asked().pictures(clean.model())));
  }

  /// What this sweep is. Files enter by their contents.
  private LedgerKey key(Run clean, Readout readout) {
    LoadedModel model = clean.model();
    LedgerKey key =
        LedgerKey.of(model, CausalCommand.class)
            .with("the options", settings())
            .with("the tokens of the prompt", Arrays.toString(clean.batch().ids()[0]))
            .with(
                "what is measured",
                readout.id() + "/" + readout.against() + " " + Arrays.toString(answer));
    List<Picture> seen = clean.batch().pictures();
    for (int i = 0; i < seen.size(); i++) {
      key = key.with("picture " + (i + 1), seen.get(i));
    }
    return entered(key, model);
  }
}
