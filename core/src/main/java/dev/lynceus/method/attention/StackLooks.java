package dev.lynceus.method.attention;

import dev.lynceus.method.Finding;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// How the heads of each stack look, in numbers, as plain values: where a look is spread and where
/// it is gathered, how far it reaches, what it pays to a resting place and to a region.
///
/// @param question what was asked
/// @param looks one for each stack, and for each kind of attention that it has
public record StackLooks(String question, List<Look> looks) implements Finding {
  public StackLooks {
    looks = List.copyOf(looks);
  }

  /// What is measured of a head, a mean over all rows that look.
  public enum Measure {
    /// `- sum p ln p` in nats: 0 where all goes to one position.
    ENTROPY("nats"),
    /// What the position gets that the head pays most on the whole: large for a resting place.
    MOST("share"),
    /// What the first position gets: the class token of a tower that has one.
    FIRST("share"),
    /// What a position pays itself.
    SELF("share"),
    /// How far patches look at patches, in patches, weighted by what they pay these.
    DISTANCE("patches"),
    /// What the patches of the region get whose middle lies in it.
    REGION("share");

    private final String unit;

    Measure(String unit) {
      this.unit = unit;
    }

    /// What its numbers count: `nats`, `share` (0 to 1) or `patches`.
    public String unit() {
      return unit;
    }

    /// Its word.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// The heads of one kind of attention of a stack.
  ///
  /// @param stack `decoder`, `vision`, `qformer` or `encoder`
  /// @param kind `attention` or `cross-attention`
  /// @param rows positions that look
  /// @param columns positions that are looked at
  /// @param even the entropy of an even look at all that a row may see, in nats, mean over the rows
  /// @param grids one for each measure that there is
  public record Look(
      String stack, String kind, int rows, int columns, double even, List<Grid> grids) {
    public Look {
      grids = List.copyOf(grids);
    }
  }

  /// A measure of every head.
  ///
  /// @param unit of its values: `nats`, `share` or `patches`
  /// @param values `[layers][heads]`; NaN in layers without this kind of attention
  // Plain numbers of a result; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  public record Grid(Measure measure, String unit, double[][] values) {

    /// Mean over all heads that have it.
    public double average() {
      return Arrays.stream(values)
          .flatMapToDouble(Arrays::stream)
          .filter(v -> !Double.isNaN(v))
          .average()
          .orElse(Double.NaN);
    }
  }
}
