package dev.lynceus.method.evidence;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a word rests on that speaks of something which is not there: asked for the colour of an
/// absent dog, a model names the colour of the cat.
///
/// @param word the word
/// @param position of its first token
/// @param asked what is not there, as the question has it; empty where another score made the word
///   unsupported
/// @param method of the map
/// @param maps for each view what each patch brings to the word, row by row
/// @param view number of the view that the region is on
/// @param region which patches of it the test takes away, row by row
/// @param boxed whether the region is that of a given box
/// @param owner name of what lies there: of the box, or the thing of the model's own description
///   whose map points there; null where none is known
/// @param candidates what was compared, the best first
/// @param also what the model says of the owner where it is asked for the same; null where it was
///   not asked
/// @param test what becomes of the word without the region
// Plain flags of a result; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
public record Whose(
    String word,
    int position,
    String asked,
    String method,
    List<double[]> maps,
    int view,
    boolean[] region,
    boolean boxed,
    @Nullable String owner,
    List<Candidate> candidates,
    @Nullable String also,
    Test test) {

  /// A thing that the word may be borrowed from.
  ///
  /// @param share of all that the map holds above zero: the part on the box; for a thing of the
  ///   description, the part of its own map on the region
  public record Candidate(String name, double share) {}

  /// The causal test: the region's visual tokens are replaced by the mean visual token of the
  /// picture.
  ///
  /// @param before log probability of the word's first token, nats
  /// @param after the same without the region
  /// @param said the most probable token then
  /// @param elsewhere the same for regions of the same shape elsewhere
  /// @param changed how many of those make another token the most probable one
  public record Test(
      double before, double after, String said, List<Double> elsewhere, int changed) {
    public Test {
      elsewhere = List.copyOf(elsewhere);
    }

    /// Nats that the word loses without the region.
    public double loss() {
      return before - after;
    }

    /// How many other regions cost the word at least as much.
    public int asMuch() {
      return (int) elsewhere.stream().filter(other -> other <= after).count();
    }
  }

  public Whose {
    maps = List.copyOf(maps);
    candidates = List.copyOf(candidates);
  }
}
