package dev.lynceus.method.dependence;

import dev.lynceus.method.Inputs;
import dev.lynceus.method.score.MapCheck;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.TokenMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// What can be taken away of what was given: squares of patches, and words; each alone, or those
/// that a map points at together, beside as many others.
record Removal(List<TokenMap.View> views, List<GivenText> texts, Run run) {
  /// Most squares of one picture.
  private static final int SQUARES = 144;

  /// Most words that are taken away together, as a part of a text.
  private static final int QUARTER = 4;

  private static int square(TokenMap.Tile tile) {
    int side = 1;
    while (across(tile.rows(), side) * across(tile.columns(), side) > SQUARES) {
      side++;
    }
    return side;
  }

  private static int across(int patches, int side) {
    return Math.ceilDiv(patches, side);
  }

  /// The pictures as a result tells them.
  List<Dependence.View> told() {
    return views.stream()
        .map(view ->
            new Dependence.View(
                view.label(), view.tile().rows(), view.tile().columns(), square(view.tile())))
        .toList();
  }

  /// The square that a patch lies in.
  private static int square(TokenMap.Tile tile, int patch) {
    int side = square(tile);
    int row = patch / tile.columns() / side;
    return row * across(tile.columns(), side) + patch % tile.columns() / side;
  }

  /// Every square and every word alone.
  List<List<Intervention>> each() {
    List<List<Intervention>> replays = new ArrayList<>();
    for (TokenMap.View view : views) {
      int[] patches = IntStream.range(0, view.positions().length).toArray();
      for (int s = 0; s < squares(view.tile()); s++) {
        int number = s;
        replays.add(
            patches(
                view,
                IntStream.of(patches).filter(p -> square(view.tile(), p) == number).toArray()));
      }
    }
    for (GivenText text : texts) {
      for (int w = 0; w < text.words().size(); w++) {
        replays.add(text.without(w));
      }
    }
    return replays;
  }

  private static int squares(TokenMap.Tile tile) {
    int side = square(tile);
    return across(tile.rows(), side) * across(tile.columns(), side);
  }

  /// The mean of the picture's features at some patches.
  private List<Intervention> patches(TokenMap.View view, int[] patches) {
    int[] positions = IntStream.of(patches).map(p -> view.positions()[p]).sorted().toArray();
    return Inputs.at(run, Positions.of(positions), new Op.Mean(Positions.parse("image")));
  }

  /// The losses of [#each()] as maps: every patch has that of its square.
  List<double[]> patches(double[] losses) {
    List<double[]> maps = new ArrayList<>();
    int next = 0;
    for (TokenMap.View view : views) {
      int first = next;
      maps.add(
          IntStream.range(0, view.positions().length)
              .mapToDouble(p -> losses[first + square(view.tile(), p)])
              .toArray());
      next += squares(view.tile());
    }
    return maps;
  }

  /// The losses of [#each()] by word.
  List<double[]> words(double[] losses) {
    int next = views.stream().mapToInt(view -> squares(view.tile())).sum();
    List<double[]> all = new ArrayList<>();
    for (GivenText text : texts) {
      all.add(Arrays.copyOfRange(losses, next, next + text.words().size()));
      next += text.words().size();
    }
    return all;
  }

  /// A test of one part of a map.
  ///
  /// @param units how many are taken away together
  /// @param of how many there are
  /// @param replays what the map points at first, then others
  record Trial(String map, String part, int units, int of, List<List<Intervention>> replays) {
    Dependence.Test told(double[] losses) {
      double own = losses[0];
      double[] others = Arrays.copyOfRange(losses, 1, losses.length);
      return new Dependence.Test(
          map,
          part,
          units,
          of,
          own,
          Arrays.stream(others).average().orElse(0),
          others.length,
          (int) Arrays.stream(others).filter(loss -> loss >= own).count());
    }
  }

  /// The tests of a map, of every part that it points at something of.
  List<Trial> trials(Dependence.Values map, int draws, SplittableRandom random) {
    List<Trial> trials = new ArrayList<>();
    for (int v = 0; v < views.size(); v++) {
      TokenMap.View view = views.get(v);
      double[] values = map.patches().get(v);
      if (points(values)) {
        int[] top = MapCheck.top(values);
        List<List<Intervention>> replays = new ArrayList<>(List.of(patches(view, top)));
        for (int draw = 0; draw < draws; draw++) {
          replays.add(
              patches(
                  view, MapCheck.moved(top, view.tile().rows(), view.tile().columns(), random)));
        }
        trials.add(new Trial(map.id(), "the picture", top.length, values.length, replays));
      }
    }
    for (int t = 0; t < texts.size(); t++) {
      double[] values = map.words().get(t);
      if (values.length > 1 && points(values)) {
        trials.add(words(map.id(), texts.get(t), values, draws, random));
      }
    }
    return trials;
  }

  /// Whether a map points anywhere.
  private static boolean points(double[] values) {
    return Arrays.stream(values).anyMatch(value -> value > 0);
  }

  private static Trial words(
      String map, GivenText text, double[] values, int draws, SplittableRandom random) {
    List<Integer> order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(Comparator.comparingDouble(w -> -values[w]))
            .toList();
    double half = Arrays.stream(values).filter(value -> value > 0).sum() / 2;
    int most = Math.max(1, values.length / QUARTER);
    int count = 0;
    for (double sum = 0; count < most && (count == 0 || sum < half); count++) {
      sum += Math.max(0, values[order.get(count)]);
    }
    List<List<Intervention>> replays = new ArrayList<>();
    replays.add(text.without(ints(order.subList(0, count))));
    List<Integer> others = new ArrayList<>(order.subList(count, order.size()));
    // Of single words each other one is tried once.
    int tried = count == 1 ? Math.min(draws, others.size()) : draws;
    for (int draw = 0; draw < tried; draw++) {
      if (count > 1 || draw == 0) {
        Collections.shuffle(others, random);
      }
      int from = count == 1 ? draw : 0;
      replays.add(text.without(ints(others.subList(from, from + count))));
    }
    return new Trial(map, text.name(), count, values.length, replays);
  }

  private static int[] ints(List<Integer> some) {
    return some.stream().mapToInt(Integer::intValue).toArray();
  }
}
