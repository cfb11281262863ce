package dev.lynceus.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.method.Table;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A table of a result is in the file what it is in memory: types, gaps, and numbers that JSON has
/// no word for.
class ResultTableTest {
  @TempDir static Path folder;

  @Test
  void aFileHasTheRowsWithTheirTypesAndUnits() {
    Path file = folder.resolve("it's.parquet");
    Table table =
        new Table(
            "rows",
            List.of(
                new Table.Column("a \"b\".c", ""),
                new Table.Column("loss", "nats"),
                new Table.Column("half", ""),
                new Table.Column("right", ""),
                new Table.Column("word", ""),
                new Table.Column("none", "")),
            List.of(
                Arrays.asList(1, Double.NaN, 0.1f, true, "it's", null),
                Arrays.asList(null, Double.NEGATIVE_INFINITY, 2, null, "a,b\n", null),
                Arrays.asList(9_007_199_254_740_993L, -0.5, null, false, null, null)));

    ResultTable.parquet(table, file);

    String all = "SELECT * FROM read_parquet(" + Duck.quoted(file) + ")";
    Duck.Answer read = Duck.ask(List.of(), all);
    assertThat(read.columns()).isEqualTo(table.columns().stream().map(Table.Column::name).toList());
    assertThat(read.rows())
        .containsExactly(
            Arrays.asList(1L, Double.NaN, 0.1, true, "it's", null),
            Arrays.asList(null, Double.NEGATIVE_INFINITY, 2.0, null, "a,b\n", null),
            Arrays.asList(9_007_199_254_740_993L, -0.5, null, false, null, null));
    Duck.Answer units =
        Duck.ask(
            List.of(),
            "SELECT decode(key), decode(value) FROM parquet_kv_metadata("
                + Duck.quoted(file)
                + ")");
    assertThat(units.rows()).containsExactly(List.of("loss", "nats"));
  }

  @Test
  void aTableWithoutRowsIsAFile() {
    Path file = folder.resolve("empty.parquet");
    ResultTable.parquet(new Table("t", List.of(new Table.Column("a", "")), List.of()), file);
    Duck.Answer read = Duck.ask(List.of(), "SELECT * FROM read_parquet(" + Duck.quoted(file) + ")");
    assertThat(read.columns()).containsExactly("a");
    assertThat(read.rows()).isEmpty();
  }
}
