package dev.lynceus.lab.procedure;

import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.experiment.Outcome;
import dev.lynceus.lab.experiment.Procedure;
import dev.lynceus.lab.experiment.UnitRow;
import dev.lynceus.lab.experiment.WordRow;
import dev.lynceus.lab.strategy.AnswerJudge;
import dev.lynceus.method.evidence.Evidence;
import dev.lynceus.method.evidence.EvidenceExplainer;
import dev.lynceus.method.evidence.EvidenceOptions;
import dev.lynceus.method.evidence.InternalConfidence;
import dev.lynceus.method.evidence.Thresholds;
import dev.lynceus.pupil.BundledThresholds;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.tensor.file.InputFile;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What each word of the model's answer rests on: the picture, the text, or nothing.
final class Judging implements Procedure.Step {
  private final Template template;
  private final int tokens;
  private final String thresholds;

  Judging(Settings read) {
    template = new Template(read.text("prompt", "{question}"));
    thresholds = read.text("thresholds", "");
    tokens = read.whole("tokens", 32, 1, 4096);
  }

  @Override
  public Outcome apply(LoadedModel model, Example example, long seed) {
    Asked asked = Asked.of(model, example, template, example.choices());
    EvidenceOptions options =
        new EvidenceOptions(
            InternalConfidence.Reading.NORMED,
            tokens,
            limits(model),
            null,
            null,
            null,
            List.of(),
            false);
    Evidence found = new EvidenceExplainer(model, options, Progress.NONE).explain(asked.prompt());
    List<WordRow> words = new ArrayList<>();
    int at = 0;
    double sum = 0;
    int supported = 0;
    for (Evidence.Word word : found.words()) {
      int begin = found.answer().indexOf(word.text(), at);
      at = begin < 0 ? at : begin + word.text().length();
      sum += word.logProbability();
      supported += word.verdict().equals("image") ? 1 : 0;
      words.add(
          new WordRow(
              example.id(),
              seed,
              word.text(),
              begin,
              begin < 0 ? -1 : at,
              word.verdict(),
              Math.exp(word.logProbability()),
              Math.exp(word.blind()),
              word.effect(),
              Double.isFinite(word.imageShare()) ? word.imageShare() : null,
              word.reliability()));
    }
    UnitRow.At about = asked.at(seed);
    List<UnitRow> units = new ArrayList<>();
    units.add(
        UnitRow.of(
            about,
            "supported_words",
            words.isEmpty() ? Double.NaN : supported / (double) words.size()));
    Boolean correct = null;
    if (!example.answers().isEmpty()) {
      double score = AnswerJudge.AUTO.score(found.answer(), example.answers());
      correct = score >= .5;
      units.add(UnitRow.of(about, "score", score));
    }
    return new Outcome(
        asked.row(seed, found.answer(), new int[0], correct, sum), units, List.of(), words);
  }

  private @Nullable Thresholds limits(LoadedModel model) {
    String revision = model.checkpoint().version();
    if (thresholds.isEmpty()) {
      return BundledThresholds.of(revision).orElse(null);
    }
    return Thresholds.parse(InputFile.REQUEST.text(InputFile.REQUEST.path(thresholds)), thresholds)
        .fitting(revision, InternalConfidence.Reading.NORMED);
  }
}
