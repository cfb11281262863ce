package dev.lynceus.lab.experiment;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The numbers about examples as a whole that a run has, read from its tables: what runs are summed
/// up and compared by.
///
/// @param example its name in the data set
/// @param seed of what was left to chance
/// @param kind of the question
/// @param picture what tells its pictures from others: their digests; rows of one picture are not
///   independent of each other
/// @param metric what was measured
/// @param value the number
public record Measured(
    String example, long seed, String kind, String picture, String metric, double value) {
  /// The metric of right answers.
  public static final String CORRECT = "correct";

  /// What a run measured; rows without a value are left out.
  ///
  /// @param run its folder
  public static List<Measured> of(Path run) {
    List<Measured> all = new ArrayList<>();
    Path examples = Tables.file(run, Table.EXAMPLES);
    if (!Files.isRegularFile(examples)) {
      return all;
    }
    String about = "SELECT example, seed, kind, array_to_string(images_sha256, ' ') AS picture";
    Duck.each(
        "%s, CASE WHEN correct THEN 1.0 ELSE 0.0 END FROM %s WHERE correct IS NOT NULL"
            .formatted(about, Duck.quoted(examples)),
        row ->
            all.add(
                new Measured(
                    row.getString(1),
                    row.getLong(2),
                    row.getString(3),
                    row.getString(4),
                    CORRECT,
                    row.getDouble(5))));
    Path units = Tables.file(run, Table.UNITS);
    if (Files.isRegularFile(units)) {
      Duck.each(
          """
          SELECT e.example, e.seed, e.kind, array_to_string(e.images_sha256, ' '),
            u.metric, u.unit, u.name, u.value
          FROM %s u JOIN %s e ON u.example = e.example AND u.seed = e.seed
          WHERE u.unit IN ('example', 'map') AND u.value IS NOT NULL
          """
              .formatted(Duck.quoted(units), Duck.quoted(examples)),
          row -> {
            String metric = row.getString(5);
            String name = row.getString(6).equals("map") ? row.getString(7) + " " + metric : metric;
            all.add(
                new Measured(
                    row.getString(1),
                    row.getLong(2),
                    row.getString(3),
                    row.getString(4),
                    name,
                    row.getDouble(8)));
          });
    }
    return all;
  }
}
