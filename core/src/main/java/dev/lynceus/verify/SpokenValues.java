package dev.lynceus.verify;

import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Compares what goes into and comes out of a decoder that reads by cross-attention (BLIP): the
/// words of the question beside it, its own words, the logits of the first word that it says, log
/// probabilities of all that it says.
record SpokenValues(LoadedModel model, Prompt prompt, Judge judge) {

  /// The decoder's own words, the answer with them.
  static final String IDS = "decoder.input_ids";

  /// Whether a model answers so.
  static boolean answers(LoadedModel model) {
    return model.model() instanceof VisionLanguageModel eyes && eyes.reading().isPresent();
  }

  /// Whether this is the name of one of these values.
  static boolean knows(String name) {
    return switch (name) {
      case IDS,
          "input_ids",
          "attention_mask",
          "answer_first_step_logits",
          "token_logprobs",
          "generated_ids" ->
          true;
      default -> false;
    };
  }

  /// Compares one.
  ///
  /// @param run of the prompt and the answer
  Check check(String name, String stored, Tensor expected, Run run) {
    return switch (name) {
      case IDS -> judge.ids(stored, run.batch().ids()[0], expected.toInts(), expected.shape());
      case "input_ids" -> judge.ids(stored, words(), expected.toInts(), expected.shape());
      case "attention_mask" -> {
        int[] ones = new int[words().length];
        Arrays.fill(ones, 1);
        yield judge.ids(stored, ones, expected.toInts(), expected.shape());
      }
      case "generated_ids" ->
          judge.ids(stored, generated((int) expected.numel()), expected.toInts(), expected.shape());
      case "answer_first_step_logits" -> {
        try (Run first = model.run(prompt, Capture.NONE)) {
          yield judge.tensor(stored, first.logits().select(0, 0), expected);
        }
      }
      default -> judge.tensor(stored, spoken(run, expected.size(0)), expected);
    };
  }

  /// The user's words as the tokenizer gives them.
  private int[] words() {
    return prompt.beside().length() > 0
        ? prompt.beside().ids()
        : model.tokenizer().encode(prompt.question(), true);
  }

  /// All ids, the beginning and the closing one with them.
  int[] generated(int count) {
    Greedy answer = Greedy.answer(model, prompt, count - prompt.length());
    int[] all = Arrays.copyOf(prompt.ids(), prompt.length() + answer.ids().length);
    System.arraycopy(answer.ids(), 0, all, prompt.length(), answer.ids().length);
    return all;
  }

  /// Log probabilities of the words after the prompt, the closing one with them.
  private Tensor spoken(Run run, long count) {
    int[] ids = generated((int) (prompt.length() + count));
    Prompt all = prompt.withAnswer(Arrays.copyOfRange(ids, prompt.length(), ids.length - 1));
    try (Run whole = model.run(all, Capture.of(Capture.request(Point.LOGITS)))) {
      Tensor logs = Torch.logSoftmax(whole.get(Point.LOGITS, 0).select(0, 0).to(DType.FLOAT64), 1);
      int from = prompt.length();
      double[] values =
          IntStream.range(from, ids.length)
              .mapToDouble(i -> logs.select(0, i - 1).select(0, ids[i]).item())
              .toArray();
      return Tensor.of(values, values.length);
    }
  }
}
