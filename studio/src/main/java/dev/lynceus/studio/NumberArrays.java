package dev.lynceus.studio;

import dev.lynceus.method.Table;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.file.Npz;
import dev.lynceus.tensor.file.StoredTensor;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The numbers of tables as NumPy's `.npz`: for each column of numbers an array, `table.column`, as
/// long as its table has rows; what a row lacks is NaN. Texts are left out.
final class NumberArrays {
  private NumberArrays() {}

  static byte[] of(List<Table> tables) {
    Map<String, StoredTensor> arrays = new LinkedHashMap<>();
    for (Table table : tables) {
      for (int c = 0; c < table.columns().size(); c++) {
        int column = c;
        boolean numbers =
            table.rows().stream()
                .map(row -> row.get(column))
                .allMatch(value -> value == null || value instanceof Number);
        double[] values =
            table.rows().stream()
                .map(row -> row.get(column))
                .mapToDouble(
                    value -> value instanceof Number number ? number.doubleValue() : Double.NaN)
                .toArray();
        if (numbers && values.length > 0) {
          arrays.put(
              table.name() + "." + table.columns().get(c).name(),
              new StoredTensor(
                  DType.FLOAT64, new long[] {values.length}, MemorySegment.ofArray(values)));
        }
      }
    }
    return Reply.file(".npz", file -> Npz.write(file, arrays));
  }
}
