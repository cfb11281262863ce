package dev.lynceus.method.cleann;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.method.cleann.PartialGraph.Edge;
import dev.lynceus.method.cleann.PartialGraph.Mark;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Known graphs are recovered from exact correlations, and the tests of independence give the
/// numbers that were worked out elsewhere.
class OrderedIcdTest {
  /// Correlations of a linear model: each variable is its noise of deviation 1 plus earlier ones.
  ///
  /// @param weights `[effect][cause]`
  /// @param hidden how many of the first variables are left out
  private static double[][] correlations(double[][] weights, int hidden) {
    int n = weights.length;
    // Each variable as a sum of independent noises.
    double[][] made = new double[n][n];
    for (int v = 0; v < n; v++) {
      made[v][v] = 1;
      for (int c = 0; c < v; c++) {
        for (int e = 0; e < n; e++) {
          made[v][e] += weights[v][c] * made[c][e];
        }
      }
    }
    return PartialCorrelation.ofRows(Arrays.copyOfRange(made, hidden, n));
  }

  private static PartialGraph learn(double[][] weights, int hidden) {
    return OrderedIcd.DEFAULT.learn(
        new PartialCorrelation(correlations(weights, hidden), 100_000, 1e-5));
  }

  private static boolean edge(PartialGraph graph, int from, int to, Mark atFrom, Mark atTo) {
    return graph.edges().contains(new Edge(from, to, atFrom, atTo));
  }

  @Test
  void aChainLosesTheEdgeBetweenItsEnds() {
    PartialGraph graph = learn(new double[][] {{}, {.8}, {0, .8}}, 0);

    assertThat(graph.adjacent(0, 2)).isFalse();
    assertThat(graph.separates(1, 0, 2)).isTrue();
    // 0 o-> 1 as the order says; 1 is no collider, so 1 -> 2.
    assertThat(edge(graph, 0, 1, Mark.CIRCLE, Mark.ARROW)).isTrue();
    assertThat(edge(graph, 1, 2, Mark.TAIL, Mark.ARROW)).isTrue();
  }

  @Test
  void aForkIsSeparatedByItsRoot() {
    PartialGraph graph = learn(new double[][] {{}, {.7}, {.7, 0}}, 0);

    assertThat(graph.adjacent(1, 2)).isFalse();
    assertThat(graph.separates(0, 1, 2)).isTrue();
    assertThat(graph.edges()).hasSize(2);
  }

  @Test
  void aColliderIsDirected() {
    PartialGraph graph = learn(new double[][] {{}, {0}, {.7, .7}}, 0);

    assertThat(graph.adjacent(0, 1)).isFalse();
    assertThat(graph.separates(2, 0, 1)).isFalse();
    assertThat(edge(graph, 0, 2, Mark.CIRCLE, Mark.ARROW)).isTrue();
    assertThat(edge(graph, 1, 2, Mark.CIRCLE, Mark.ARROW)).isTrue();
  }

  @Test
  void somethingHiddenIsSeen() {
    // h is hidden and causes b and c; a also causes b, d also causes c.
    double[][] weights = {
      {}, // h
      {0}, // a
      {0, 0}, // d
      {.8, .8, 0}, // b
      {.8, 0, .8, 0} // c
    };
    PartialGraph graph = learn(weights, 1);
    int a = 0;
    int d = 1;
    int b = 2;
    int c = 3;

    assertThat(graph.adjacent(a, d)).isFalse();
    assertThat(graph.adjacent(a, c)).isFalse();
    assertThat(graph.adjacent(d, b)).isFalse();
    // a *-> b <-* c makes an arrow at b, the order one at c: nothing but a hidden cause is left.
    assertThat(edge(graph, b, c, Mark.ARROW, Mark.ARROW)).isTrue();
  }

  /// The path D, A, B, C: D causes A; something hidden causes A and B; A causes C. Rule 4 tells
  /// from what separates D and C whether B causes C or something hidden causes both.
  @Test
  void aDiscriminatingPathTellsAParentFromAHiddenCause() {
    int d = 0;
    int b = 1;
    int a = 2;
    int c = 3;
    double[][] parent = {
      {}, // hidden, of B and A
      {0}, // D
      {.8, 0}, // B
      {.8, .8, 0}, // A
      {0, 0, .8, .8} // C
    };
    PartialGraph graph = learn(parent, 1);
    assertThat(graph.adjacent(d, c)).isFalse();
    assertThat(graph.separates(b, d, c)).isTrue();
    assertThat(
            edge(graph, b, a, Mark.CIRCLE, Mark.ARROW) || edge(graph, b, a, Mark.ARROW, Mark.ARROW))
        .isTrue();
    assertThat(edge(graph, a, c, Mark.TAIL, Mark.ARROW)).isTrue();
    assertThat(graph.has(c, b, Mark.ARROW)).as("nothing hidden between B and C").isFalse();
  }

  @Test
  void ruleFourOnMarksAlone() {
    assertThat(discriminated(new int[] {1, 2}).has(3, 1, Mark.TAIL)).as("B separated").isTrue();
    PartialGraph other = discriminated(new int[] {2});
    assertThat(other.has(3, 1, Mark.ARROW)).as("B did not separate").isTrue();
    assertThat(other.has(1, 2, Mark.ARROW)).isTrue();
    assertThat(other.has(2, 1, Mark.ARROW)).isTrue();
  }

