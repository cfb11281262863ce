package dev.lynceus.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Values;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How tokens are chosen, and how answers end.
class SamplingTest {
  @TempDir static Path folder;

  private static final float[] LOGITS = {0.5f, 2, -1, 1, 2.5f, -30, 0};

  // ---- choosing
  // ----------------------------------------------------------------------------------

  @Test
  void greedyTakesTheFirstOfEquals() {
    Sampling.Chooser greedy = new Sampling.Greedy().chooser(0);
    assertThat(greedy.choose(LOGITS)).isEqualTo(4);
    assertThat(greedy.choose(new float[] {1, 3, 3, 2})).isEqualTo(1);
    assertThat(greedy.choose(new float[] {Float.NEGATIVE_INFINITY, -5})).isEqualTo(1);
  }

  @Test
  void drawsFollowTheDistribution() {
    follows(new Sampling.Random(1, 0, 1, 1), probabilities(1, List.of(0, 1, 2, 3, 4, 5, 6)));
    follows(new Sampling.Random(0.5, 0, 1, 2), probabilities(0.5, List.of(0, 1, 2, 3, 4, 5, 6)));
    follows(new Sampling.Random(2, 0, 1, 3), probabilities(2, List.of(0, 1, 2, 3, 4, 5, 6)));
    follows(new Sampling.Random(1, 3, 1, 4), probabilities(1, List.of(4, 1, 3)));
    // Sorted: .485 .294 .108 .066 .040 .015: two reach 0.75, three 0.8.
    follows(new Sampling.Random(1, 0, 0.75, 5), probabilities(1, List.of(4, 1)));
    follows(new Sampling.Random(1, 0, 0.8, 6), probabilities(1, List.of(4, 1, 3)));
    follows(new Sampling.Random(1, 2, 0.999, 7), probabilities(1, List.of(4, 1)));
    follows(new Sampling.Random(1, 0, 1e-9, 8), probabilities(1, List.of(4)));
    follows(new Sampling.Random(1, 1, 1, 9), probabilities(1, List.of(4)));
  }

  private static double[] probabilities(double temperature, List<Integer> kept) {
    double[] weights = new double[LOGITS.length];
    kept.forEach(i -> weights[i] = Math.exp(LOGITS[i] / temperature));
    double sum = IntStream.range(0, weights.length).mapToDouble(i -> weights[i]).sum();
    return IntStream.range(0, weights.length).mapToDouble(i -> weights[i] / sum).toArray();
  }

  private static void follows(Sampling sampling, double[] expected) {
    Sampling.Chooser chooser = sampling.chooser(0);
    int draws = 20_000;
    int[] counts = new int[expected.length];
    for (int i = 0; i < draws; i++) {
      counts[chooser.choose(LOGITS)]++;
    }
    double square = 0;
    for (int i = 0; i < counts.length; i++) {
      if (expected[i] * draws < 1) {
        assertThat(counts[i])
            .as(sampling + " token " + i)
            .isLessThanOrEqualTo(expected[i] == 0 ? 0 : 3);
      } else {
        double off = counts[i] - expected[i] * draws;
        square += off * off / (expected[i] * draws);
      }
    }
    // The 0.9999 quantile for six degrees of freedom is 27.9.
    assertThat(square).as(sampling + "").isLessThan(27.9);
  }

  @Test
  void rowsDrawIndependently() {
    Sampling.Random random = new Sampling.Random(1, 0, 1, 11);
    List<int[]> rows = new ArrayList<>();
    for (int row = 0; row < 4; row++) {
      Sampling.Chooser chooser = random.chooser(row);
      rows.add(IntStream.range(0, 500).map(i -> chooser.choose(LOGITS)).toArray());
    }
    for (int shift = 0; shift < 5; shift++) {
      int offset = shift;
      long equal =
          IntStream.range(0, 490).filter(i -> rows.get(0)[i + offset] == rows.get(1)[i]).count();
      assertThat(equal).as("shift " + shift).isLessThan(300);
    }
    Sampling.Chooser again = random.chooser(2);
    assertThat(IntStream.range(0, 500).map(i -> again.choose(LOGITS)).toArray())
        .isEqualTo(rows.get(2));
  }

  @Test
  void senselessRulesAreRefused() {
    assertThatThrownBy(() -> new Sampling.Random(0, 0, 1, 1)).hasMessageContaining("temperature 0");
    assertThatThrownBy(() -> new Sampling.Random(Double.NaN, 0, 1, 1))
        .hasMessageContaining("cannot be sampled");
    assertThatThrownBy(() -> new Sampling.Random(1, -1, 1, 1)).hasMessageContaining("top-k -1");
    assertThatThrownBy(() -> new Sampling.Random(1, 0, 0, 1)).hasMessageContaining("top-p 0");
    assertThatThrownBy(() -> GenerationOptions.greedy(0)).hasMessageContaining("0 tokens");
    assertThatThrownBy(() -> new GenerationOptions(3, new Sampling.Greedy(), List.of("a", "")))
        .hasMessageContaining("a stop text is empty");
  }

  // ---- answers
  // -----------------------------------------------------------------------------------

  private record Told(Generation generation, String text) {}

  private static Told generate(
      LoadedModel model, GenerationOptions options, Intervention... changes) {
    StringBuilder told = new StringBuilder();
    Generation generation =
        model.generate(
            Batch.of(model.raw("what color is the dog")),
            options,
            Capture.NONE,
            List.of(changes),
            told::append);
    return new Told(generation, told.toString());
  }

