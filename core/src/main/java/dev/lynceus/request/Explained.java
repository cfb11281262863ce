package dev.lynceus.request;

import dev.lynceus.method.Additive;
import dev.lynceus.method.ExplainOptions;
import dev.lynceus.method.Explainer;
import dev.lynceus.method.Explanation;
import dev.lynceus.method.Finding;
import dev.lynceus.method.Shown;
import dev.lynceus.method.TargetSpec;
import dev.lynceus.method.dependence.Dependence;
import dev.lynceus.method.dependence.DependenceExplainer;
import dev.lynceus.method.dependence.DependenceOptions;
import dev.lynceus.method.evidence.Denials;
import dev.lynceus.method.evidence.HeadlineMaker;
import dev.lynceus.method.evidence.KnownThresholds;
import dev.lynceus.method.evidence.Thresholds;
import dev.lynceus.method.map.ExtraMaps;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.method.score.MapCheck;
import dev.lynceus.run.LoadedModel;
import java.util.List;

/// Explains an answer.
record Explained(Task<?> task, ExplainRequest request, Running running) {
  /// Most tokens of an answer where neither the request nor the checkpoint says anything.
  static final int USUAL = 32;

  /// Stands for all methods that need no truth.
  private static final String ALL = "all";

  Finding finding() {
    return Additive.holds(task.model().model().decoder()) ? explanation() : dependence();
  }

  private int maxTokens() {
    return request.maxTokens().orElseGet(() -> usual(task.model(), task.prompt().length()));
  }

  /// Most tokens of an answer to a prompt of that length.
  static int usual(LoadedModel model, int prompt) {
    return model.settings().limit(USUAL, prompt);
  }

  private Explanation explanation() {
    ExplainOptions options =
        ExplainOptions.DEFAULT
            .target(request.target())
            .start(request.question().start())
            .heads(request.heads())
            .patches(request.patchWords())
            .seed(request.seed())
            .command(running.command())
            .maxTokens(maxTokens());
    if (request.words().isPresent()) {
      options = options.words(request.words().getAsInt());
    }
    List<PatchMethod> methods = methods(request.methods());
    LoadedModel model = task.model();
    Explanation explanation =
        new ExtraMaps(methods, request.seed())
            .added(
                new Explainer(model, options, running.progress()).explain(task.prompt()),
                model,
                task.prompt(),
                running.progress());
    if (request.check()) {
      explanation =
          new MapCheck(MapCheck.DRAWS, request.seed())
              .added(explanation, model, task.prompt(), running.progress());
    }
    Thresholds thresholds = KnownThresholds.of(explanation.provenance().revision()).orElse(null);
    // Of other models nobody measured what such a no is worth, and asking costs a pass.
    List<String> denials =
        thresholds == null
            ? List.of()
            : Denials.of(model, task.prompt(), explanation.answer().text(), running.progress());
    return new HeadlineMaker(thresholds, this::line)
        .added(explanation, Shown.of(task.pictures()), denials);
  }

  private String line(String verb, String word) {
    return request.target() instanceof TargetSpec.Answer(String answer)
        ? Requests.line(request, running, verb, "") + " --answer " + Question.quoted(answer)
        : Requests.line(request, running, verb, word);
  }

  /// The methods of these names. Baselines are for comparisons: among explanations they are made
  /// only where they are named.
  ///
  /// @throws LynceusException BAD_REQUEST for a name that is none
  static List<PatchMethod> methods(List<String> names) {
    if (names.isEmpty()) {
      return List.of();
    }
    return names.equals(List.of(ALL))
        ? PatchMethod.informed()
        : PatchMethod.named(String.join(",", names));
  }

  private Dependence dependence() {
    requirePlain();
    return new DependenceExplainer(
            task.model(),
            new DependenceOptions(
                request.target(),
                maxTokens(),
                request.heads(),
                DependenceOptions.DEFAULT.draws(),
                request.seed(),
                running.command()),
            running.progress())
        .explain(task.prompt());
  }

  /// Refuses what needs shares of a logit, or visual tokens among words.
  private void requirePlain() {
    String which =
        !request.methods().isEmpty()
            ? "--method"
            : request.words().isPresent()
                ? "--words"
                : request.patchWords() == ExplainOptions.PatchReading.SHARE ? "" : "--patch-words";
    if (!which.isEmpty()) {
      throw ExplainRequest.needsShares(which);
    }
  }
}
