package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Terminal, figures and documents say one thing in one way; pages: [PagesTest].
class VocabularyTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "explain --words=2 --output={}.html",
        "occlude --figure={}.svg",
        "knockout --figure={}.svg",
        "trace --figure={}.svg",
        "attribute --retest=5 --sample=20 --figure={}.svg",
        "attention --figure={}.svg",
        "causes --head=1.0 --target=brown --trials=2 --figure={}.svg",
        "relevancy --figure={}.svg",
        "neurons --without=1.2 --figure={}.svg",
        "region --box=62,34,108,74 --figure={}.svg",
        "silence --head=1.2,1.4 --draws=2 --figure={}.svg",
        "steer --words=red,green --randoms=1 --strengths=0,1 --figure={}.svg",
        "compare --methods=seeing-heads,random --steps=4 --noises=0 --output={}.html",
        "lens --positions=image",
        "lens"
      })
  void whatIsPrintedAndDrawn(String line) throws IOException {
    Path drawn = folder.resolve("drawn");
    List<String> words =
        Stream.concat(
                Stream.of(line.replace("{}", drawn.toString()).split(" ")),
                Stream.of(Fixtures.PICTURE, Fixtures.QUESTION))
            .toList();
    Shell.Result result = Shell.lynceus(words.toArray(String[]::new));

    assertThat(result.status()).as(result.err()).isZero();
    assertThat(Vocabulary.variants(result.out())).isEmpty();
    Path figure = folder.resolve("drawn.svg");
    if (Files.exists(figure)) {
      // Texts and hints; not the coordinates, and no pictures.
      String texts =
          Stream.of(Files.readString(figure).split("<"))
              .filter(part -> part.startsWith("text") || part.startsWith("title"))
              .map(part -> part.substring(part.indexOf('>') + 1))
              .reduce("", (all, text) -> all + text + "\n");
      assertThat(texts).isNotBlank();
      assertThat(Vocabulary.variants(texts)).isEmpty();
    }
  }

  @Test
  void documents() throws IOException {
    Path root = Path.of("..");
    try (Stream<Path> files = Files.walk(root.resolve("docs"))) {
      List<Path> all =
          Stream.concat(
                  files.filter(file -> file.toString().endsWith(".md")),
                  Stream.of(root.resolve("README.md"), root.resolve("pupil/MODEL_CARD.md")))
              .toList();
      assertThat(all).hasSizeGreaterThan(15);
      for (Path file : all) {
        String text =
            Files.readString(file).replaceAll("(?s)```.*?```", "").replaceAll("`[^`]*`", "");
        assertThat(
                Vocabulary.variants(text).stream()
                    .filter(one -> !one.startsWith("a depth") && !one.startsWith("no number")))
            .as(file.toString())
            .isEmpty();
      }
    }
  }

  @Test
  void variantsAreFound() {
    for (String variant :
        List.of(
            "row 3 col 7",
            "row 3 column 7",
            "r3 c7",
            "layer 1 head 2",
            "layer 1, head 2",
            "-0.000",
            "+0.00 nats",
            "is .875 of",
            "100.0 %",
            "log prob.",
            "2.2e-4")) {
      assertThat(Vocabulary.variants(variant)).as(variant).hasSize(1);
    }
    for (String right :
        List.of(
            "row 3, column 7", "head 1.2", "-0.001", "0.875", "100 %", "after layer 2", "a.5")) {
      assertThat(Vocabulary.variants(right)).as(right).isEmpty();
    }
  }
}
