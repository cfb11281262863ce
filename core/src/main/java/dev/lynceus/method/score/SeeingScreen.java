package dev.lynceus.method.score;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.KeyWord;
import dev.lynceus.method.SeeingHeadStore;
import dev.lynceus.method.SeeingHeads;
import dev.lynceus.method.SeeingHeads.Head;
import dev.lynceus.method.SeeingHeads.Tried;
import dev.lynceus.method.SeeingMap;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Finds the [SeeingHeads] of a model by what it needs, not by where people would look: rectangles
/// of each picture are blanked at random, the log probability of the word is read each time, and
/// the heads are chosen whose maps tell best how far it falls, each head tried alone. Every
/// question costs one pass, one generation and the blankings. (Adding heads one by one while the
/// set's own score grows found smaller sets that were no better, and stopped early.)
///
/// Every other question is kept back, and tells how well the chosen set does on questions that it
/// was not chosen on, beside random sets of heads from the same layers.
public final class SeeingScreen {
  /// Least questions of which half are kept back.
  private static final int HALVED = 8;

  /// Heads alone that are told.
  private static final int TOLD = 32;

  /// Random sets of heads.
  private static final int DRAWS = 20;

  private final LoadedModel model;
  private final Settings settings;
  private final Progress progress;

  /// How heads are chosen.
  ///
  /// @param blankings of each picture
  /// @param heads of the set
  /// @param seed of the rectangles
  public record Settings(int blankings, int heads, long seed) {

    public Settings {
      if (blankings < 4 || blankings > 4096 || heads < 1 || heads > SeeingHeads.MOST) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "%d blankings and %d heads".formatted(blankings, heads),
            "Give 4 to 4096 blankings and 1 to " + SeeingHeads.MOST + " heads.");
      }
    }
  }

  public SeeingScreen(LoadedModel model, Settings settings, Progress progress) {
    this.model = model;
    this.settings = settings;
    this.progress = progress;
  }

  /// Finds the heads.
  ///
  /// @param words of answers about pictures, each a question's
  /// @param source of the questions, for the record
  /// @param version of Lynceus, for the record
  /// @throws LynceusException BAD_REQUEST without questions about pictures, or if no head tells
  ///   anything
  public SeeingHeads find(List<KeyWord> words, String source, String version) {
    List<Blanked> all = new ArrayList<>();
    List<Head> heads =
        SeeingMap.every(
            model.model().decoder().config().layers(), model.model().decoder().config().heads());
    SplittableRandom random = new SplittableRandom(settings.seed());
    for (KeyWord word : words) {
      if (progress.cancelled()) {
        throw new LynceusException(
            ErrorCode.CANCELLED,
            "stopped after %d of %d questions".formatted(all.size(), words.size()),
            "Nothing was kept.");
      }
      all.add(Blanked.of(model, word, heads, settings.blankings(), random.split()));
      progress.at("questions", all.size(), words.size());
    }
    if (all.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "there are no questions", "Give some, with pictures.");
    }
    boolean halved = all.size() >= HALVED;
    List<Blanked> chosenOn = every(all, halved ? 2 : 1, 0);
    List<Blanked> others = halved ? every(all, 2, 1) : List.of();
    List<Tried> tried =
        IntStream.range(0, heads.size())
            .mapToObj(i -> new Tried(heads.get(i), score(chosenOn, new int[] {i})))
            .filter(one -> Double.isFinite(one.score()))
            .sorted(Comparator.comparingDouble((Tried one) -> -one.score()))
            .toList();
    int[] set =
        tried.stream()
            .filter(one -> one.score() > 0)
            .limit(settings.heads())
            .mapToInt(one -> heads.indexOf(one.head()))
            .toArray();
    if (set.length == 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "no head's reading tells what the answers rest on",
          "Ask questions whose answers need the picture, and more of them.");
    }
    return new SeeingHeads(
        SeeingHeadStore.revision(model),
        IntStream.of(set).mapToObj(heads::get).toList(),
        new SeeingHeads.Screen(
            version,
            source,
            settings.seed(),
            chosenOn.size(),
            others.size(),
            settings.blankings(),
            tried.stream().limit(TOLD).toList(),
            score(chosenOn, set),
            score(others, set),
            drawn(others, set, random.split()),
            score(others, IntStream.range(0, heads.size()).toArray())));
  }

  private static List<Blanked> every(List<Blanked> all, int step, int first) {
    return IntStream.range(0, all.size())
        .filter(i -> i % step == first)
        .mapToObj(all::get)
        .toList();
  }

  private double drawn(List<Blanked> words, int[] set, SplittableRandom random) {
    int perLayer = model.model().decoder().config().heads();
    return IntStream.range(0, DRAWS)
        .mapToDouble(draw -> {
          List<Integer> some = new ArrayList<>();
          for (int head : set) {
            int other;
            do {
              other = head / perLayer * perLayer + random.nextInt(perLayer);
            } while (some.contains(other));
            some.add(other);
          }
          return score(words, some.stream().mapToInt(Integer::intValue).toArray());
        })
        .average()
        .orElse(Double.NaN);
  }

  /// Mean over words; NaN where there are none. Words that no blanking changes tell nothing.
  private static double score(List<Blanked> words, int[] set) {
    return words.stream()
        .mapToDouble(word -> word.agreement(set))
        .filter(Double::isFinite)
        .average()
        .orElse(Double.NaN);
  }
}
