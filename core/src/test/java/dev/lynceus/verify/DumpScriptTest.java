package dev.lynceus.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Safetensors;
import dev.lynceus.tensor.file.SafetensorsWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What the script of docs/how-to/verify.md writes is what `models verify` compares, for every
/// family.
class DumpScriptTest {
  private static final Path WRITTEN = Path.of("src/test/resources/dump");

  /// What the script wrote, and the checkpoint that it was run on.
  private static final Map<String, String> CHECKPOINTS =
      Map.ofEntries(
          Map.entry("vicuna", "vicuna"),
          Map.entry("opt", "opt"),
          Map.entry("bert-qa", "bert-qa"),
          Map.entry("electra-qa", "electra-qa"),
          Map.entry("albert-qa", "albert-qa"),
          Map.entry("bert-mlm", "bert-mlm"),
          Map.entry("vipllava", "vipllava"),
          Map.entry("internvl", "internvl"),
          Map.entry("blip2-opt", "blip2-opt"),
          Map.entry("instructblip-vicuna", "instructblip-vicuna"),
          Map.entry("qwen3", "qwen3"),
          Map.entry("phi3", "phi3"),
          Map.entry("phi3-partial", "phi3"),
          Map.entry("idefics3", "idefics3"),
          Map.entry("paligemma", "paligemma"),
          Map.entry("gemma3", "gemma3"),
          Map.entry("gemma3-text", "gemma3-text"),
          Map.entry("qwen2-vl", "qwen2-vl"),
          Map.entry("qwen2.5-vl", "qwen2.5-vl"),
          Map.entry("qwen3-vl", "qwen3-vl"),
          Map.entry("smolvlm", "smolvlm"),
          Map.entry("smol2", "smolvlm"),
          Map.entry("llava-llama", "llava-llama"),
          Map.entry("llava-mistral-gqa", "llava-mistral-gqa"),
          Map.entry("llava-gemma", "llava-gemma"),
          Map.entry("llava-qwen2-siglip", "llava-qwen2-siglip"),
          Map.entry("llava-next", "llava-next"),
          Map.entry("next2", "llava-next"),
          Map.entry("onevision", "llava-onevision"),
          Map.entry("onevision2", "llava-onevision"),
          Map.entry("llava2", "llava-llama"),
          Map.entry("llava0", "llava-llama"));

  @TempDir private Path folder;

  private static String script() throws IOException {
    Matcher block =
        Pattern.compile("(?s)```python\n(.*?)```")
            .matcher(Files.readString(Path.of("../docs/how-to/verify.md")));
    assertThat(block.find()).isTrue();
    return block.group(1);
  }

  private static VerificationReport compare(Path checkpoint, Path written) {
    return Verification.run(
        checkpoint, written, VerificationOptions.DEFAULT.pictures(Goldens.ROOT.resolve("images")));
  }

  @Test
  void theScriptOfThePageWroteTheReferences() throws IOException, NoSuchAlgorithmException {
    byte[] sum =
        MessageDigest.getInstance("SHA-256").digest(script().getBytes(StandardCharsets.UTF_8));
    String hash = HexFormat.of().formatHex(sum);
    try (Stream<Path> names = Files.list(WRITTEN)) {
      List<Path> all = names.toList();
      assertThat(all).hasSize(CHECKPOINTS.size());
      for (Path one : all) {
        assertThat(ReferenceFolder.json(one.resolve("expected.json")).path("script").asString())
            .as(
                "%s was written by another script than docs/how-to/verify.md has",
                one.getFileName())
            .isEqualTo(hash);
      }
    }
  }

  @Test
  void theScriptKnowsTheTypesThatRunHere() throws IOException {
    String script = script();
    Matcher types =
        Pattern.compile("SEEING, TEXT_ONLY, READING = \\((.*?)\\), \\((.*?)\\), \\((.*?)\\)\n")
            .matcher(script);
    assertThat(types.find()).isTrue();
    Set<String> named = new TreeSet<>();
    Matcher quoted = Pattern.compile("\"([\\w-]+)\"").matcher(types.group());
    while (quoted.find()) {
      named.add(quoted.group(1));
    }
    // A script of its own.
    named.add("blip");
    // The list that the refusal of an unknown type tells.
    try {
      Path copy =
          Goldens.copy("llava-llama")
              .json("config.json", json -> json.put("model_type", "unheard_of"))
              .write(folder.resolve("other"));
      Verification.run(copy, WRITTEN.resolve("llava-llama"), VerificationOptions.DEFAULT);
      throw new AssertionError("an unknown type was run");
    } catch (LynceusException refused) {
      String next = refused.nextStep();
      assertThat(new TreeSet<>(List.of(next.replaceAll("Supported: |\\.$", "").split(", "))))
          .isEqualTo(named);
    }
  }

  @Test
  void whatItWroteIsComparedAndEqual() {
    CHECKPOINTS.forEach((name, family) -> {
      Path checkpoint = name.equals("phi3-partial") ? partlyRotated() : Goldens.checkpoint(family);
      VerificationReport report = compare(checkpoint, WRITTEN.resolve(name));
      assertThat(report.checks())
          .as(name)
          .allMatch(check -> check.verdict() == Verdict.PASS)
          .hasSizeGreaterThanOrEqualTo(7);
    });
  }

