package dev.lynceus.bench.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A short run of the kinds; `bench/run fuzz` is the long one.
class FuzzTest {
  @ParameterizedTest
  @CsvSource({
    "tokenizers,250",
    "templates,120",
    "checkpoints,60",
    "interventions,150",
    "ledgers,150",
    "images,200",
    "options,120"
  })
  void nothingThatIsReadEndsHangsOrFillsTheProcess(String name, int cases, @TempDir Path kept)
      throws Exception {
    List<Outcome> outcomes = new FuzzRun(20, 0, cases, kept).run(FuzzKinds.of(name));
    assertThat(outcomes).hasSize(cases);
    assertThat(outcomes.stream().filter(outcome -> outcome.verdict().isFault())).isEmpty();
    // A kind whose cases are all refused at once tries nothing.
    assertThat(outcomes.stream().filter(outcome -> outcome.verdict() == Verdict.TAKEN))
        .hasSizeGreaterThan(cases / 20);
  }
}
