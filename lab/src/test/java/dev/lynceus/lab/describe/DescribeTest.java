package dev.lynceus.lab.describe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.describe.Comparing.Verdict;
import dev.lynceus.lab.strategy.Choice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The algebra of choosing examples, of the loop, and of comparing, on stubs that are known.
class DescribeTest {
  private static List<Double> random(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    return random.doubles(count, -1, 1).boxed().toList();
  }

  private static List<Integer> order(
      Selecting.By by, double alpha, List<Double> m, List<Double> t) {
    return new Selecting(by, alpha, 0)
        .choose(m, t, t.size()).stream().map(Selecting.Scored::number).toList();
  }

  @Test
  void anAlphaOfNothingIsTextAloneAndALargeOneThePictureAlone() {
    for (long seed = 0; seed < 20; seed++) {
      List<Double> m = random(seed, 12);
      List<Double> t = random(seed + 100, 12);
      assertThat(order(Selecting.By.MIXED, 0, m, t))
          .isEqualTo(order(Selecting.By.TEXT, 1, m, t))
          .isNotEqualTo(order(Selecting.By.MULTIMODAL, 1, m, t));
      assertThat(order(Selecting.By.MIXED, 1e9, m, t))
          .isEqualTo(order(Selecting.By.MULTIMODAL, 1, m, t));
    }
  }

  @Test
  void equalOnesComeInTheOrderOfThePool() {
    List<Double> same = List.of(.5, .5, .5, .5);
    assertThat(order(Selecting.By.MIXED, 1, same, same)).containsExactly(0, 1, 2, 3);
  }

  private static Pool pool() {
    Pool pool = new Pool();
    pool.add(
        new Pool.Member("a", "What colour is the dog?", "A red dog.", "red", List.of(1.0, 2.0)));
    pool.add(
        new Pool.Member(
            "b", "Where is the cat?", "A blue cat at the top.", "top", List.of(-1.0, 1.0)));
    pool.add(
        new Pool.Member(
            "c", "What colour is the car?", "A green car.", "green", List.of(2.0, 0.0)));
    return pool;
  }

  @Test
  void aTwinOfTheTargetScoresOneAndAlphaAndTheTargetItselfIsNotChosen() {
    for (double alpha : new double[] {0, .5, 1, 2}) {
      Pool.Member twin =
          new Pool.Member("x", "What colour is the dog?", "A red dog.", "", List.of(2.0, 4.0));
      Pool.Chosen best =
          pool().choose(twin, new Selecting(Selecting.By.MIXED, alpha, 0), 3).getFirst();
      assertThat(best.id()).isEqualTo("a");
      assertThat(best.score()).isCloseTo(1 + alpha, within(1e-12));
    }
    Pool.Member own =
        new Pool.Member("a", "What colour is the dog?", "A red dog.", "", List.of(1.0, 2.0));
    for (Selecting.By by : Selecting.By.values()) {
      assertThat(pool().choose(own, new Selecting(by, 1, 3), 3))
          .extracting(Pool.Chosen::id)
          .containsExactlyInAnyOrder("b", "c");
    }
  }

  @Test
  void rareWordsCountMoreAndLongTextsLess() {
    Bm25 weights = new Bm25(List.of("the dog runs", "the dog sleeps", "the cat"));
    assertThat(weights.vector("cat").get("cat")).isGreaterThan(weights.vector("dog").get("dog"));
    assertThat(weights.vector("dog").get("dog"))
        .isGreaterThan(weights.vector("dog a b c d e f g h").get("dog"));
    // idf = ln(1 + 2.5 / 1.5), one word of two in a text of 3 on average 8 / 3 ... by hand.
    double idf = Math.log(1 + (3 - 1 + .5) / 1.5);
    double average = 5 / 3.0;
    double wanted = idf * 2.2 / (1 + 1.2 * (.25 + .75 * 1 / average));
    assertThat(weights.vector("cat").get("cat")).isCloseTo(wanted, within(1e-12));
  }

  private static Choice choice(String description, List<String> labels) {
    // What it says most probable is what the description names.
    List<Double> p = labels.stream().map(one -> description.contains(one) ? 1.0 : .1).toList();
    double sum = p.stream().mapToDouble(Double::doubleValue).sum();
    return new Choice(
        labels,
        p.stream().map(v -> Math.log(v / sum)).toList(),
        p.stream().map(v -> v / sum).toList());
  }

  private static Refining.Reasoner reasoner(List<String> labels) {
    return new Refining.Reasoner() {
      @Override
      public Choice answer(String description) {
        return choice(description, labels);
      }

      @Override
      public String ask(String description, String prediction) {
        return "what colour is the left shape?";
      }
    };
  }

  @Test
  void whoIgnoresTheQuestionChangesNothingAtAnyNumberOfLoops() {
    List<String> labels = List.of("red", "blue");
    for (Refining.Keep keep : Refining.Keep.values()) {
      Refining.Ledger plain =
          new Refining(asked -> "A blue thing.", reasoner(labels), 0, keep).run("", List.of());
      assertThat(plain.rounds()).hasSize(1);
      assertThat(plain.last().choice()).isEqualTo(choice("A blue thing.", labels));
      for (int loops = 1; loops <= Refining.MOST; loops++) {
        Refining.Ledger ledger =
            new Refining(asked -> "A blue thing.", reasoner(labels), loops, keep)
                .run("", List.of());
        assertThat(ledger.rounds())
            .allSatisfy(round -> {
              assertThat(round.description()).isEqualTo("A blue thing.");
              assertThat(round.choice()).isEqualTo(plain.last().choice());
            });
        assertThat(ledger.rounds()).hasSize(2);
        assertThat(ledger.settled()).isEqualTo(loops > 1);
      }
    }
  }

