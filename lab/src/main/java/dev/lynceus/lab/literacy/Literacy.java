package dev.lynceus.lab.literacy;

import dev.lynceus.run.Progress;
import java.util.List;

/// A test of visualization literacy, from its items to its report.
///
/// @param report all numbers
/// @param taken what was answered
/// @param maps of some of the answers
public record Literacy(LiteracyReport report, List<Taken> taken, List<Mapped> maps) {
  public Literacy {
    taken = List.copyOf(taken);
    maps = List.copyOf(maps);
  }

  /// Gives the test to a model.
  ///
  /// @param data what the items are called: `generated`, or the name of a file
  /// @throws dev.lynceus.error.LynceusException CANCELLED
  public static Literacy of(
      String data,
      List<LiteracyItem> items,
      ModelTaker taker,
      LiteracySettings settings,
      Progress progress) {
    List<Taken> taken = new LiteracyStudy(settings, progress).of(items, taker);
    List<Mapped> maps =
        settings.mapped() == 0 || settings.maps().isEmpty()
            ? List.of()
            : new EvidencePointing(taker, settings, progress).of(taken);
    return new Literacy(
        report(data, taken, taker.style(), settings, EvidencePointing.rows(maps)), taken, maps);
  }

  /// The report of what was answered.
  ///
  /// @param taken at least one
  public static LiteracyReport report(
      String data,
      List<Taken> taken,
      AnswerStyle style,
      LiteracySettings settings,
      List<LiteracyReport.PointingRow> pointing) {
    Summing sum = new Summing(taken);
    LiteracyScores scores = LiteracyScores.of("all", taken);
    LiteracyReport.Controls controls = sum.controls();
    return new LiteracyReport(
        LiteracyWords.conclusion(scores, controls, taken),
        data,
        settings.seed(),
        taken.getFirst().item().side(),
        style.label(),
        settings.omit(),
        settings.orders(),
        scores,
        scores.right(),
        sum.by(LiteracyItem::chart),
        sum.by(item -> item.task().isEmpty() ? "other" : item.task()),
        sum.by(item -> item.options().size() + " options"),
        sum.orders(),
        controls,
        sum.risk(),
        sum.spoken(),
        sum.human(),
        pointing,
        sum.rows());
  }
}
