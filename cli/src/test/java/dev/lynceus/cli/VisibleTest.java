package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// Nothing that a checkpoint or a file name brings moves the cursor of a terminal.
class VisibleTest {
  private static final String HOSTILE =
      "a\u001b[2J\u009b31m\u0007\r\b\u007f\u202eb\u2066\u2028c\u0000\u0085";

  @TempDir Path folder;

  @Test
  void theStreamAndTheTextWriteTheSame() {
    String kind = "é 漢 🏴󠁧󠁢󠁥󠁮󠁧󠁿 \u200d ‘quoted’ â \u20ac € € \u2065 tab\t line\n";

    assertThat(printed(HOSTILE)).isEqualTo(Visible.of(HOSTILE)).doesNotContainPattern("\\p{Cc}");
    assertThat(Visible.of(HOSTILE))
        .isEqualTo(
            "a\\u001b[2J\\u009b31m\\u0007\\u000d\\u0008\\u007f\\u202eb\\u2066\\u2028c\\u0000\\u0085");
    assertThat(printed(kind)).isEqualTo(kind).isEqualTo(Visible.of(kind));
  }

  @Test
  void everyCharacterIsWrittenOutOrKept() {
    StringBuilder all = new StringBuilder();
    for (int point = 0; point < 0x11000; point++) {
      if (point < 0xd800 || point > 0xdfff) {
        all.appendCodePoint(point);
      }
    }

    assertThat(printed(all.toString())).isEqualTo(Visible.of(all.toString()));
  }

  @Test
  void jsonKeepsTheTrueText() {
    String json = ResultOptions.json(List.of(HOSTILE));

    assertThat(json.replace("\n", "")).doesNotContainPattern("[\\p{Cc}\u202a-\u202e\u2066-\u2069]");
    assertThat(JsonMapper.shared().readTree(json).get(0).asString()).isEqualTo(HOSTILE);
    assertThat(JsonMapper.shared().readTree(printed(json)).get(0).asString()).isEqualTo(HOSTILE);
  }

  @Test
  void errorsShowWhatANameHolds() throws IOException {
    Path model = folder.resolve("m\u001b[31m");
    Files.createDirectories(model);
    Files.writeString(model.resolve("model.safetensors"), "x");
    for (String[] line :
        new String[][] {
          {"ask", "no\u001b]0;title\u0007.png", "What?"},
          {"ask", "--model=" + model, "What?"},
          {"explain", "--targ\u009bet=x", "What?"},
          {"models", "show", "a\u202e/b"},
        }) {
      Shell.Result result = Shell.lynceus(line);

      assertThat(result.status()).isPositive();
      assertThat(result.err() + result.out())
          .doesNotContainPattern("[\\p{Cc}\u202a-\u202e\u2066-\u2069&&[^\n\t]]");
      assertThat(result.err().lines()).hasSizeLessThanOrEqualTo(2);
    }
  }

  @Test
  void anErrorIsNoLongerThanAScreen() {
    Shell.Result result = Shell.lynceus("ask", "--threads=" + "x".repeat(9000), "What?");

    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).hasSizeLessThan(2500).contains("characters more)");
  }

  @Test
  void ownSequencesPass() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Console console =
        new Console(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            new PrintStream(bytes, true, StandardCharsets.UTF_8),
            new Console.People(false, true, false),
            List.of(),
            new Console.Cleanup());
    try (ProgressLine progress = new ProgressLine(console, false)) {
      progress.at("loading m\u001b[31m\n", 0, 0);
    }

    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo("\r\u001b[Kloading m\\u001b[31m \r\u001b[K");
  }

  private static String printed(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream stream = Visible.stream(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    stream.print(text);
    stream.flush();
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
