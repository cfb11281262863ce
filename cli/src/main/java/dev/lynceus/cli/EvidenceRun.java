package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.data.DataSet;
import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.data.ImageSource;
import dev.lynceus.lab.data.Item;
import dev.lynceus.method.evidence.Evidence;
import dev.lynceus.method.evidence.EvidenceBatch;
import dev.lynceus.method.evidence.EvidenceExplainer;
import dev.lynceus.method.evidence.EvidenceOptions;
import dev.lynceus.method.evidence.EvidenceRow;
import dev.lynceus.method.evidence.Thresholds;
import dev.lynceus.method.evidence.Verdict;
import dev.lynceus.report.EvidenceTable;
import dev.lynceus.run.LedgerKey;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.SeenView;
import dev.lynceus.run.TextLedger;
import dev.lynceus.tensor.file.ContentDigest;
import dev.lynceus.tensor.file.InputFile;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Judges the rows of a data set in turn: one line a row, a row that cannot be judged is told and
/// passed over.
final class EvidenceRun {
  private final Console console;
  private final Path file;
  private final DataSet data;
  private final List<DatasetRow> rows;
  private final boolean silent;

  /// @param silent whether rows are not printed
  EvidenceRun(Console console, Path file, DataSet data, boolean silent) {
    this.console = console;
    this.file = file;
    this.data = data;
    this.rows = DatasetRow.of(data);
    this.silent = silent;
  }

  /// Judges all rows.
  ///
  /// @param options for a prompt: the length of its answer differs
  /// @param settings all options as text, as far as they change a result
  /// @param ledger file of what is done; null for none
  EvidenceBatch judge(
      LoadedModel model,
      BiFunction<LoadedModel, Prompt, EvidenceOptions> options,
      @Nullable Thresholds thresholds,
      String settings,
      @Nullable String ledger,
      ProgressLine progress) {
    if (ledger == null) {
      return judge(model, options, thresholds, null, progress);
    }
    progress.at("ledger", 0, 0);
    LedgerKey key =
        LedgerKey.of(model, EvidenceRun.class)
            .with("the options", settings)
            .with("the thresholds", JsonMapper.shared().writeValueAsString(thresholds))
            .with("the questions", data.digest())
            .with("the pictures", pictures());
    try (TextLedger kept = TextLedger.open(InputFile.REQUEST.path(ledger), key)) {
      kept.notice().ifPresent(progress::note);
      return judge(model, options, thresholds, kept, progress);
    }
  }

  /// What is in the files; a picture that is not there may come.
  private String pictures() {
    StringBuilder all = new StringBuilder();
    for (DatasetRow row : rows) {
      if (row.item() instanceof Item.Good(Example example)) {
        for (ImageSource picture : example.images()) {
          all.append(row.number()).append(' ').append(digest(picture)).append('\n');
        }
      }
    }
    return ContentDigest.of(all.toString());
  }

  private static String digest(ImageSource picture) {
    try {
      return picture.digest();
    } catch (LynceusException e) {
      return "none";
    }
  }

  private EvidenceBatch judge(
      LoadedModel model,
      BiFunction<LoadedModel, Prompt, EvidenceOptions> options,
      @Nullable Thresholds thresholds,
      @Nullable TextLedger ledger,
      ProgressLine progress) {
    JsonMapper json = JsonMapper.shared();
    List<EvidenceRow> all = new ArrayList<>();
    for (DatasetRow row : rows) {
      progress.at("answers", all.size(), rows.size());
      Optional<String> done = ledger == null ? Optional.empty() : ledger.result(row.number());
      EvidenceRow judged =
          done.map(text -> json.readValue(text, EvidenceRow.class))
              .orElseGet(() -> judged(model, options, row));
      // What could not be judged is tried again when the run goes on.
      if (ledger != null && done.isEmpty() && judged.status() == 0) {
        ledger.done(row.number(), json.writeValueAsString(judged));
      }
      all.add(judged);
      if (!silent) {
        progress.clear();
        console.out().println(line(judged));
        console.out().flush();
      }
    }
    progress.at("answers", all.size(), rows.size());
    return new EvidenceBatch(
        model.name(),
        model.checkpoint().version(),
        QuestionArguments.name(file),
        thresholds != null,
        thresholds == null ? null : thresholds.measured(),
        all);
  }

  private EvidenceRow judged(
      LoadedModel model, BiFunction<LoadedModel, Prompt, EvidenceOptions> options, DatasetRow row) {
    String question = row.asked();
    try {
      String asked = row.question();
      Prompt prompt = model.prompt(asked, row.pictures(model), "");
      EvidenceExplainer explainer =
          new EvidenceExplainer(model, options.apply(model, prompt), Progress.NONE);
      String answer = row.answer();
      Evidence found =
          answer == null ? explainer.explain(prompt) : explainer.explain(prompt, answer);
      return EvidenceRow.of(row.number(), row.id(), row.image(), found);
    } catch (LynceusException e) {
      if (e.code() == ErrorCode.CANCELLED
          || e.code() == ErrorCode.INTERNAL
          || e.code() == ErrorCode.OUT_OF_MEMORY) {
        throw e;
      }
      return EvidenceRow.failed(
          row.number(),
          row.id(),
          row.image(),
          question == null ? "" : question,
          String.valueOf(e.getMessage()),
          e.code().exitStatus());
    }
  }

  private static String line(EvidenceRow row) {
    return "%d  %s  %s  %s  %s  %s"
        .formatted(
            row.row(),
            row.id(),
            EvidenceBatch.words(row.verdict()),
            row.image(),
            row.status() == 0 ? row.question() + " \u2192 " + row.answer() : "",
            row.headline())
        .replaceAll("  +", "  ");
  }

  /// What was found as a page.
  String page(EvidenceBatch batch, LoadedModel model, ProgressLine progress) {
    List<EvidenceTable.Seen> seen = new ArrayList<>();
    for (DatasetRow row : rows) {
      progress.at("page", seen.size(), rows.size());
      seen.add(seen(row, model));
    }
    return EvidenceTable.html(batch, seen, console.commandLine());
  }

  private static EvidenceTable.Seen seen(DatasetRow row, LoadedModel model) {
    try {
      List<ImageSource> images = row.example().images();
      BufferedImage first = images.isEmpty() ? null : images.getFirst().read().toBufferedImage();
      List<BufferedImage> views =
          model.views(row.pictures(model)).stream()
              .map(SeenView::seen)
              .map(one -> one.toBufferedImage())
              .toList();
      return new EvidenceTable.Seen(first, views);
    } catch (LynceusException e) {
      return new EvidenceTable.Seen(null, List.of());
    }
  }

  /// The exit status of a batch: of the first row that could not be judged, else whether a verdict
  /// was found that shall stop a pipeline.
  static int status(EvidenceBatch batch, FailOn failOn, Set<Verdict> failing) {
    for (EvidenceRow row : batch.rows()) {
      if (row.status() != 0) {
        return row.status();
      }
    }
    return failOn.status(
        failing,
        batch.rows().stream().flatMap(row -> row.verdicts().stream()).distinct().toList(),
        batch.rows().stream()
            .flatMap(row -> row.words().stream())
            .filter(EvidenceRow.Item::decisive)
            .map(EvidenceRow.Item::reliability));
  }
}
