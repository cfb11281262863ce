package dev.lynceus.lab.measure;

import dev.lynceus.lab.train.PassageQuestion;
import dev.lynceus.method.reader.PassageReading;
import dev.lynceus.method.reader.Squad;
import dev.lynceus.method.score.Estimate;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// How well a reader answers questions, by the procedure of SQuAD 1.1. Intervals are by bootstrap
/// over articles, whose questions are alike: drawn over questions they would be too narrow.
///
/// @param exact share of answers that are one of the right ones
/// @param f1 mean share of words in common
public record ReaderExam(Estimate exact, Estimate f1) {

  /// Asks.
  ///
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL, CANCELLED
  public static ReaderExam of(
      LoadedModel model,
      List<PassageQuestion> questions,
      PassageReading.Options options,
      Progress progress) {
    Map<String, List<Squad.Score>> byArticle = new LinkedHashMap<>();
    for (int i = 0; i < questions.size(); i++) {
      progress.step("asking", i, questions.size());
      Squad.Item item = questions.get(i).item();
      String answer =
          PassageReading.of(model, item.question(), item.passage(), options, Progress.NONE)
              .answer();
      byArticle
          .computeIfAbsent(questions.get(i).article(), article -> new ArrayList<>())
          .add(Squad.score(answer, item.answers(), Squad.Language.EN));
    }
    return of(List.copyOf(byArticle.values()));
  }

  /// @param articles scores of the questions of each
  static ReaderExam of(List<List<Squad.Score>> articles) {
    return new ReaderExam(mean(articles, Squad.Score::exact), mean(articles, Squad.Score::f1));
  }

  private static Estimate mean(
      List<List<Squad.Score>> articles, ToDoubleFunction<Squad.Score> number) {
    return Estimate.of(
        articles.size(),
        picked -> {
          double sum = 0;
          int count = 0;
          for (int article : picked) {
            sum += articles.get(article).stream().mapToDouble(number).sum();
            count += articles.get(article).size();
          }
          return sum / count;
        });
  }
}
