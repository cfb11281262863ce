package dev.lynceus.bench.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FuzzFrameTest {
  /// The control of all runs: a frame that sees no abort or hang would call anything clean.
  @Test
  void theFrameSeesWhateverACaseDoesToTheProcess(@TempDir Path kept) throws Exception {
    FuzzRun run = new FuzzRun(1, 0, ControlFuzz.EXPECTED.size(), kept);
    List<Outcome> outcomes = run.run(new ControlFuzz());
    assertThat(outcomes.stream().map(Outcome::verdict).toList()).isEqualTo(ControlFuzz.EXPECTED);
    FuzzReport report = new FuzzReport(1);
    report.add(ControlFuzz.NAME, outcomes);
    assertThat(report.clean()).isFalse();
    assertThat(report.markdown()).contains("| controls | 1 | 10 | 2 | 1 | 1 | 1 | 1 | 1 | 3 |");
    assertThat(Files.readString(kept.resolve("controls-1-2/what.txt")))
        .contains("abort: exit status 134")
        .contains("--kind controls --seed 1 --first 2 --cases 1");
  }

  @Test
  void aCaseIsTheSameWheneverItIsMade(@TempDir Path folder) throws Exception {
    for (String name : FuzzKinds.names()) {
      FuzzKind kind = FuzzKinds.of(name);
      FuzzCase alone = kind.make(7, 3, Files.createDirectories(folder.resolve(name + "-alone")));
      FuzzKind again = FuzzKinds.of(name);
      again.make(7, 2, Files.createDirectories(folder.resolve(name + "-before")));
      FuzzCase after = again.make(7, 3, Files.createDirectories(folder.resolve(name + "-after")));
      FuzzCase other = again.make(8, 3, Files.createDirectories(folder.resolve(name + "-other")));
      // Where it lies is no part of a case, though command lines name it.
      assertThat(after.description().replace(name + "-after", name + "-alone"))
          .isEqualTo(alone.description());
      assertThat(other.description().replace(name + "-other", name + "-alone"))
          .isNotEqualTo(alone.description());
    }
  }
}