  /// Makes the model say one token whatever comes.
  private static Intervention says(int id) {
    float[] logits = new float[TinyModels.VOCABULARY];
    logits[id] = 50;
    return Intervention.at(Point.LOGITS, 0, new Op.Set(Values.of(logits)));
  }

  @Test
  void sameSeedSameText() {
    try (LoadedModel model = TinyModels.load(folder, Family.GEMMA)) {
      List<String> texts = new ArrayList<>();
      for (long seed : new long[] {5, 5, 6}) {
        GenerationOptions options =
            new GenerationOptions(12, new Sampling.Random(1.5, 0, 1, seed), List.of());
        Told told = generate(model, options);
        try (Generation generation = told.generation) {
          texts.add(generation.answer().text());
          assertThat(told.text).isEqualTo(generation.answer().text());
        }
      }
      assertThat(texts.get(0)).isEqualTo(texts.get(1)).isNotEqualTo(texts.get(2));
    }
  }

  @Test
  void stopTextsAcrossTokens() {
    try (LoadedModel model = TinyModels.load(folder, Family.GEMMA)) {
      Sampling sampling = new Sampling.Random(2, 0, 1, 4);
      String whole;
      try (Generation free =
          generate(model, new GenerationOptions(14, sampling, List.of())).generation) {
        whole = free.answer().text();
        assertThat(free.answer().end()).isEqualTo(Generation.End.LENGTH);
      }
      assertThat(whole.length()).isGreaterThan(30);
      for (int start = 3; start < whole.length() - 8; start += 4) {
        String stop = whole.substring(start, start + 7);
        Told told =
            generate(model, new GenerationOptions(14, sampling, List.of("never said", stop)));
        try (Generation generation = told.generation) {
          assertThat(generation.answer().text()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
          assertThat(generation.answer().end()).isEqualTo(Generation.End.STOP_TEXT);
          assertThat(told.text).isEqualTo(generation.answer().text());
        }
      }
      // The beginning of a stop text that does not come is held back, then told.
      String almost = whole.substring(whole.length() - 5) + "!";
      Told told = generate(model, new GenerationOptions(14, sampling, List.of(almost)));
      try (Generation generation = told.generation) {
        assertThat(told.text).isEqualTo(whole).isEqualTo(generation.answer().text());
      }
    }
  }

  @Test
  void theEndOfTextEndsTheAnswer() {
    try (LoadedModel model = TinyModels.load(folder, Family.LLAMA)) {
      try (Generation generation =
          generate(model, GenerationOptions.greedy(5), says(2)).generation) {
        assertThat(generation.answer().end()).isEqualTo(Generation.End.END_OF_TEXT);
        assertThat(generation.answer().ids()).isEmpty();
        assertThat(generation.answer().text()).isEmpty();
        assertThat(generation.run().batch().length()).isEqualTo(6);
      }
      Told told = generate(model, GenerationOptions.greedy(3), says(9));
      try (Generation generation = told.generation) {
        assertThat(generation.answer().ids()).containsExactly(9, 9, 9);
        assertThat(generation.answer().text()).isEqualTo(" dog dog dog").isEqualTo(told.text);
        assertThat(generation.answer().end()).isEqualTo(Generation.End.LENGTH);
        for (double p : generation.answer().logProbabilities()) {
          assertThat(p).isBetween(-1e-6, 0.0);
        }
      }
    }
  }

  @Test
  void idsWithoutTextAreKept() {
    try (LoadedModel model = TinyModels.load(folder, Family.LLAMA)) {
      int padding = TinyModels.VOCABULARY - 1;
      try (Generation generation =
          generate(model, GenerationOptions.greedy(2), says(padding)).generation) {
        assertThat(generation.answer().ids()).containsExactly(padding, padding);
        assertThat(generation.answer().text()).isEmpty();
      }
      // An answer of placeholders does not ask for pictures.
      try (Generation generation =
              generate(model, GenerationOptions.greedy(3), says(TinyModels.IMAGE_TOKEN))
                  .generation;
          Run replay = generation.run().replay(List.of(), Capture.of("hook_embed"))) {
        Numbers.close("replay", replay.logits(), generation.run().logits(), 1e-5);
      }
    }
  }

  @Test
  void theAnswerEndsWhereTheModelEnds() {
    try (LoadedModel model = TinyModels.load(folder, Family.LLAMA);
        Generation generation =
            generate(model, GenerationOptions.greedy(500), says(9)).generation) {
      // 128 positions are passed; the last of them still predicts a token.
      assertThat(generation.run().batch().length()).isEqualTo(128);
      assertThat(generation.answer().ids()).hasSize(128 - 6 + 1);
      assertThat(generation.answer().end()).isEqualTo(Generation.End.LENGTH);
      String long_ = "dog ".repeat(130);
      assertThatThrownBy(() -> model.run(model.raw(long_), Capture.NONE))
          .hasMessageContaining("the model was made for 128");
    }
  }

  @Test
  void logitsThatAreNoNumbersAreRefused() {
    try (LoadedModel model = TinyModels.load(folder, Family.LLAMA)) {
      Intervention broken = Intervention.at(Point.RESID_POST, 1, new Op.Scale(Double.NaN));
      assertThatThrownBy(() -> generate(model, GenerationOptions.greedy(3), broken))
          .hasMessageContaining("the logits are not finite after the changes");
    }
  }
}
