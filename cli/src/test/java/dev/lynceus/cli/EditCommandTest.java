package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `lynceus edit`: it takes, it is kept and tried again, and a copy of the checkpoint has it.
class EditCommandTest {
  @TempDir private Path folder;

  private Shell.Result edit(String... options) {
    String[] line = new String[options.length + 4];
    line[0] = "edit";
    line[1] = "--subject=car";
    System.arraycopy(options, 0, line, 2, options.length);
    line[options.length + 2] = Fixtures.PICTURE;
    line[options.length + 3] = Fixtures.QUESTION;
    return Shell.lynceus(line);
  }

  private static JsonNode group(JsonNode report, String group) {
    for (JsonNode one : report.path("groups")) {
      if (one.path("group").asString().equals(group)) {
        return one;
      }
    }
    return report.path("nothing");
  }

  @Test
  void aCarIsRedFromNowOn() {
    Path kept = folder.resolve("red.safetensors");
    Path copy = folder.resolve("copy");
    Shell.Result done =
        edit(
            "--to=red",
            "--contexts=0",
            "--layer=0",
            "--rows=4",
            "--randoms=1",
            "--json",
            "--save=" + kept,
            "--checkpoint=" + copy);
    assertThat(done.status()).as(done.err()).isZero();
    JsonNode report = JsonMapper.shared().readTree(done.out());
    JsonNode asked = group(report, "ASKED");
    assertThat(asked.path("before").path("share").asDouble()).isZero();
    assertThat(asked.path("after").path("share").asDouble()).isEqualTo(1);
    assertThat(asked.path("random").path("share").asDouble()).isZero();
    assertThat(group(report, "OTHER").path("kept").path("of").asInt()).isEqualTo(4);

    Shell.Result again = edit("--edit=" + kept, "--rows=4", "--randoms=0", "--json");
    assertThat(again.status()).as(again.err()).isZero();
    JsonNode tried = JsonMapper.shared().readTree(again.out());
    assertThat(group(tried, "ASKED").path("after").path("share").asDouble()).isEqualTo(1);

    assertThat(copy.resolve("config.json")).exists();
    Shell.Result ask = Shell.lynceus("ask", "--model=" + copy, Fixtures.PICTURE, Fixtures.QUESTION);
    assertThat(ask.status()).as(ask.err()).isZero();
    assertThat(ask.out()).contains("red");
    assertThat(Shell.lynceus("ask", Fixtures.PICTURE, Fixtures.QUESTION).out()).contains("brown");

    Shell.Result twice = edit("--edit=" + kept, "--checkpoint=" + copy, "--rows=1", "--json");
    assertThat(twice.status()).isEqualTo(2);
    assertThat(twice.err()).contains("holds files already");
  }

  @Test
  void whatCannotBeIsSaid() throws Exception {
    assertThat(edit("--json").err()).contains("nothing is said to be said");
    Path none = Files.writeString(folder.resolve("none.safetensors"), "no");
    assertThat(edit("--to=red", "--edit=" + none).err()).contains("exclude each other");
    Shell.Result last = edit("--to=red", "--layer=3", "--json");
    assertThat(last.status()).isEqualTo(2);
    assertThat(last.err()).contains("Name one from 0 to 2.");
    Shell.Result nothing =
        Shell.lynceus(
            "edit", "--subject=dog", "--to=red", "--json", Fixtures.PICTURE, Fixtures.QUESTION);
    assertThat(nothing.status()).isEqualTo(2);
    assertThat(nothing.err()).contains("does not name the subject");
  }
}
