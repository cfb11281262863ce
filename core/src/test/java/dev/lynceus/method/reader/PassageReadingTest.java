package dev.lynceus.method.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Passages;
import dev.lynceus.run.Piece;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Run;
import dev.lynceus.run.TinyReaders;
import dev.lynceus.run.TinyReaders.Kind;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.TokenMap;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Answers are the best pieces of all windows, cut out of the passage, and judged as SQuAD judges
/// them.
class PassageReadingTest {
  private static final String QUESTION = "what is red ?";
  private static final String PASSAGE =
      "the  brown dog sits on a mat in the park . two cat one bird red blue green";

  @TempDir static Path folder;

  private static PassageReading read(LoadedModel model, int length, Optional<Double> threshold) {
    return PassageReading.of(
        model,
        QUESTION,
        PASSAGE,
        new PassageReading.Options(length, 3, 4, threshold),
        Progress.NONE);
  }

  @Test
  void theBestPieceOfAllWindowsIsTheAnswer() {
    try (LoadedModel model = TinyReaders.load(folder, Kind.BERT_SPANS)) {
      PassageReading reading = read(model, 14, Optional.empty());
      assertThat(reading.windows()).isGreaterThan(2);
      double best = Double.NEGATIVE_INFINITY;
      double none = Double.POSITIVE_INFINITY;
      String answer = "";
      for (Passages.Window window : model.passages().windows(QUESTION, PASSAGE, 14, 3)) {
        try (Run run = model.run(window.prompt(), Capture.of(Capture.request(Point.LOGITS)))) {
          SpanScores scores = SpanScores.of(run.get(Point.LOGITS, 0));
          none = Math.min(none, scores.starts()[0] + scores.ends()[0]);
          int[] passage = window.prompt().tokens().positions(TokenMap.Role.PASSAGE);
          for (int p : passage) {
            for (int q : passage) {
              double score = scores.starts()[p] + scores.ends()[q];
              if (p <= q && q < p + 4 && score > best) {
                best = score;
                answer = window.text(new Piece(p, q));
              }
            }
          }
        }
      }
      assertThat(reading.answer()).isEqualTo(answer);
      assertThat(reading.answers().getFirst().score()).isEqualTo(best);
      assertThat(reading.nullScore()).isEqualTo(none);
      double sum = 0;
      for (PassageReading.Answer one : reading.answers()) {
        sum += one.probability();
        assertThat(one.text()).isEqualTo(PASSAGE.substring(one.start(), one.end()));
        assertThat(one.inWindow()).isBetween(0.0, 1.0);
      }
      assertThat(sum).isCloseTo(1, within(1e-9));
      assertThat(reading.answers().stream().map(one -> List.of(one.start(), one.end())))
          .doesNotHaveDuplicates();
    }
  }

  /// A model that reads little at once has less in common than is asked for.
  @Test
  void windowsHaveAtMostHalfInCommon() {
    try (LoadedModel model = TinyReaders.load(folder, Kind.ALBERT_SPANS)) {
      String longer = (PASSAGE + " ").repeat(6);
      PassageReading.Options usual = PassageReading.Options.DEFAULT;
      List<Passages.Window> windows = usual.windows(model, QUESTION, longer);
      assertThat(windows.size()).isGreaterThan(2);
      assertThat(windows.get(1).first()).isEqualTo(48 - 4 - 3 - 24);
      assertThat(PassageReading.of(model, QUESTION, longer, usual, Progress.NONE).answer())
          .isNotEmpty();
    }
  }

  /// No answer is given where its score passes the best one by more than is allowed, and takes its
  /// part of the probability.
  @Test
  void noAnswerIsGivenByItsThreshold() {
    try (LoadedModel model = TinyReaders.load(folder, Kind.ELECTRA_SPANS)) {
      PassageReading always = read(model, 40, Optional.empty());
      double gap = always.nullScore() - always.answers().getFirst().score();
      assertThat(always.none()).isFalse();
      PassageReading never = read(model, 40, Optional.of(gap - 1e-6));
      assertThat(never.none()).isTrue();
      assertThat(never.answer()).isEmpty();
      PassageReading still = read(model, 40, Optional.of(gap + 1e-6));
      assertThat(still.answer()).isEqualTo(always.answer());
      double rest =
          1 - still.answers().stream().mapToDouble(PassageReading.Answer::probability).sum();
      assertThat(rest).isPositive();
      assertThat(rest / still.answers().getFirst().probability())
          .isCloseTo(Math.exp(gap), within(1e-6 * Math.exp(gap)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "The Cat, cat, EN, 1, 1",
    "a red ball!, red ball, EN, 1, 1",
    "red, red ball, EN, 0, 0.6667",
    "red red, red ball, EN, 0, 0.5",
    "blue, red ball, EN, 0, 0",
    "the, red, EN, 0, 0",
    "北京市, 北京, ZH, 0, 0.8",
    "北京。, 北京, ZH, 1, 1",
    "1990年, 1990 年, ZH, 1, 1"
  })
  void answersAreJudgedAsSquadJudges(
      String answer, String right, Squad.Language language, double exact, double f1) {
    Squad.Score score = Squad.score(answer, List.of("nothing", right), language);
    assertThat(score.exact()).isEqualTo(exact);
    assertThat(score.f1()).isCloseTo(f1, within(1e-4));
  }

  @Test
  void ofAQuestionWithoutAnAnswerNoneIsRight() {
    assertThat(Squad.score("", List.of(), Squad.Language.EN).exact()).isEqualTo(1);
    assertThat(Squad.score("red", List.of(), Squad.Language.EN).f1()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "How many points did it score?, EN, how many",
    "In what year did Whose team win?, EN, who",
    "In which city?, EN, which",
    "Name the city., EN, other",
    "谁写了它？, ZH, who",
    "它得了多少分？, ZH, how many",
    "为什么？, ZH, why"
  })
  void questionsHaveTypes(String question, Squad.Language language, String type) {
    assertThat(Squad.type(question, language)).isEqualTo(type);
  }
}
