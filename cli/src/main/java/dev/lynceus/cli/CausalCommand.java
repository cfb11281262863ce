package dev.lynceus.cli;

import dev.lynceus.image.ImageFileReader;
import dev.lynceus.method.Words;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.causal.Measures.Metric;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.method.causal.Replacement;
import dev.lynceus.model.Picture;
import dev.lynceus.run.Batch;
import dev.lynceus.run.Cost;
import dev.lynceus.run.Ledger;
import dev.lynceus.run.LedgerFile;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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

  /// Tokens of the whole answer that is measured; empty where a word is.
  private int[] answer = {};

  CausalCommand(Console console) {
    this.console = console;
  }

  /// What the clean run keeps.
  ///
  /// @throws dev.lynceus.error.LynceusException for a bad option value
  abstract Capture capture(LoadedModel model);

  /// The maps.
  abstract List<M> explain(Run clean, Readout readout, Job job);

  /// A map for a screen.
  abstract String told(M map, CausalResult<M> result, Metric metric);

  /// A map as SVG.
  abstract String drawn(M map, Metric metric);

  /// The settings of this command, as far as they change a number.
  abstract String settings();

  @Override
  public Integer call() {
    QuestionArguments.Asked asked = arguments.read();
    Metric metric = causal.metric();
    OutputFile figure =
        causal.figure == null ? null : OutputFile.checked(causal.figure, result.force, console);
    CausalResult<M> found;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      List<Picture> pictures = asked.pictures(model);
      Prompt question = arguments.prompt(model, asked, pictures);
      answer = causal.answer(model, question);
      Measured word =
          answer.length > 0
              ? new Measured(arguments.start, OptionalInt.empty())
              : Measured.of(model, question, causal.word, arguments);
      arguments.start = word.start();
      Prompt prompt = continued(arguments.prompt(model, asked, pictures));
      progress.at("clean run", 0, 0);
      try (Run clean = clean(model, prompt)) {
        Readout readout =
            answer.length > 0
                ? Readout.answer(clean, answer)
                : causal.readout(model, clean, word.id());
        List<Cost> costs = new ArrayList<>();
        long start = System.nanoTime();
        List<M> maps = swept(clean, readout, progress, costs, key(model, prompt, readout));
        Words words = new Words(model.tokenizer());
        found =
            new CausalResult<>(
                model.name(),
                model.checkpoint().revision().orElse(model.checkpoint().fingerprint()),
                model.computeType().toString(),
                prompt.question().isEmpty() ? prompt.text() : prompt.question(),
                word.start(),
                answer.length > 0
                    ? model.tokenizer().decode(answer).strip()
                    : words.text(readout.id()).strip(),
                readout.id(),
                answer,
                words.text(readout.against()).strip(),
                readout.against(),
                console.commandLine(),
                costs.getFirst(),
                (System.nanoTime() - start) / 1e9,
                maps);
      }
    }
    if (figure != null) {
      figure.write(drawn(found.maps().getFirst(), metric));
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

  private List<M> swept(
      Run clean, Readout readout, ProgressLine progress, List<Cost> costs, String key) {
    if (causal.ledger == null) {
      return explain(clean, readout, job(progress, costs, Ledger.NONE));
    }
    try (LedgerFile ledger = LedgerFile.open(Path.of(causal.ledger), key)) {
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
    Picture picture = model.picture(file, new ImageFileReader().read(Path.of(file)));
    QuestionArguments.Asked asked = arguments.read();
    List<Picture> pictures = new ArrayList<>(asked.pictures(model));
    pictures.set(0, picture);
    return model.run(
        Batch.of(continued(arguments.prompt(model, asked, pictures))), capture(model), List.of());
  }

  /// A prompt that goes on with the answer that is measured, up to its last token.
  private Prompt continued(Prompt prompt) {
    return answer.length < 2 ? prompt : prompt.withAnswer(Arrays.copyOf(answer, answer.length - 1));
  }

  /// The prompt of the clean run.
  Prompt prompt(Run clean) {
    QuestionArguments.Asked asked = arguments.read();
    return continued(arguments.prompt(clean.model(), asked, asked.pictures(clean.model())));
  }

  /// The prompt with a word of the question, and of what the answer begins with, in the place of
  /// another.
  Prompt replaced(Run clean, Replacement words) {
    QuestionArguments.Asked asked = arguments.read();
    boolean begins = words.isIn(arguments.start);
    return continued(
        arguments.prompt(
            clean.model(),
            begins && !words.isIn(asked.question()) ? asked.question() : words.in(asked.question()),
            begins ? words.in(arguments.start) : arguments.start,
            asked.pictures(clean.model())));
  }

  private String key(LoadedModel model, Prompt prompt, Readout readout) {
    int pixels = 1;
    for (Picture picture : prompt.pictures()) {
      for (var view : picture.views()) {
        pixels = 31 * pixels + Arrays.hashCode(view.pixels());
      }
    }
    return String.join(
        " ",
        settings(),
        model.name(),
        model.checkpoint().fingerprint(),
        model.computeType().toString(),
        Integer.toHexString(Arrays.hashCode(prompt.ids())),
        Integer.toHexString(pixels),
        readout.id() + "/" + readout.against(),
        Arrays.toString(answer));
  }
}
