package dev.lynceus.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// docs/reference/parity.md says what the tests measure. `-Dlynceus.rewrite=true` writes it anew.
class ParityPageTest {
  private static final Path PAGE = Path.of("../docs/reference/parity.md");

  @TempDir Path folder;

  @Test
  void thePageSaysWhatIsMeasured() throws IOException {
    Map<String, List<List<String>>> measured = measure();
    String page = Files.readString(PAGE);
    int begin = page.indexOf(ParityPage.BEGIN);
    int end = page.indexOf(ParityPage.END) + ParityPage.END.length();
    assertThat(begin).isPositive();
    if (Boolean.getBoolean("lynceus.rewrite")) {
      Files.writeString(
          PAGE, page.substring(0, begin) + ParityPage.markdown(measured) + page.substring(end));
      return;
    }
    Map<String, List<List<String>>> written = ParityPage.parse(page.substring(begin, end));

    assertThat(written.keySet()).containsExactlyElementsOf(measured.keySet());
    measured.forEach((title, table) -> {
      List<List<String>> old = written.get(title);
      assertThat(old).as(title).hasSameSizeAs(table);
      for (int row = 0; row < table.size(); row++) {
        assertThat(old.get(row)).as(title).hasSameSizeAs(table.get(row));
        for (int column = 0; column < table.get(row).size(); column++) {
          assertThat(ParityPage.same(old.get(row).get(column), table.get(row).get(column)))
              .as("%s: %s instead of %s", title, table.get(row), old.get(row))
              .isTrue();
        }
      }
    });
  }

  private Map<String, List<List<String>>> measure() {
    List<ParityPage.Row> narrow = new ArrayList<>();
    List<ParityPage.Row> wide = new ArrayList<>();
    for (String family :
        Stream.concat(Goldens.FLOAT32.stream(), Goldens.FURTHER.stream()).toList()) {
      narrow.add(row(family + ", hub", Goldens.checkpoint(family), family));
      if (family.equals("llava-llama")) {
        narrow.add(
            row(
                family + ", v452",
                Goldens.copy(family).names(Goldens::v452).write(folder.resolve("v452")),
                family));
        narrow.add(
            row(
                family + ", v5",
                Goldens.copy(family).names(Goldens::v5).write(folder.resolve("v5")),
                family));
      }
      wide.add(
          new ParityPage.Row(
              family,
              Verification.run(
                  Goldens.checkpoint(family),
                  Goldens.reference(family),
                  VerificationOptions.DEFAULT.compute(DType.FLOAT64))));
    }
    List<ParityPage.Row> native16 = new ArrayList<>();
    for (String family : Goldens.SIXTEEN) {
      VerificationReport report = ParityTest.verify(Goldens.checkpoint(family), family);
      narrow.add(
          new ParityPage.Row(
              family + ", hub",
              only(report, check -> !check.file().startsWith("expected_native"))));
      native16.add(
          new ParityPage.Row(
              family, only(report, check -> check.file().startsWith("expected_native"))));
    }
    Map<String, List<List<String>>> tables = new LinkedHashMap<>();
    tables.put("Computed in float32", ParityPage.table(narrow));
    tables.put(
        "Computed in the stored 16-bit type, against the reference in that type",
        ParityPage.table(native16));
    // Not judged: whether the reference's own rounding keeps within the tolerances is chance.
    tables.put(
        "Computed in float64: the rounding of the reference",
        ParityPage.table(wide).stream().map(row -> row.subList(0, row.size() - 1)).toList());
    return tables;
  }

  private static ParityPage.Row row(String name, Path checkpoint, String family) {
    return new ParityPage.Row(name, ParityTest.verify(checkpoint, family));
  }

  private static VerificationReport only(VerificationReport report, Predicate<Check> chosen) {
    return new VerificationReport(
        report.checkpoint(), report.against(), report.checks().stream().filter(chosen).toList());
  }
}
