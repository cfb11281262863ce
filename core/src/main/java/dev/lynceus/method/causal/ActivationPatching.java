package dev.lynceus.method.causal;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Activation patching: a state of one run is put into another run of the same length, place by
/// place, and the answer is measured. What moves the answer carries what the runs differ in.
///
/// A cell at layer l and positions P is `m(base; s[l', P] := s_source[l', P] for l' in the window
/// around l)`; heads are patched one by one at the same positions. From Vig et al. 2020 and Meng et
/// al. 2022; the normalised effect `(m - m_base) / (m_source - m_base)` and both directions from
/// Zhang and Nanda 2023 (2309.16042).
///
/// @param site which state is carried
/// @param positions which positions; each is a column of its own, except for heads, which are
///   patched at all of them together
/// @param window layers that are patched together; 1 = each alone
public record ActivationPatching(Site site, String positions, int window) {

  /// What both runs must keep.
  public Capture capture(LoadedModel model) {
    return site.capture(model);
  }

  /// Patches.
  ///
  /// @param base the run that is changed
  /// @param source the run that states are taken from
  /// @return rows are layers; columns positions, or heads
  /// @throws LynceusException BAD_REQUEST if the runs have not the same length
  public CausalMap explain(Run base, Run source, Readout readout, Job job) {
    List<List<Intervention>> replays = replays(base, source);
    int columns = columns(base).size();
    List<Measures> cells = job.run("patching", base, replays, readout);
    return map(
        "patch",
        base,
        readout.of(base),
        readout.of(source),
        CausalMap.grid(cells, columns),
        Optional.empty(),
        1,
        List.of());
  }

  /// The map of measured cells.
  CausalMap map(
      String method,
      Run base,
      Measures before,
      Measures other,
      List<List<Measures>> cells,
      Optional<List<List<Measures>>> spreads,
      int repeats,
      List<String> notes) {
    return new CausalMap(
        method,
        "%s taken from the other run, %s"
            .formatted(
                switch (site) {
                  case LAYER -> "output of the layer";
                  case ATTENTION -> "output of the attention";
                  case FEED_FORWARD -> "output of the feed-forward network";
                  case HEAD -> "each head at " + positions;
                },
                window == 1 ? "layer by layer" : "in windows of " + window + " layers"),
        before,
        Optional.of(other),
        "layer",
        rows(base),
        site == Site.HEAD ? "head" : "position",
        columns(base),
        cells,
        spreads,
        repeats,
        notes);
  }

  /// For whole layers the input of the first one comes before them.
  private List<String> rows(Run base) {
    List<String> rows = new ArrayList<>();
    if (site == Site.LAYER) {
      rows.add("input");
    }
    rows.addAll(Places.numbers(layers(base)));
    return rows;
  }

  List<String> columns(Run base) {
    return site == Site.HEAD
        ? Places.numbers(base.model().model().decoder().config().heads())
        : Places.each(base, positions).stream().map(Places::label).toList();
  }

  private static int layers(Run run) {
    return run.model().model().decoder().config().layers();
  }

  /// One list of changes for each cell, row by row.
  List<List<Intervention>> replays(Run base, Run source) {
    if (base.batch().length() != source.batch().length()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "one run has %d positions, the other %d"
              .formatted(base.batch().length(), source.batch().length()),
          "Compare questions of the same number of tokens, about pictures of the same shape.");
    }
    Window layersTogether = new Window(window);
    List<List<Intervention>> replays = new ArrayList<>();
    if (site == Site.LAYER) {
      for (Places place : Places.each(base, positions)) {
        replays.add(
            List.of(
                new Intervention(
                    Point.EMBED_MERGED,
                    Indices.ALL,
                    Indices.ALL,
                    place.at(),
                    new Op.Patch(Values.of(source.get(Point.EMBED_MERGED, 0))))));
      }
    }
    int layers = layers(base);
    for (int layer = 0; layer < layers; layer++) {
      int[] together = layersTogether.around(layer, layers);
      if (site == Site.HEAD) {
        Places place = Places.of(base, positions);
        int heads = base.model().model().decoder().config().heads();
        for (int head = 0; head < heads; head++) {
          int one = head;
          replays.add(
              IntStream.of(together).mapToObj(l -> patch(source, l, place).heads(one)).toList());
        }
      } else {
        for (Places place : Places.each(base, positions)) {
          replays.add(IntStream.of(together).mapToObj(l -> patch(source, l, place)).toList());
        }
      }
    }
    return replays;
  }

  private Intervention patch(Run source, int layer, Places place) {
    return Intervention.at(site.point(), layer, new Op.Patch(Values.of(site.state(source, layer))))
        .at(place.at());
  }
}
