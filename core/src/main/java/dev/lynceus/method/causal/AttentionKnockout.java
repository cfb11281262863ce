package dev.lynceus.method.causal;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.Attends;
import dev.lynceus.model.Model;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.TokenMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Attention knockout: some positions may not attend to others in a window of layers. Where that
/// costs the answer, it came along there.
///
/// For layers l in the window, targets i and sources j the score (i, j) of all heads becomes minus
/// infinity before the softmax, so rows still sum to one. The window slides over the layers. From
/// Geva et al. 2023 (2304.14767); zones of pictures as in 2411.18620.
///
/// Where pictures, or the question, are read by cross-attention (BLIP), sight of them is lost
/// there: of some of their positions as above; of all, the heads give zero, before the output
/// projection.
///
/// @param edges which positions lose sight of which; one column each
/// @param window layers that are blocked together
/// @param heads which heads are blocked; empty = all
public record AttentionKnockout(List<Edge> edges, int window, List<Integer> heads) {

  /// Sight that is lost.
  ///
  /// @param targets who may not look (see [dev.lynceus.tap.Positions#parse(String)])
  /// @param sources at what
  public record Edge(String targets, String sources) {
    /// Reads who, a colon, and what.
    ///
    /// @throws LynceusException BAD_REQUEST if it is written otherwise
    public static Edge parse(String text) {
      int colon = text.indexOf(':');
      if (colon < 1 || colon == text.length() - 1) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "--edge " + text + " does not name two places",
            "Write who, a colon, and what, for example last:image.");
      }
      return new Edge(text.substring(0, colon), text.substring(colon + 1));
    }

    String label() {
      return targets + " \u2190 " + sources;
    }
  }

  /// What the map of random looks is called.
  public static final String RANDOM = "knockout-random";

  /// The ways from a picture to the answer: directly, and through the question.
  private static final List<Edge> TO_THE_LAST =
      List.of(
          new Edge("question", "image"), new Edge("last", "image"), new Edge("last", "question"));

  /// The ways between what is read whole.
  private static final List<Edge> WITHIN_A_TEXT =
      List.of(
          new Edge("question", "passage"),
          new Edge("passage", "question"),
          new Edge("mask", "question"));

  /// The ways to the answer that there are in a run: from the picture, directly and through the
  /// question; without a picture from the question; of a model that reads, between question and
  /// passage, or from the text to the words that were taken out. Where the question is read by an
  /// encoder, none leads past it; where none is asked, there is none but the direct one. Of a raw
  /// prompt, in which nothing tells the question, from all that is not the picture.
  public static List<Edge> ways(Run run) {
    Model model = run.model().model();
    if (model instanceof VisionLanguageModel eyes && eyes.reading().isPresent()) {
      return eyes.reading().get().asked()
          ? List.of(new Edge("question", "image"), new Edge("last", "question"))
          : List.of(new Edge("last", "image"));
    }
    boolean whole = model.attends() == Attends.ALL;
    List<Edge> there =
        (whole ? WITHIN_A_TEXT : TO_THE_LAST)
            .stream().filter(edge -> holds(run, edge.targets) && holds(run, edge.sources)).toList();
    return there.isEmpty() ? List.of(new Edge("last", "template")) : there;
  }

  /// Whether a run has positions of a zone.
  private static boolean holds(Run run, String zone) {
    return zone.equals("last")
        || run.tokens().positions(TokenMap.Role.valueOf(zone.toUpperCase(Locale.ROOT))).length > 0;
  }

  public AttentionKnockout {
    edges = List.copyOf(edges);
    heads = List.copyOf(heads);
  }

  /// What the run must keep.
  public Capture capture(LoadedModel model) {
    return Sweep.base(model);
  }

  /// Blocks every edge in every window.
  ///
  /// @return rows are the middle layers of the windows, columns the edges
  public CausalMap explain(Run run, Readout readout, Job job) {
    return beside(run, readout, job, 0, 0).getFirst();
  }

  /// The same, and a second map with what as many random looks cost in the same windows: of any
  /// position at any that it may look at beside itself, none of them of the edge.
  ///
  /// @param draws how often they are drawn; 0 = no second map
  /// @param seed of them
  /// @return the map of [#explain], and one of means over the draws with their intervals
  /// @throws LynceusException BAD_REQUEST for random looks where pictures or questions are read by
  ///   cross-attention
  public List<CausalMap> beside(Run run, Readout readout, Job job, int draws, long seed) {
    int layers = run.model().model().decoder().config().layers();
    Window together = new Window(window);
    int[] some = heads.stream().mapToInt(Integer::intValue).toArray();
    int all = run.model().model().decoder().config().heads();
    for (int head : some) {
      if (head < 0 || head >= all) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "there is no head " + head + " to block",
            "This decoder has heads 0 to " + (all - 1) + " in each layer.");
      }
    }
    Indices who = some.length == 0 ? Indices.ALL : Indices.of(some);
    List<List<Intervention>> replays = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      for (Edge edge : edges) {
        replays.add(List.of(blocked(run, edge, Indices.of(together.around(layer, layers)), who)));
      }
    }
    List<RandomLooks> random = draws == 0 ? List.of() : random(run);
    SplittableRandom seeds = new SplittableRandom(seed);
    for (int draw = 0; draw < draws; draw++) {
      List<Map<Integer, Positions>> drawn =
          random.stream().map(looks -> looks.drawn(seeds.split())).toList();
      for (int layer = 0; layer < layers; layer++) {
        Indices at = Indices.of(together.around(layer, layers));
        for (Map<Integer, Positions> looks : drawn) {
          replays.add(RandomLooks.blocked(looks, at, who));
        }
      }
    }
    List<Measures> cells = job.run("knockout", run, replays, readout);
    int each = layers * edges.size();
    List<CausalMap> maps = new ArrayList<>();
    maps.add(
        map(
            "knockout",
            "the first may not attend to the second, %s, windows of %d layers"
                .formatted(heads(some), window),
            readout.of(run),
            layers,
            cells.subList(0, each),
            Optional.empty(),
            1));
    if (draws > 0) {
      List<List<Measures>> beside = new ArrayList<>();
      for (int draw = 1; draw <= draws; draw++) {
        beside.add(cells.subList(draw * each, (draw + 1) * each));
      }
      Averages means = Averages.of(beside);
      maps.add(
          map(
              RANDOM,
              "as many random looks of any position at any before it, none of them of the edge, %s, windows of %d layers"
                  .formatted(heads(some), window),
              readout.of(run),
              layers,
              means.means(),
              means.spreads(),
              draws));
    }
    return maps;
  }

  private static String heads(int[] some) {
    return some.length == 0 ? "all heads" : "heads " + Arrays.toString(some);
  }

  private List<RandomLooks> random(Run run) {
    return edges.stream()
        .map(edge -> {
          if (Crossing.of(run, edge.sources).isPresent()) {
            throw new LynceusException(
                ErrorCode.BAD_REQUEST,
                "%s is sight by cross-attention, beside which no random looks are drawn"
                    .formatted(edge.label()),
                "Leave out --draws.");
          }
          return RandomLooks.of(
              run,
              Places.of(run, edge.targets).positions(),
              Places.of(run, edge.sources).positions());
        })
        .toList();
  }

  private CausalMap map(
      String method,
      String what,
      Measures base,
      int layers,
      List<Measures> cells,
      Optional<List<Measures>> spreads,
      int repeats) {
    return new CausalMap(
        method,
        what,
        base,
        Optional.empty(),
        "layer",
        IntStream.range(0, layers).mapToObj(Integer::toString).toList(),
        "edge",
        edges.stream().map(Edge::label).toList(),
        CausalMap.grid(cells, edges.size()),
        spreads.map(all -> CausalMap.grid(all, edges.size())),
        repeats,
        Optional.empty(),
        List.of());
  }

  private static Intervention blocked(Run run, Edge edge, Indices layers, Indices heads) {
    Optional<Crossing> crossing = Crossing.of(run, edge.sources);
    if (crossing.isEmpty()) {
      return new Intervention(
          Point.ATTN_SCORES,
          layers,
          heads,
          Places.of(run, edge.targets).at(),
          new Op.Mask(Places.of(run, edge.sources).at()));
    }
    Positions targets = Places.of(crossing.get().words(), edge.targets).at();
    // Who sees nothing is given nothing.
    return crossing.get().isAll()
        ? new Intervention(crossing.get().at(Site.CROSS_Z), layers, heads, targets, new Op.Zero())
        : new Intervention(
            crossing.get().at(Site.CROSS_SCORES),
            layers,
            heads,
            targets,
            new Op.Mask(crossing.get().sources().at()));
  }
}
