package dev.lynceus.tensor.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubCacheTest {

  private static final String OLD = "0123456789abcdef0123456789abcdef01234567";
  private static final String NEW = "fedcba9876543210fedcba9876543210fedcba98";

  @TempDir Path home;

  private Path root;
  private HubCache cache;

  /// Lays a model out as Python does: blobs, and snapshots of relative links.
  @BeforeEach
  void layOut() throws IOException {
    root = home.resolve(".cache/huggingface/hub");
    cache = HubCache.fromEnvironment(Map.of(), home);
    Path model = root.resolve("models--llava-hf--llava-1.5-7b-hf");
    blob(model, OLD, "config.json", "{\"version\":1}".getBytes(StandardCharsets.UTF_8));
    blob(model, NEW, "config.json", "{\"version\":2}".getBytes(StandardCharsets.UTF_8));
    blob(model, NEW, "model.safetensors", RawSafetensors.file("{}      ", 0));
    blob(model, NEW, "onnx/config.json", "{}".getBytes(StandardCharsets.UTF_8));
    ref(model, "main", NEW);
    ref(model, "v1.0", OLD);
    ref(model, "refs/pr/3", OLD);
  }

  @Test
  void theDefaultRevisionIsMain() {
    Path snapshot = cache.resolve(ModelReference.parse("llava-hf/llava-1.5-7b-hf"));
    assertThat(snapshot.getFileName()).hasToString(NEW);
    try (Checkpoint checkpoint = Checkpoint.open(snapshot)) {
      assertThat(checkpoint.config().path("version").intValue()).isEqualTo(2);
      assertThat(checkpoint.revision()).contains(NEW);
      assertThat(checkpoint.repository()).contains("llava-hf/llava-1.5-7b-hf");
      assertThat(checkpoint.json("onnx/config.json")).isPresent();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1.0", "refs/pr/3", OLD})
  void tagsPullRequestsAndCommitsAreRevisions(String revision) {
    assertThat(cache.locate("llava-hf/llava-1.5-7b-hf@" + revision).getFileName()).hasToString(OLD);
  }

  @Test
  void anAbsentModelIsToldWithPlaceVariableAndCommand() {
    LynceusException error = notFound("org/absent");
    assertThat(error)
        .hasMessageContainingAll("org/absent", root.resolve("models--org--absent").toString());
    assertThat(error.nextStep()).contains("hf download org/absent`", root.toString(), "default");
    HubCache chosen = HubCache.fromEnvironment(Map.of("HF_HOME", "/nowhere"), home);
    assertThat(
            catchThrowableOfType(LynceusException.class, () -> chosen.locate("org/absent"))
                .nextStep())
        .contains("HF_HOME");
  }

  @Test
  void anAbsentRevisionIsToldWithThoseThatAreThere() {
    LynceusException error = notFound("llava-hf/llava-1.5-7b-hf@v2");
    assertThat(error).hasMessageContaining("@v2");
    assertThat(error.nextStep()).contains(OLD, NEW, "--revision v2");
  }

  @Test
  void withoutARefNoSnapshotIsChosenSilently() throws IOException {
    Files.delete(root.resolve("models--llava-hf--llava-1.5-7b-hf/refs/main"));
    assertThat(notFound("llava-hf/llava-1.5-7b-hf").nextStep()).contains(OLD, NEW);
  }

  @Test
  void aRefToASnapshotThatIsNotThereIsToldByItsCommit() throws IOException {
    String gone = "a".repeat(40);
    ref(root.resolve("models--llava-hf--llava-1.5-7b-hf"), "main", gone);
    assertThat(notFound("llava-hf/llava-1.5-7b-hf")).hasMessageContaining(gone);
    assertThat(notFound("llava-hf/llava-1.5-7b-hf@" + gone)).hasMessageContaining(gone);
  }

  @Test
  void aRefThatHoldsNoCommitIsRefused() throws IOException {
    ref(root.resolve("models--llava-hf--llava-1.5-7b-hf"), "main", "../../../../etc");
    LynceusException error =
        catchThrowableOfType(
            LynceusException.class, () -> cache.locate("llava-hf/llava-1.5-7b-hf"));
    assertThat(error.code()).isEqualTo(ErrorCode.BAD_CHECKPOINT);
  }

  @Test
  void theStrongestVariableDecides() {
    Map<String, String> environment = new LinkedHashMap<>();
    assertThat(root(environment)).isEqualTo(home.resolve(".cache/huggingface/hub"));
    environment.put("XDG_CACHE_HOME", "/xdg");
    assertThat(root(environment)).isEqualTo(Path.of("/xdg/huggingface/hub"));
    environment.put("HF_HOME", "/hf");
    assertThat(root(environment)).isEqualTo(Path.of("/hf/hub"));
    environment.put("HUGGINGFACE_HUB_CACHE", "/older");
    assertThat(root(environment)).isEqualTo(Path.of("/older"));
    environment.put("HF_HUB_CACHE", "~/hub");
    assertThat(root(environment)).isEqualTo(home.resolve("hub"));
    environment.put("HF_HUB_CACHE", "");
    assertThat(root(environment)).isEqualTo(Path.of("/older"));
  }

  @Test
  void foldersAreTakenAsTheyAre() throws IOException {
    Path folder = Files.createDirectories(home.resolve("my model"));
    assertThat(cache.locate(folder.toString())).isEqualTo(folder);
    assertThat(notFound("./absent/folder")).hasMessageContaining("absent/folder");
    assertThat(notFound("/absent")).hasMessageContaining("/absent");
    Path file = Files.createFile(home.resolve("file"));
    assertThat(
            catchThrowableOfType(LynceusException.class, () -> cache.locate(file.toString()))
                .code())
        .isEqualTo(ErrorCode.BAD_REQUEST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "@main",
        "a/b/c",
        "a/b@",
        "../b",
        "a/..",
        "a/b@../../x",
        "a/b@/etc",
        "a/b@x/../../y",
        "a--b/c",
        "a/-b",
        "a/b.git",
        "a b/c",
        "a/b\u001b",
        "é/b"
      })
  void textsThatAreNoReferenceAreRefused(String text) {
    assertThat(ModelReference.isReference(text)).isFalse();
    assertThat(
            catchThrowableOfType(LynceusException.class, () -> ModelReference.parse(text)).code())
        .isEqualTo(ErrorCode.BAD_REQUEST);
  }

  @Test
  void aPathWithANulIsRefused() {
    assertThat(catchThrowableOfType(LynceusException.class, () -> cache.locate("a\0b")).code())
        .isEqualTo(ErrorCode.BAD_REQUEST);
  }

  @Test
  void referencesPrintAsTheyAreWritten() {
    assertThat(ModelReference.parse("gpt2")).hasToString("gpt2");
    assertThat(ModelReference.parse("a/b@main")).hasToString("a/b");
    assertThat(ModelReference.parse("a/b@v1.0").downloadCommand())
        .isEqualTo("hf download a/b --revision v1.0");
  }

  @Test
  void modelsInTheCacheAreListed() throws IOException {
    Files.createDirectories(root.resolve("models--gpt2/snapshots"));
    Files.createDirectories(root.resolve("datasets--a--b/snapshots"));
    Files.createDirectories(root.resolve(".locks/models--x--y"));
    assertThat(cache.models()).containsExactly("gpt2", "llava-hf/llava-1.5-7b-hf");
    assertThat(HubCache.at(home.resolve("absent")).models()).isEmpty();
  }

  private LynceusException notFound(String reference) {
    LynceusException error =
        catchThrowableOfType(LynceusException.class, () -> cache.locate(reference));
    assertThat(error.code()).isEqualTo(ErrorCode.MODEL_NOT_FOUND);
    return error;
  }

  private Path root(Map<String, String> environment) {
    return HubCache.fromEnvironment(environment, home).root();
  }

  private static void blob(Path model, String commit, String name, byte[] content)
      throws IOException {
    Path blobs = Files.createDirectories(model.resolve("blobs"));
    Path blob = Files.write(blobs.resolve(commit.substring(0, 8) + name.hashCode()), content);
    Path link = model.resolve("snapshots").resolve(commit).resolve(name);
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, link.getParent().relativize(blob));
  }

  private static void ref(Path model, String revision, String commit) throws IOException {
    Path ref = model.resolve("refs").resolve(revision);
    Files.createDirectories(ref.getParent());
    Files.writeString(ref, commit);
  }
}
