package dev.lynceus.cli;

import dev.lynceus.method.evidence.EvidenceBatch;
import dev.lynceus.method.evidence.EvidenceRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The tables of a batch: a row for each word, or for each answer.
final class EvidenceItems {
  private EvidenceItems() {}

  /// A word of an answer; columns are these names.
  record Word(
      int row,
      String id,
      String image,
      String question,
      String answer,
      boolean given,
      int number,
      String word,
      String verdict,
      boolean decisive,
      double probability,
      double blind,
      double effect,
      double imageShare,
      double reliability,
      String because,
      String model,
      String revision) {}

  /// An answer; columns are these names. The word is the one that its verdict is about, and the
  /// numbers are its.
  record Answer(
      int row,
      String id,
      String image,
      String question,
      String answer,
      boolean given,
      String verdict,
      String verdicts,
      String word,
      double probability,
      double blind,
      double effect,
      double imageShare,
      double reliability,
      String headline,
      String error,
      int status,
      String model,
      String revision) {}

  static List<Word> words(EvidenceBatch batch) {
    List<Word> words = new ArrayList<>();
    for (EvidenceRow row : batch.rows()) {
      for (int i = 0; i < row.words().size(); i++) {
        EvidenceRow.Item item = row.words().get(i);
        words.add(
            new Word(
                row.row(),
                row.id(),
                row.image(),
                row.question(),
                row.answer(),
                row.given(),
                i,
                item.text(),
                item.verdict(),
                item.decisive(),
                item.probability(),
                item.blind(),
                item.effect(),
                item.imageShare(),
                reliability(item),
                item.because(),
                batch.model(),
                batch.revision()));
      }
    }
    return words;
  }

  static List<Answer> answers(EvidenceBatch batch) {
    return batch.rows().stream().map(row -> answer(batch, row)).toList();
  }

  private static Answer answer(EvidenceBatch batch, EvidenceRow row) {
    EvidenceRow.Item item =
        row.words().stream()
            .filter(word -> word.decisive() && word.verdict().equals(row.verdict()))
            .max(Comparator.comparingDouble(word -> Math.abs(word.effect())))
            .orElse(null);
    boolean failed = row.status() != 0;
    return new Answer(
        row.row(),
        row.id(),
        row.image(),
        row.question(),
        row.answer(),
        row.given(),
        row.verdict(),
        String.join(" ", row.verdicts()),
        item == null ? "" : item.text(),
        item == null ? Double.NaN : item.probability(),
        item == null ? Double.NaN : item.blind(),
        item == null ? Double.NaN : item.effect(),
        item == null ? Double.NaN : item.imageShare(),
        item == null ? Double.NaN : reliability(item),
        failed ? "" : row.headline(),
        failed ? row.headline() : "",
        row.status(),
        batch.model(),
        batch.revision());
  }

  private static double reliability(EvidenceRow.Item item) {
    Double value = item.reliability();
    return value == null ? Double.NaN : value;
  }
}
