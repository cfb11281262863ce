package dev.lynceus.method.match;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.LoadedMatcher;
import dev.lynceus.run.MatchText;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Sight;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// How well each of some texts fits each of some pictures, in the two ways of a model for matching.
///
/// *Match* is the probability that the head of two classes gives, from the mean of what each
/// speaker says: the first word (BLIP) or every query (BLIP-2). *Cosine* is that of the picture's
/// and the text's vectors, the largest over the queries. The first looked at both together, the
/// second at each alone. A probability says nothing about which of several texts fits best where
/// all fit; ranks within a picture do.
///
/// @param pictures how many pictures
/// @param texts how many texts
/// @param pairs `pictures * texts` pairs, picture by picture
public record MatchScores(int pictures, int texts, List<Pair> pairs) {
  /// Texts of one length that are read in one pass.
  private static final int TOGETHER = 16;

  public MatchScores {
    pairs = List.copyOf(pairs);
  }

  /// A picture and a text.
  ///
  /// @param picture its number
  /// @param text its number
  /// @param match probability that both belong together
  /// @param logits scores of “does not match” and “matches”
  /// @param cosine of the two vectors
  /// @param speakers score of “matches” by each speaker, less that of “does not match”
  /// @param cosines of the text's vector with each of the picture's
  // Plain numbers of a result; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  public record Pair(
      int picture,
      int text,
      double match,
      double[] logits,
      double cosine,
      double[] speakers,
      double[] cosines) {

    private static Pair of(
        int picture, int text, double[][] verdicts, double[][] seen, double[] read) {
      double[] logits = new double[2];
      double[] speakers = new double[verdicts.length];
      for (int s = 0; s < verdicts.length; s++) {
        logits[0] += verdicts[s][0] / verdicts.length;
        logits[1] += verdicts[s][1] / verdicts.length;
        speakers[s] = verdicts[s][1] - verdicts[s][0];
      }
      double[] cosines = new double[seen.length];
      for (int s = 0; s < seen.length; s++) {
        for (int i = 0; i < read.length; i++) {
          cosines[s] += seen[s][i] * read[i];
        }
      }
      return new Pair(
          picture,
          text,
          1 / (1 + Math.exp(logits[0] - logits[1])),
          logits,
          cosines[largest(cosines)],
          speakers,
          cosines);
    }

    /// The speaker whose vector is nearest to the text's.
    public int nearest() {
      return largest(cosines);
    }

    /// The speaker who is most for a match.
    public int mostFor() {
      return largest(speakers);
    }
  }

  private static int largest(double[] values) {
    return IntStream.range(0, values.length)
        .reduce((best, next) -> values[next] > values[best] ? next : best)
        .orElseThrow();
  }

  /// Scores all pairs.
  ///
  /// @param pictures each passed through the tower already
  /// @throws LynceusException BAD_REQUEST without a picture or a text, CANCELLED
  public static MatchScores of(
      LoadedMatcher model, List<Sight> pictures, List<MatchText> texts, Progress progress) {
    if (pictures.isEmpty() || texts.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "there is nothing to match: %d pictures and %d texts"
              .formatted(pictures.size(), texts.size()),
          "Give at least one of each.");
    }
    List<double[]> read = new ArrayList<>();
    for (MatchText text : texts) {
      at(progress, "reading texts", read.size(), texts.size());
      read.add(model.vector(text));
    }
    List<Pair> pairs = new ArrayList<>();
    for (int picture = 0; picture < pictures.size(); picture++) {
      Sight sight = pictures.get(picture);
      double[][] seen = model.vectors(sight);
      double[][][] verdicts = new double[texts.size()][][];
      int done = pairs.size();
      for (List<Integer> group : groups(texts)) {
        at(progress, "matching", done, (long) pictures.size() * texts.size());
        double[][][] found = model.verdicts(sight, group.stream().map(texts::get).toList());
        for (int i = 0; i < found.length; i++) {
          verdicts[group.get(i)] = found[i];
        }
        done += found.length;
      }
      for (int text = 0; text < texts.size(); text++) {
        pairs.add(Pair.of(picture, text, verdicts[text], seen, read.get(text)));
      }
    }
    return new MatchScores(pictures.size(), texts.size(), pairs);
  }

  /// Texts of one length, which need no filling up.
  private static List<List<Integer>> groups(List<MatchText> texts) {
    List<List<Integer>> groups = new ArrayList<>();
    for (int text = 0; text < texts.size(); text++) {
      int length = texts.get(text).tokens().length();
      groups.stream()
          .filter(group -> group.size() < TOGETHER)
          .filter(group -> texts.get(group.getFirst()).tokens().length() == length)
          .findFirst()
          .orElseGet(() -> {
            List<Integer> fresh = new ArrayList<>();
            groups.add(fresh);
            return fresh;
          })
          .add(text);
    }
    return groups;
  }

  static void at(Progress progress, String stage, long done, long total) {
    if (progress.cancelled()) {
      throw new LynceusException(
          ErrorCode.CANCELLED,
          "stopped at %s, %d of %d".formatted(stage, done, total),
          "Run it again to begin anew.");
    }
    progress.at(stage, done, total);
  }

  /// The pair of a picture and a text.
  public Pair pair(int picture, int text) {
    return pairs.get(picture * texts + text);
  }

  /// The texts of a picture, those that match best first; where two match alike, the nearer one.
  public List<Pair> ranked(int picture) {
    return pairs.subList(picture * texts, (picture + 1) * texts).stream()
        .sorted(
            Comparator.comparingDouble((Pair pair) -> pair.logits()[1] - pair.logits()[0])
                .thenComparingDouble(Pair::cosine)
                .reversed())
        .toList();
  }
}
