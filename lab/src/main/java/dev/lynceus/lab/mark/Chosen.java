package dev.lynceus.lab.mark;

import dev.lynceus.run.Candidates;
import dev.lynceus.run.Contrast;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import java.util.List;
import java.util.Optional;

/// What a model holds of candidate answers, the probabilities shared among them alone; also where
/// tokens are chosen against another picture.
///
/// @param names of the candidates
/// @param logs log probability of each, nats
record Chosen(List<String> names, List<Double> logs) {

  static Chosen of(
      LoadedModel model, Prompt prompt, Optional<Contrast> contrast, List<String> names) {
    if (contrast.isEmpty()) {
      return new Chosen(
          List.copyOf(names),
          Candidates.of(model, prompt, names, Candidates.Ending.OPEN).scores().stream()
              .map(score -> score.by(Candidates.By.SUM))
              .toList());
    }
    List<Double> logs =
        names.stream()
            .map(name -> {
              int[] ids =
                  model.tokenizer().wordIds(name).stream().mapToInt(Integer::intValue).toArray();
              return Forced.of(model, prompt, contrast, ids).log();
            })
            .toList();
    return new Chosen(List.copyOf(names), logs);
  }

  /// Probability of a candidate among them.
  double of(String name) {
    double most = logs.stream().mapToDouble(l -> l).max().orElseThrow();
    double sum = logs.stream().mapToDouble(l -> Math.exp(l - most)).sum();
    return Math.exp(logs.get(names.indexOf(name)) - most) / sum;
  }

  /// The most probable.
  String best() {
    int best = 0;
    for (int i = 1; i < logs.size(); i++) {
      best = logs.get(i) > logs.get(best) ? i : best;
    }
    return names.get(best);
  }
}
