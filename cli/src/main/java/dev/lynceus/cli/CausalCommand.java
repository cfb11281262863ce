package dev.lynceus.cli;

import dev.lynceus.image.RgbImage;
import dev.lynceus.method.Provenance;
import dev.lynceus.method.causal.Measures.Metric;
import dev.lynceus.report.PatchSource;
import dev.lynceus.request.Change;
import dev.lynceus.request.Changed;
import dev.lynceus.request.Measure;
import dev.lynceus.request.ModelSpec;
import dev.lynceus.request.PictureRef;
import dev.lynceus.request.Pictures;
import dev.lynceus.request.Question;
import dev.lynceus.request.Result;
import dev.lynceus.request.Running;
import dev.lynceus.request.Task;
import dev.lynceus.run.Cost;
import dev.lynceus.run.LedgerFile;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.file.InputFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;

/// What the commands that change a model while it runs have in common: a request, its maps, and how
/// they are shown.
///
/// @param <M> what they find
abstract class CausalCommand<M> implements Callable<Integer> {
  final Console console;

  @Mixin QuestionArguments arguments = new QuestionArguments();
  @Mixin CausalOptions causal = new CausalOptions();
  @Mixin ModelOptions models = new ModelOptions();
  @Mixin ResultOptions result = new ResultOptions();
  @Mixin RequestOptions written = new RequestOptions();
  @Mixin CommonOptions common = new CommonOptions();

  /// What figures about patches are drawn on.
  private List<PatchSource> sources = List.of();

  /// The words of positions, by their labels.
  private Map<String, String> said = Map.of();

  CausalCommand(Console console) {
    this.console = console;
  }

  /// What is asked.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_REQUEST for a bad option value
  abstract Change<M> request(ModelSpec model, Question question, Measure measure);

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

  /// Further pictures that were read.
  Map<PictureRef, RgbImage> pictures() {
    return Map.of();
  }

  /// Takes what the method made on its way.
  void aside(Object made) {}

  /// The views of the pictures.
  final List<PatchSource> sources() {
    return sources;
  }

  /// What all of it costs, of what the method told: the first, unless there are several.
  Cost cost(List<Cost> told) {
    return told.getFirst();
  }

  /// The figure: that of the first map, unless a command shows all.
  String figure(List<M> maps, List<String> conclusions, Metric metric) {
    return drawn(maps.getFirst(), conclusions.getFirst(), metric);
  }

  @Override
  public Integer call() {
    QuestionArguments.Asked asked = arguments.read();
    Metric metric = causal.metric();
    Change<M> request = request(models.spec(), arguments.question(asked), causal.measure());
    if (written.wrote(request, result.force, console)) {
      return 0;
    }
    Optional<Path> ledger = Optional.ofNullable(causal.ledger).map(InputFile.REQUEST::path);
    ledger.ifPresent(LedgerFile::requireUsable);
    OutputFile figure =
        causal.figure == null ? null : OutputFile.checked(causal.figure, result.force, console);
    Map<PictureRef, RgbImage> known = new HashMap<>(asked.known());
    known.putAll(pictures());
    CausalResult<M> found;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      Task<Changed<M>> task = Task.of(model, request, Pictures.files(known));
      task.prompt().outside().forEach(progress::note);
      sources = PatchSources.of(model, task.prompt(), task.pictures());
      said = said(model, task.prompt());
      List<Cost> costs = new ArrayList<>();
      Result<Changed<M>> done = task.run(running(progress, costs, ledger));
      found = result(task, done, cost(costs));
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

  private Running running(ProgressLine progress, List<Cost> costs, Optional<Path> ledger) {
    return Running.QUIET
        .watched(progress)
        .command(console.commandLine())
        .notes(progress::note)
        .costs(cost -> {
          costs.add(cost);
          if (!common.quiet) {
            progress.clear();
            console.err().println("lynceus: " + cost.text());
          }
        })
        .limits(causal.limits())
        .ledger(ledger)
        .aside(this::aside);
  }

  private CausalResult<M> result(Task<?> task, Result<Changed<M>> done, Cost cost) {
    Changed<M> value = done.value();
    Provenance by = done.provenance();
    return new CausalResult<>(
        by.model(),
        by.revision(),
        by.computeDtype(),
        task.prompt().question().isEmpty() ? task.prompt().text() : task.prompt().question(),
        value.start(),
        value.why(),
        value.target(),
        value.targetId(),
        value.answer(),
        value.against(),
        value.againstId(),
        console.commandLine(),
        cost,
        by.seconds().getOrDefault("sweep", 0.),
        value.conclusions(),
        value.maps());
  }
}