  /// Three quarters of each head are rotated, by the long list of LongRoPE after eight positions.
  private Path partlyRotated() {
    return Goldens.copy("phi3")
        .json(
            "config.json",
            json -> {
              json.put("partial_rotary_factor", 0.75);
              json.put("original_max_position_embeddings", 8);
              json.set(
                  "rope_scaling",
                  JsonMapper.shared()
                      .readTree(
                          """
                          {"type": "longrope", "short_factor": [1, 1.1, 1.2, 1.3, 1.4, 1.5],
                           "long_factor": [1, 1.5, 2, 2.5, 3, 4]}
                          """));
            })
        .write(folder.resolve("partial"));
  }

  @Test
  void viewsOfSeveralPicturesAreComparedOneByOne() throws IOException {
    // Of the second picture there are three views; the reference fills up to five.
    Path wrong = Files.createDirectories(folder.resolve("wrong"));
    Files.copy(WRITTEN.resolve("next2/expected.json"), wrong.resolve("expected.json"));
    try (Safetensors reference = Safetensors.open(WRITTEN.resolve("next2/expected.safetensors"));
        Scope scope = Scope.open()) {
      Tensor pixels = reference.tensor("pixel_values");
      assertThat(pixels.shape()).containsExactly(2, 5, 3, 56, 56);
      float[] values = pixels.toFloats();
      values[5 * 3 * 56 * 56] += 1;
      new SafetensorsWriter()
          .add("pixel_values", Tensor.of(values, 2, 5, 3, 56, 56))
          .write(wrong.resolve("expected.safetensors"));
    }
    VerificationReport report = compare(Goldens.checkpoint("llava-next"), wrong);
    assertThat(report.find("expected.safetensors", "pixel_values").orElseThrow())
        .satisfies(check -> {
          assertThat(check.verdict()).isEqualTo(Verdict.FAIL);
          assertThat(check.absolute()).isCloseTo(1, org.assertj.core.data.Offset.offset(1e-4));
        });
  }

  /// A copy of a reference with other texts.
  private Path changed(String name, String source, java.util.function.Consumer<ObjectNode> edit)
      throws IOException {
    Path to = Files.createDirectories(folder.resolve(name));
    ObjectNode json =
        (ObjectNode) JsonMapper.shared().readTree(WRITTEN.resolve(source).resolve("expected.json"));
    edit.accept(json);
    Files.writeString(to.resolve("expected.json"), json.toString());
    return to;
  }

  private static Verdict verdict(VerificationReport report, String name) {
    return report.find("expected.json", name).orElseThrow().verdict();
  }

  @Test
  void anotherEndOrAnotherSettingIsFound() throws IOException {
    Path reference = changed("same", "llava-llama", json -> {});
    Path penalised =
        Goldens.copy("llava-llama")
            .json("generation_config.json", json -> json.put("repetition_penalty", 1.3))
            .write(folder.resolve("penalised"));
    assertThat(verdict(compare(penalised, reference), "generated_ids")).isEqualTo(Verdict.FAIL);

    int third = 396;
    Path early =
        Goldens.copy("llava-llama")
            .json("generation_config.json", json -> json.put("eos_token_id", third))
            .write(folder.resolve("early"));
    VerificationReport report = compare(early, reference);
    assertThat(verdict(report, "generated_ids")).isEqualTo(Verdict.FAIL);
    assertThat(verdict(report, "generation_ended")).isEqualTo(Verdict.FAIL);
    // Without a limit in the reference as many tokens are compared as it has, whatever ends them.
    Path without =
        changed(
            "without",
            "llava-llama",
            json -> json.without(List.of("max_new_tokens", "generation_ended")));
    assertThat(verdict(compare(early, without), "generated_ids")).isEqualTo(Verdict.PASS);
  }

  @Test
  void aDifferenceOfWhatIsLeftOutIsNoFalseAlarm() throws IOException {
    Path beams =
        Goldens.copy("llava-llama")
            .json("generation_config.json", json -> json.put("num_beams", 4))
            .write(folder.resolve("beams"));
    java.util.function.Consumer<ObjectNode> others =
        json -> json.set("generated_ids", JsonMapper.shared().valueToTree(List.of(1, 2, 3)));
    Path silent =
        changed(
            "silent",
            "llava-llama",
            json -> {
              others.accept(json);
              json.remove("generation_left_out");
            });
    JsonNode said = ReferenceFolder.json(WRITTEN.resolve("llava-llama/expected.json"));
    assertThat(said.path("generation_left_out").isArray()).isTrue();
    assertThat(verdict(compare(beams, silent), "generated_ids")).isEqualTo(Verdict.SKIPPED);
    Path told = changed("told", "llava-llama", others);
    assertThat(verdict(compare(beams, told), "generated_ids")).isEqualTo(Verdict.FAIL);
  }

  @Test
  void aReferencePastTheLastPositionIsFollowed() throws IOException {
    Path small =
        Goldens.copy("vicuna")
            .json("config.json", json -> json.put("max_position_embeddings", 14))
            .write(folder.resolve("small"));
    VerificationReport report = compare(small, WRITTEN.resolve("vicuna"));
    assertThat(report.passed()).isTrue();
    assertThat(verdict(report, "generated_ids")).isEqualTo(Verdict.PASS);
  }
}
