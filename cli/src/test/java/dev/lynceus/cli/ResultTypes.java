package dev.lynceus.cli;

import dev.lynceus.lab.contest.ContestReport;
import dev.lynceus.lab.hallucination.HallucinationReport;
import dev.lynceus.lab.mark.MarkWorldReport;
import dev.lynceus.lab.measure.AccuracyReport;
import dev.lynceus.lab.measure.FindingsReport;
import dev.lynceus.lab.measure.ProbeReport;
import dev.lynceus.lab.measure.ScoreReport;
import dev.lynceus.lab.measure.TraceReport;
import dev.lynceus.lab.measure.VerdictReport;
import dev.lynceus.lab.measure.ViewReport;
import dev.lynceus.lab.measure.WordReport;
import dev.lynceus.lab.measure.XFormerReport;
import dev.lynceus.lab.skill.SkillReport;
import dev.lynceus.method.Explanation;
import dev.lynceus.method.SeeingHeads;
import dev.lynceus.method.attention.ReadingLooks;
import dev.lynceus.method.causal.AttributionMap;
import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.RegionEffect;
import dev.lynceus.method.causal.Silencing;
import dev.lynceus.method.causal.Steering;
import dev.lynceus.method.dependence.Dependence;
import dev.lynceus.method.edit.EditReport;
import dev.lynceus.method.evidence.Calibration;
import dev.lynceus.method.evidence.Evidence;
import dev.lynceus.method.evidence.EvidenceBatch;
import dev.lynceus.method.lens.LensGrid;
import dev.lynceus.method.relevancy.RelevancyResult;
import dev.lynceus.method.score.Comparison;
import dev.lynceus.method.score.Tally;
import dev.lynceus.request.Answered;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.type.TypeReference;

/// The record that becomes the JSON of each command, by the name of its schema.
final class ResultTypes {
  private ResultTypes() {}

  static Map<String, Type> all() {
    Map<String, Type> types = new LinkedHashMap<>();
    types.put("explain", Explanation.class);
    types.put("explain-dependence", Dependence.class);
    types.put("ask", Answered.class);
    types.put("models-list", ListCommand.Models.class);
    types.put("models-show", ModelFacts.class);
    types.put("models-taps", TapsCommand.Points.class);
    types.put("data-show", DataFacts.class);
    types.put("models-verify", VerifyCommand.Told.class);
    types.put("models-import", ImportCommand.Result.class);
    types.put("attention", AttentionCommand.Told.class);
    types.put("attention-reading", ReadingLooks.class);
    types.put("lens", LensGrid.class);
    types.put("tune-lens", TuneLensCommand.Result.class);
    types.put("words", WordsCommand.Told.class);
    types.put("tune-words", TuneWordsCommand.Result.class);
    types.put("tune-reader", TuneReaderCommand.Result.class);
    types.put("features", FeaturesCommand.Told.class);
    types.put("tune-sae", TuneSaeCommand.Result.class);
    types.put("heads", HeadsCommand.Told.class);
    types.put("probe", ProbeCommand.Told.class);
    types.put("seeing", SeeingHeads.class);
    types.put("relevancy", RelevancyResult.class);
    types.put("causes", CausesCommand.Told.class);
    types.put("match", MatchCommand.Told.class);
    types.put("reconstruct", ReconstructCommand.Told.class);
    types.put("read", ReadCommand.Told.class);
    types.put("zones", ZonesCommand.Told.class);
    types.put("mark", MarkCommand.Told.class);
    types.put("describe", DescribeCommand.Told.class);
    types.put("describe-match", DescribeCommand.Paired.class);
    types.put("think", ThinkCommand.Told.class);
    types.put("vote", VoteCommand.Told.class);
    types.put("queries", QueriesCommand.Told.class);
    types.put("queries-match", QueriesCommand.Matched.class);
    Type maps = new TypeReference<CausalResult<CausalMap>>() {}.getType();
    for (String name : List.of("trace", "patch", "paths", "knockout", "occlude", "ablate")) {
      types.put(name, maps);
    }
    types.put("attribute", new TypeReference<CausalResult<AttributionMap>>() {}.getType());
    types.put("neurons", NeuronsCommand.Result.class);
    types.put("steer", new TypeReference<CausalResult<Steering.Result>>() {}.getType());
    types.put("looks", LooksCommand.Told.class);
    types.put("region", new TypeReference<CausalResult<RegionEffect.Result>>() {}.getType());
    types.put("silence", new TypeReference<CausalResult<Silencing.Result>>() {}.getType());
    types.put("edit", EditReport.class);
    types.put("evidence", Evidence.class);
    types.put("evidence-dataset", EvidenceBatch.class);
    types.put("calibrate", Calibration.class);
    types.put("compare", Comparison.class);
    types.put("compare-dataset", Tally.class);
    types.put("lab-run", LabResult.Shown.class);
    types.put("lab-runs", LabResult.Listed.class);
    types.put("lab-show", LabResult.Shown.class);
    types.put("lab-compare", LabResult.Beside.class);
    types.put("lab-sql", LabResult.Asked.class);
    types.put("pupil-accuracy", AccuracyReport.class);
    types.put("pupil-words", WordReport.class);
    types.put("pupil-score", ScoreReport.class);
    types.put("pupil-findings", FindingsReport.class);
    types.put("pupil-verdict", VerdictReport.class);
    types.put("pupil-probe", ProbeReport.class);
    types.put("pupil-trace", TraceReport.class);
    types.put("pupil-xformer", XFormerReport.class);
    types.put("pupil-views", ViewReport.class);
    types.put("pupil-marks", MarkWorldReport.class);
    types.put("pupil-skills", SkillReport.class);
    types.put("pupil-strategies", ContestReport.class);
    types.put("hallucinate", HallucinationReport.class);
    types.put("literacy", LiteracyCommand.Told.class);
    return types;
  }
}
