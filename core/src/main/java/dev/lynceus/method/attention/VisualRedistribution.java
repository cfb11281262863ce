package dev.lynceus.method.attention;

import dev.lynceus.method.AnswerWords;
import dev.lynceus.run.Batch;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Visual attention redistribution, VAR (Kang and others, arXiv 2503.03321): rows after the picture
/// take a share of what they pay to sinks and give it to the patches that are no sinks, in those
/// heads that already pay such patches most of what they pay the picture; see [Op.Redistribute].
/// Not in the last layer. Sinks are those of the unchanged run; which rows of which heads are
/// changed is decided while the changed model runs.
///
/// @param share of what sinks get that is given away, from 0 to 1; the paper's p
/// @param least share of a row's attention to the picture that patches other than sinks must have;
///   the paper's rho
public record VisualRedistribution(double share, double least) {

  public VisualRedistribution {
    new Op.Redistribute(Positions.of(), Positions.of(), share, least);
  }

  /// What became of the answer.
  ///
  /// @param share as asked for
  /// @param least as asked for
  /// @param layers that have sinks and were changed
  /// @param sinks how many sinks they have together
  /// @param words each word of the clean answer
  /// @param cleanLog log probability of the whole clean answer, unchanged
  /// @param changedLog the same in the changed model
  /// @param cleanAnswer what the model said
  /// @param changedAnswer what the changed model says
  public record Effect(
      double share,
      double least,
      int[] layers,
      int sinks,
      List<WordEffect> words,
      double cleanLog,
      double changedLog,
      String cleanAnswer,
      String changedAnswer) {}

  /// Log probabilities of a word, its tokens summed; the words before it are given.
  public record WordEffect(String word, double clean, double changed) {}

  /// The changes, as an intervention for each layer that has sinks.
  ///
  /// @param tokens of the prompt, which has a picture
  /// @param sinks of a run of this prompt
  public List<Intervention> changes(TokenMap tokens, Sinks sinks) {
    int[] image = tokens.positions(TokenMap.Role.IMAGE);
    int after = image[image.length - 1] + 1;
    List<Intervention> changes = new ArrayList<>();
    for (int layer = 0; layer < sinks.phi().length - 1; layer++) {
      int[] marked = IntStream.of(sinks.at(layer)).filter(p -> p < tokens.length()).toArray();
      if (marked.length > 0) {
        changes.add(
            new Intervention(
                Point.PATTERN,
                Indices.of(layer),
                Indices.ALL,
                Positions.from(after),
                new Op.Redistribute(Positions.of(marked), Positions.parse("image"), share, least)));
      }
    }
    return List.copyOf(changes);
  }

  /// Redistributes and measures.
  ///
  /// @param prompt with a picture
  /// @param answer tokens of the clean answer, at least one
  /// @param text the clean answer as a reader sees it
  /// @param maxTokens most tokens of the changed answer
  public Effect measure(
      LoadedModel model, Prompt prompt, Sinks sinks, int[] answer, String text, int maxTokens) {
    List<Intervention> changes = changes(prompt.tokens(), sinks);
    double[] clean = logs(model, prompt, answer, List.of());
    double[] changed = logs(model, prompt, answer, changes);
    AnswerWords words = new AnswerWords(model.tokenizer(), answer, prompt.length() - 1);
    List<WordEffect> effects =
        words.groups().stream()
            .map(group ->
                new WordEffect(
                    words.text(group),
                    Arrays.stream(clean, group[0], group[1]).sum(),
                    Arrays.stream(changed, group[0], group[1]).sum()))
            .toList();
    int[] layers = changes.stream().mapToInt(c -> c.layers().numbers()[0]).toArray();
    String other;
    try (var generation =
        model.generate(
            Batch.of(prompt),
            GenerationOptions.greedy(maxTokens),
            Capture.NONE,
            changes,
            piece -> {})) {
      other = generation.answer().text().strip();
    }
    return new Effect(
        share,
        least,
        layers,
        changes.stream()
            .mapToInt(c -> ((Positions.Of) ((Op.Redistribute) c.op()).sinks()).numbers().length)
            .sum(),
        effects,
        Arrays.stream(clean).sum(),
        Arrays.stream(changed).sum(),
        text,
        other);
  }

  /// Log probability of each token of an answer, the ones before it given.
  static double[] logs(LoadedModel model, Prompt prompt, int[] answer, List<Intervention> changes) {
    int firstRow = prompt.length() - 1;
    Prompt longer = prompt.withAnswer(Arrays.copyOf(answer, answer.length - 1));
    Capture rows = Capture.of(Capture.request(Point.LOGITS).at(Positions.from(firstRow)));
    try (Run run = model.run(Batch.of(longer), rows, changes);
        Scope scope = Scope.open()) {
      var logs = Torch.logSoftmax(run.get(Point.LOGITS, 0).select(0, 0).to(DType.FLOAT64), 1);
      return IntStream.range(0, answer.length)
          .mapToDouble(i -> logs.select(0, i).narrow(0, answer[i], 1).item())
          .toArray();
    }
  }
}
