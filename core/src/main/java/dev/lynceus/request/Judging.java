package dev.lynceus.request;

import dev.lynceus.method.SeeingHeadStore;
import dev.lynceus.method.evidence.Evidence;
import dev.lynceus.method.evidence.EvidenceExplainer;
import dev.lynceus.method.evidence.EvidenceOptions;
import dev.lynceus.method.evidence.KnownThresholds;
import dev.lynceus.method.evidence.ProjectAway;
import dev.lynceus.method.evidence.Thresholds;
import dev.lynceus.model.Picture;
import dev.lynceus.run.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Judges an answer by what it rests on.
record Judging(Task<?> task, EvidenceRequest request, Running running) {

  Evidence evidence() {
    EvidenceOptions options =
        new EvidenceOptions(
            request.reading(),
            request
                .maxTokens()
                .orElseGet(() -> Explained.usual(task.model(), task.prompt().length())),
            limits(),
            request.away().map(EvidenceRequest.Away::word).orElse(null),
            projection(),
            EvidenceRequest.method(request.map()),
            request.boxes(),
            request.askClaims(),
            request.others().stream().map(this::about).toList());
    EvidenceExplainer explainer = new EvidenceExplainer(task.model(), options, running.progress());
    Evidence found =
        request.answer().isPresent()
            ? explainer.explain(task.prompt(), request.answer().get())
            : explainer.explain(task.prompt());
    return found.testedBy(test(found));
  }

  /// The same question about another picture, in the place of the first.
  private Prompt about(PictureRef other) {
    List<Picture> shown = new ArrayList<>(task.pictures());
    shown.set(0, task.model().picture(other.label(), task.from().read(other)));
    return request.question().prompt(task.model(), shown);
  }

  private @Nullable Thresholds limits() {
    String revision = SeeingHeadStore.revision(task.model());
    return request
        .thresholds()
        .map(given -> given.fitting(revision, request.reading()))
        .or(() -> KnownThresholds.of(revision))
        .orElse(null);
  }

  private ProjectAway projection() {
    int layers = task.model().model().decoder().config().layers();
    ProjectAway standard = ProjectAway.standard(layers);
    Optional<EvidenceRequest.Away> away = request.away();
    ProjectAway chosen =
        new ProjectAway(
            away.map(one -> one.textLayer().orElse(standard.textLayer()))
                .orElse(standard.textLayer()),
            away.map(one -> one.imageLayer().orElse(standard.imageLayer()))
                .orElse(standard.imageLayer()),
            away.map(one -> one.strength().orElse(standard.strength()))
                .orElse(standard.strength()));
    chosen.check(layers);
    return chosen;
  }

  /// The command that tests the word which the headline is about.
  private String test(Evidence found) {
    if (found.headline().words().isEmpty()) {
      return "";
    }
    String word = found.words().get(found.headline().words().getFirst()).text();
    return request
        .answer()
        .map(answer ->
            Requests.line(request, running, "occlude", "") + " --answer " + Question.quoted(answer))
        .orElseGet(() -> Requests.line(request, running, "occlude", word));
  }
}
