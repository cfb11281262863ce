package dev.lynceus.run;

import dev.lynceus.model.text.TextConfig;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Puts replays that can share a pass into batches: those that begin at the same place, and those
/// for which beginning a little earlier costs less than a pass of their own.
final class Batching {
  private final Run run;
  private final Start.Finder finder;
  private final Limits limits;
  private final int rows;
  private final int length;

  /// One pass.
  ///
  /// @param replays numbers of its replays
  /// @param start where all of them begin
  record Group(List<Integer> replays, Start start) {}

  Batching(Run run, Start.Finder finder, Limits limits) {
    this.run = run;
    this.finder = finder;
    this.limits = limits;
    this.rows = run.batch().size();
    this.length = run.batch().length();
  }

  /// The passes for some replays of a list.
  List<Group> groups(List<List<Intervention>> all, List<Integer> some) {
    List<Start> starts = new ArrayList<>(all.size());
    all.forEach(changes -> starts.add(finder.of(changes)));
    List<Integer> order =
        some.stream()
            .sorted(
                Comparator.comparingInt((Integer i) -> starts.get(i).layer())
                    .thenComparingInt(i -> starts.get(i).position())
                    .thenComparingInt(i -> i))
            .toList();
    List<Group> groups = new ArrayList<>();
    List<Integer> members = new ArrayList<>();
    Start start = null;
    long attention = 0;
    for (int i : order) {
      Start own = starts.get(i);
      long ownAttention = unfused(all.get(i));
      if (start != null) {
        Start both = finder.both(start, own);
        int count = members.size() + 1;
        boolean sameEntry = start.layer() >= 0 == own.layer() >= 0;
        if (sameEntry
            && fits(both, count, Math.max(attention, ownAttention))
            && seconds(both, count) <= seconds(start, count - 1) + seconds(own, 1)) {
          members.add(i);
          start = both;
          attention = Math.max(attention, ownAttention);
          continue;
        }
        groups.add(new Group(List.copyOf(members), start));
        members.clear();
      }
      members.add(i);
      start = own;
      attention = ownAttention;
    }
    if (start != null) {
      groups.add(new Group(List.copyOf(members), start));
    }
    return groups;
  }

  /// Estimated seconds of the decoder's share of a pass.
  double seconds(Start start, int replays) {
    return seconds(start, replays, run.pace());
  }

  /// The same at another pace.
  double seconds(Start start, int replays, Pace pace) {
    return pace.seconds(positions(start, replays), layers(start));
  }

  /// Positions of all rows of a pass.
  long positions(Start start, int replays) {
    return (long) replays * rows * (length - start.position());
  }

  /// Layers of a pass.
  static int layers(Start start) {
    return start.end() - Math.max(start.layer(), 0);
  }

  private boolean fits(Start start, int replays, long attention) {
    TextConfig text = run.model().model().decoder().config();
    long positions = positions(start, replays);
    long numbers = positions * (8L * text.width() + 4L * text.inner());
    // Keys and values of the whole sequence for every replay; scores where they are not fused.
    numbers += 2L * replays * rows * length * text.keyHeads() * text.headWidth();
    numbers += positions * length * attention;
    numbers += (long) replays * rows * text.choices(length);
    long bytes = 4 * numbers;
    return bytes <= limits.bytes() && positions <= limits.positions();
  }

  /// Numbers for each position and source that changes to the attention need.
  private long unfused(List<Intervention> changes) {
    boolean open =
        changes.stream()
            .anyMatch(
                change -> change.point() == Point.ATTN_SCORES || change.point() == Point.PATTERN);
    return open ? 5L * run.model().model().decoder().config().heads() : 0;
  }

  /// All numbers of a list.
  static List<Integer> all(int count) {
    return IntStream.range(0, count).boxed().toList();
  }
}