  /// D = 0, B = 1, A = 2, C = 3: D and B meet at A, D and C were separated by A and perhaps by B.
  private static PartialGraph discriminated(int[] separator) {
    PartialGraph graph = new PartialGraph(4);
    graph.separate(0, 1);
    graph.separate(0, 3, separator);
    new Orientation(graph).orient();
    return graph;
  }

  @Test
  void theOrderIsNeverBroken() {
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 20; round++) {
      int n = 7;
      double[][] weights = new double[n][];
      for (int v = 0; v < n; v++) {
        weights[v] = new double[v];
        for (int c = 0; c < v; c++) {
          weights[v][c] = random.nextInt(3) == 0 ? .4 + random.nextDouble() : 0;
        }
      }
      PartialGraph graph = learn(weights, 0);
      for (Edge edge : graph.edges()) {
        assertThat(edge.from()).isLessThan(edge.to());
        assertThat(edge.atTo()).as("a later token causes no earlier one").isEqualTo(Mark.ARROW);
      }
      for (int v = 0; v < n; v++) {
        for (int c = 0; c < v; c++) {
          // With exact correlations no true edge is lost: all weights are positive, nothing
          // cancels.
          if (weights[v][c] != 0) {
            assertThat(graph.adjacent(c, v)).isTrue();
          }
        }
      }
    }
  }

  @Test
  void testsGiveTheNumbersWorkedOutElsewhere() {
    double[][] rho =
        PartialCorrelation.ofRows(new double[][] {{1, 0, 0}, {.5, .5, 0}, {.2, .3, .5}});
    assertThat(rho[0][1]).isCloseTo(.707107, within(1e-6));
    assertThat(rho[0][2]).isCloseTo(.324443, within(1e-6));
    assertThat(rho[1][2]).isCloseTo(.573539, within(1e-6));
    PartialCorrelation test = new PartialCorrelation(rho, 128, 1e-5);
    assertThat(test.partial(0, 2, 1)).isCloseTo(-.140028, within(1e-6));
    assertThat(test.p(0, 2, 1)).isCloseTo(.116508, within(1e-5));
    assertThat(test.p(0, 2)).isCloseTo(1.68e-4, within(1e-6));
    assertThat(test.p(0, 1)).isCloseTo(6.6e-23, within(1e-24));
    assertThat(test.p(1, 2)).isCloseTo(2.9e-13, within(1e-14));
    PartialGraph graph = OrderedIcd.DEFAULT.learn(test);
    assertThat(graph.adjacent(0, 2)).isFalse();
    assertThat(graph.edges()).hasSize(2);
  }

  @Test
  void whatCorrelationSurvives() {
    assertThat(pair(.5).p(0, 1)).isCloseTo(8.178e-10, within(1e-13));
    assertThat(pair(.3).p(0, 1)).isCloseTo(5.391e-4, within(1e-7));
    assertThat(pair(.3756).independent(0, 1)).isTrue();
    assertThat(pair(.3758).independent(0, 1)).isFalse();
    assertThat(pair(1).independent(0, 1)).isFalse();
    assertThat(PartialCorrelation.tails(0)).isEqualTo(1);
    assertThat(PartialCorrelation.tails(1.959964)).isCloseTo(.05, within(1e-7));
    assertThat(PartialCorrelation.tails(2.8284272)).isCloseTo(.004677735, within(1e-8));
    double[][] three = {{1, .1, .1}, {.1, 1, .1}, {.1, .1, 1}};
    PartialCorrelation few = new PartialCorrelation(three, 4, .5);
    assertThat(few.p(0, 1, 2)).as("no freedom is left").isNaN();
    assertThat(few.independent(0, 1, 2)).isFalse();
    assertThatThrownBy(() -> new PartialCorrelation(three, 128, 2))
        .hasMessageContaining("a test at level 2.0");
  }

  private static PartialCorrelation pair(double rho) {
    return new PartialCorrelation(new double[][] {{1, rho}, {rho, 1}}, 128, 1e-5);
  }

  @Test
  void aTreeGoesThroughCollidersAndTriangles() {
    PartialGraph graph = new PartialGraph(4);
    // 0 o-> 2 <-o 1 and 2 o-> 3.
    graph.separate(0, 1);
    graph.separate(0, 3, 2);
    graph.separate(1, 3, 2);
    assertThat(new PdsTree(graph, 3, 3, 3).distances())
        .as("2 o-> 3 has no arrow at 2, so the path ends there")
        .containsOnlyKeys(2);
    graph.set(3, 2, Mark.ARROW);
    assertThat(new PdsTree(graph, 3, 3, 3).distances())
        .as("2 is a collider on the path")
        .containsEntry(2, 1)
        .containsEntry(0, 2)
        .containsEntry(1, 2);
    assertThat(new PdsTree(graph, 3, 1, 3).distances()).containsOnlyKeys(2);
    BitSet all = new BitSet();
    all.set(0, 3);
    assertThat(new PdsTree(graph, 3, 2, 3).sets(2, all, 100))
        .as("0 and 1 are reached through 2 only")
        .containsExactlyElementsOf(List.of(new int[] {0, 2}, new int[] {1, 2}));
  }
}
