package dev.lynceus.lab.measure;

import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Paired;
import java.util.List;
import java.util.Locale;

/// How well explanations agree with the truth.
///
/// @param model the model
/// @param seed of the scenes
/// @param asked questions about scenes of two to four things
/// @param right of them were answered right, and are explained
/// @param rows one for each method and kind of question, and for each method and number of things
/// @param pairs each method against the first, on all questions
/// @param items every single map, in the order of questions and methods
public record ScoreReport(
    String model,
    long seed,
    int asked,
    int right,
    List<Row> rows,
    List<Paired> pairs,
    List<Item> items) {
  /// The name of rows that are about all kinds of questions.
  public static final String ALL = "all";

  /// The row of the truth's masks: what the best map could reach whose values follow the thing.
  public static final String MASK = "ceiling-mask";

  /// The row of the truth's boxes.
  public static final String BOX = "ceiling-box";

  /// What is measured of a map.
  public enum Measure {
    /// Pointing game: the largest value lies on a patch of the boxes.
    HIT,
    /// Average precision of the order against the patches of the boxes.
    PRECISION,
    /// The same against patches that masks cover to half.
    MASK_PRECISION,
    /// Intersection over union at the area of the boxes.
    IOU,
    /// Share of the positive values on patches of the boxes; depends on the map's unit.
    ENERGY,
    /// Area under the word's probability while tokens are blanked, the best first; small is good.
    DELETION,
    /// The same while pixels are covered; NaN unless it was asked for.
    PIXELS,
    /// Area under the probability while tokens are given back; large is good.
    INSERTION,
    /// Mean log probability while the first quarter is given back, nats; large is good.
    GIVEN;

    /// Its value of one map.
    public double of(Item item) {
      return switch (this) {
        case HIT -> item.hit();
        case PRECISION -> item.precision();
        case MASK_PRECISION -> item.maskPrecision();
        case IOU -> item.iou();
        case ENERGY -> item.energy();
        case DELETION -> item.deletion();
        case PIXELS -> item.pixels();
        case INSERTION -> item.insertion();
        case GIVEN -> item.given();
      };
    }

    /// The name in tables and files, for example `mask precision`.
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /// One map of one question.
  ///
  /// @param scene number of the scene
  /// @param kind of the question, for example `colour`
  /// @param objects things in the scene
  /// @param chance part of the patches that belong to the boxes
  /// @param seconds one pass and the map, the picture encoded
  public record Item(
      long scene,
      String kind,
      int objects,
      String method,
      double hit,
      double touch,
      double precision,
      double maskPrecision,
      double iou,
      double energy,
      double maskEnergy,
      double deletion,
      double pixels,
      double insertion,
      double given,
      double chance,
      double seconds) {}

  /// A method on some questions.
  ///
  /// @param kind of the questions, [#ALL] for all together
  /// @param objects how many things there are; 0 for all numbers together
  /// @param count maps
  /// @param values one for each [Measure], in their order
  /// @param chance mean part of the patches that belong to the boxes
  /// @param seconds median
  public record Row(
      String method,
      String kind,
      int objects,
      int count,
      List<Estimate> values,
      double chance,
      double seconds) {
    public Row {
      values = List.copyOf(values);
    }

    /// One of the values.
    public Estimate value(Measure measure) {
      return values.get(measure.ordinal());
    }
  }

  public ScoreReport {
    rows = List.copyOf(rows);
    pairs = List.copyOf(pairs);
    items = List.copyOf(items);
  }
}
