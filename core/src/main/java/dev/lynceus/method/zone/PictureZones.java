package dev.lynceus.method.zone;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.PatchViews;
import dev.lynceus.method.Target;
import dev.lynceus.method.score.Truth;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.tap.TokenMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// What looks between a picture, the question about it and the answer are worth to a word of the
/// answer: the zones of arXiv 2108.11574 in a decoder.
///
/// Zones are `I`, the visual tokens; `R`, those of a region where one is named, which are then not
/// of `I`; `Q`, the question; and `A`, the answer up to the word and the row that predicts it. What
/// a template puts around them belongs to none and stays, the first position among it, which draws
/// attention whatever is asked. Of the pairs those are studied in which anybody looks: in a decoder
/// whose positions see what stands before them, a picture never looks at a question that comes
/// after it.
public final class PictureZones {
  private PictureZones() {}

  /// One question.
  ///
  /// @param prompt ends where the word is predicted
  /// @param target the word, at the last row
  /// @param answer what the model says
  /// @param region in pixels of the first picture; [Truth#NONE] for none
  public record Asked(Prompt prompt, Target target, String answer, Truth region) {}

  /// Studies some questions.
  ///
  /// @param asked at least one
  /// @throws LynceusException UNSUPPORTED_MODEL where no visual tokens stand among the words;
  ///   BAD_REQUEST without a picture, or for a layer that there is not; CANCELLED
  public static ZoneStudy study(
      LoadedModel model, List<Asked> asked, ZoneOptions options, Progress progress) {
    PatchViews.requireAmongWords(model.model(), "zones of what is looked at");
    List<PictureZoneRun> runs = new ArrayList<>();
    List<String> pairs = List.of();
    for (Asked one : asked) {
      Map<String, Zones.Zone> zones = zones(model, one);
      Progress told = PassageZones.told(progress, runs.size(), asked.size());
      double[][][] mass = ZoneMass.of(model, one.prompt(), all(zones), told);
      if (pairs.isEmpty()) {
        pairs = looking(zones, mass);
      }
      int[] some = indices(zones, pairs);
      List<Zones.Pair> studied = IntStream.of(some).mapToObj(all(zones)::get).toList();
      runs.add(PictureZoneRun.of(model, one, studied, of(mass, some), options, told));
    }
    List<String> columns = new ArrayList<>(List.of("ALL"));
    columns.addAll(pairs);
    return new ZoneTable(columns, runs.stream().map(PictureZoneRun::seen).toList(), options)
        .study();
  }

  /// The zones of a prompt by their names.
  ///
  /// @throws LynceusException BAD_REQUEST without a picture, or for a region without a patch
  static Map<String, Zones.Zone> zones(LoadedModel model, Asked asked) {
    TokenMap tokens = asked.prompt().tokens();
    int[] seen = tokens.positions(TokenMap.Role.IMAGE);
    if (seen.length == 0) {
      throw PatchViews.noPicture(model.model(), "to look at");
    }
    int row = asked.prompt().length() - 1;
    int[] region = region(model, asked);
    Map<String, Zones.Zone> zones = new LinkedHashMap<>();
    put(zones, "I", IntStream.of(seen).filter(p -> !has(region, p)));
    if (region.length > 0) {
      put(zones, "R", IntStream.of(region));
    }
    put(zones, "Q", IntStream.of(tokens.positions(TokenMap.Role.QUESTION)).filter(p -> p != row));
    put(
        zones,
        "A",
        IntStream.concat(IntStream.of(tokens.positions(TokenMap.Role.ANSWER)), IntStream.of(row))
            .distinct());
    return zones;
  }

  private static void put(Map<String, Zones.Zone> zones, String name, IntStream positions) {
    zones.put(name, new Zones.Zone(name, positions.sorted().toArray()));
  }

  private static boolean has(int[] some, int one) {
    return IntStream.of(some).anyMatch(p -> p == one);
  }

  /// Positions of the patches whose centres lie in a region, of all views of the first picture.
  private static int[] region(LoadedModel model, Asked asked) {
    if (!asked.region().known()) {
      return new int[0];
    }
    int[] positions =
        PatchViews.of(model, asked.prompt(), "to tell a region of").stream()
            .filter(view -> view.image() == 0)
            .flatMapToInt(view -> {
              boolean[] inside = asked.region().inside(view.tile());
              return IntStream.range(0, inside.length)
                  .filter(p -> inside[p])
                  .map(p -> view.positions()[p]);
            })
            .filter(p -> p >= 0)
            .sorted()
            .toArray();
    if (positions.length == 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the region holds the centre of no patch",
          "Name a larger region.");
    }
    return positions;
  }

  /// All pairs, who looks first.
  private static List<Zones.Pair> all(Map<String, Zones.Zone> zones) {
    List<Zones.Pair> pairs = new ArrayList<>();
    for (Zones.Zone rows : zones.values()) {
      for (Zones.Zone columns : zones.values()) {
        pairs.add(new Zones.Pair(rows, columns));
      }
    }
    return pairs;
  }

  /// The pairs in which anybody looks.
  private static List<String> looking(Map<String, Zones.Zone> zones, double[][][] mass) {
    List<Zones.Pair> pairs = all(zones);
    return IntStream.range(0, pairs.size())
        .filter(p -> {
          for (double[][] layer : mass) {
            for (double[] head : layer) {
              if (head[p] > 0) {
                return true;
              }
            }
          }
          return false;
        })
        .mapToObj(p -> pairs.get(p).name())
        .toList();
  }

  /// Where the pairs of some names are among all.
  private static int[] indices(Map<String, Zones.Zone> zones, List<String> names) {
    List<Zones.Pair> pairs = all(zones);
    return IntStream.range(0, pairs.size())
        .filter(p -> names.contains(pairs.get(p).name()))
        .toArray();
  }

  private static double[][][] of(double[][][] mass, int[] pairs) {
    return Arrays.stream(mass)
        .map(layer ->
            Arrays.stream(layer)
                .map(head -> IntStream.of(pairs).mapToDouble(p -> head[p]).toArray())
                .toArray(double[][]::new))
        .toArray(double[][][]::new);
  }
}