  @Test
  void oneQuestionTakesAHiddenColourFromChanceToCertainty() {
    List<String> colours = List.of("red", "blue", "green", "white");
    Random random = new Random(1);
    int plain = 0;
    int refined = 0;
    int scenes = 400;
    for (int scene = 0; scene < scenes; scene++) {
      String colour = colours.get(random.nextInt(colours.size()));
      List<String> mixed = new ArrayList<>(colours);
      java.util.Collections.shuffle(mixed, random);
      Refining.Captioner captioner =
          asked -> asked.contains("colour") ? "The left shape is " + colour + "." : "Two shapes.";
      Refining.Ledger ledger =
          new Refining(captioner, reasoner(mixed), 1, Refining.Keep.BOTH).run("", List.of());
      plain += ledger.rounds().getFirst().prediction().equals(colour) ? 1 : 0;
      refined += ledger.last().prediction().equals(colour) ? 1 : 0;
      assertThat(ledger.last().asked()).isEqualTo("what colour is the left shape?");
      // Asked for something else, who sees does not tell.
      Refining.Ledger other =
          new Refining(captioner, reasoner(mixed), 1, Refining.Keep.BOTH)
              .run("", List.of("how many are there?"));
      assertThat(other.last().choice()).isEqualTo(other.rounds().getFirst().choice());
    }
    assertThat(plain / (double) scenes).isCloseTo(.25, within(4 * Math.sqrt(.1875 / scenes)));
    assertThat(refined).isEqualTo(scenes);
  }

  @Test
  void aDescriptionIsComparedWithItselfAsEqualWhoeverJudges() {
    for (Verdict always : Verdict.values()) {
      Comparing.Table table = Comparing.of("x", "x", (step, first, second) -> always);
      assertThat(table.rows()).hasSize(4).allMatch(row -> row.verdict().equals("equal"));
      assertThat(table.equal()).isEqualTo(1);
      assertThat(table.bias()).isEqualTo(always == Verdict.EQUAL ? 0 : 1);
    }
  }

  @Test
  void exchangingTwoDescriptionsExchangesTheirVerdicts() {
    Random random = new Random(3);
    for (int trial = 0; trial < 50; trial++) {
      long salt = random.nextLong();
      // Deterministic, and leaning to the first place.
      Comparing.Judge judge =
          (step, first, second) ->
              Verdict.values()[
                  new Random(
                          salt + 31L * step.ordinal() + first.hashCode() - 7L * second.hashCode())
                      .nextInt(3)];
      Comparing.Table one = Comparing.of("first text", "second text", judge);
      Comparing.Table other = Comparing.of("second text", "first text", judge);
      assertThat(other.better()).isEqualTo(one.worse());
      assertThat(other.worse()).isEqualTo(one.better());
      assertThat(other.equal()).isEqualTo(one.equal());
      assertThat(other.bias()).isEqualTo(one.bias());
    }
    Comparing.Table fair =
        Comparing.of(
            "short",
            "a longer text",
            (step, first, second) ->
                first.length() > second.length() ? Verdict.FIRST : Verdict.SECOND);
    assertThat(fair.better()).isEqualTo(1);
    assertThat(fair.bias()).isZero();
  }

  @Test
  void randomScoresAreRightAsOftenAsChanceHasIt() {
    SplittableRandom random = new SplittableRandom(5);
    int draws = 20_000;
    double[] right = new double[3];
    for (int draw = 0; draw < draws; draw++) {
      double[][] scores = new double[2][2];
      Arrays.setAll(scores, c -> new double[] {random.nextDouble(), random.nextDouble()});
      Pairs pairs = Pairs.of(List.of("a", "b"), scores, "yes");
      right[0] += pairs.text() ? 1 : 0;
      right[1] += pairs.image() ? 1 : 0;
      right[2] += pairs.group() ? 1 : 0;
    }
    double[] chance = {.25, .25, 1 / 6.0};
    IntStream.range(0, 3)
        .forEach(i ->
            assertThat(right[i] / draws)
                .isCloseTo(chance[i], within(4 * Math.sqrt(chance[i] * (1 - chance[i]) / draws))));
    assertThat(Pairs.of(List.of("a", "b"), new double[][] {{2, 1}, {0, 3}}, "yes").group())
        .isTrue();
    assertThat(Pairs.of(List.of("a", "b"), new double[][] {{1, 1}, {0, 3}}, "yes").image())
        .as("a tie is not right")
        .isFalse();
  }

  @Test
  void partsAreSentencesOrWhatOneSentenceLists() {
    Parts list = Parts.of("A green frog, an orange umbrella and a brown car.");
    assertThat(list.parts()).containsExactly("A green frog", "an orange umbrella", "a brown car");
    assertThat(list.without(0)).isEqualTo("An orange umbrella and a brown car.");
    assertThat(list.without(2)).isEqualTo("A green frog and an orange umbrella.");
    Parts sentences = Parts.of("The dog is brown. The car is red.");
    assertThat(sentences.kind()).isEqualTo("sentence");
    assertThat(sentences.without(0)).isEqualTo("The car is red.");
    assertThat(Parts.of("A dog.").without(0)).isEmpty();
  }

  @Test
  void moreLoopsThanThereMayBeAreRefused() {
    assertThatThrownBy(
            () -> new Refining(asked -> "", reasoner(List.of("a")), 5, Refining.Keep.LAST))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("5 loops");
  }
}
