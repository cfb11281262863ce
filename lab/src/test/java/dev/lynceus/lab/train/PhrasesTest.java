package dev.lynceus.lab.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.pupil.world.Asker;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.Silhouette;
import dev.lynceus.pupil.world.Story;
import dev.lynceus.pupil.world.World;
import dev.lynceus.text.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Would catch a tokenizer that splits a word of the world, or a loss on the wrong tokens.
class PhrasesTest {
  @TempDir static Path folder;
  private static Tokenizer tokenizer;
  private static Phrases phrases;

  @BeforeAll
  static void load() {
    TokenizerFiles.WORLD.write(folder);
    tokenizer = Tokenizer.load(folder);
    phrases = new Phrases(tokenizer);
  }

  @Test
  void everyWordOfTheWorldIsOneToken() {
    SplittableRandom random = new SplittableRandom(3);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 400; i++) {
      Story story = Story.random(random);
      Asker asker = new Asker(Story.nouns(), random);
      Scene scene = new World(5, SceneRecipe.FREE).scene(i % 20);
      for (Question.Kind kind : Question.Kind.values()) {
        boolean visual = !story.kinds().contains(kind);
        asker
            .ask(kind, visual ? scene.facts() : story.facts())
            .ifPresent(question -> {
              seen.add(question.text() + " " + question.answer());
              seen.add(story.text());
            });
      }
    }
    assertThat(seen).hasSizeGreaterThan(300);
    for (String text : seen) {
      long parts = text.codePoints().filter(c -> c == '.' || c == ',' || c == '?').count();
      assertThat(tokenizer.encode(text, false))
          .as(text)
          .hasSize(text.split(" ", -1).length + (int) parts);
    }
  }

  @Test
  void anExchangeIsTheRestOfThePromptAndItsDecisiveTokensAreTheKey() {
    SplittableRandom random = new SplittableRandom(4);
    Asker asker = new Asker(Silhouette.names(), random);
    int checked = 0;
    for (int i = 0; i < 60; i++) {
      Scene scene = new World(6, SceneRecipe.FREE).scene(i);
      for (Question.Kind kind : Question.Kind.values()) {
        Question question = asker.ask(kind, scene.facts()).orElse(null);
        if (question == null) {
          continue;
        }
        checked++;
        Phrases.Exchange exchange = phrases.aboutPicture(question);
        int[] whole =
            tokenizer.encode(
                "USER: <image>\n" + question.text() + "\nASSISTANT: " + question.answer() + "</s>");
        int before = whole.length - exchange.ids().length;
        assertThat(Arrays.copyOfRange(whole, before, whole.length)).isEqualTo(exchange.ids());
        assertThat(tokenizer.decode(Arrays.copyOfRange(whole, 0, before))).endsWith("<image>\n");
        assertThat(text(exchange.ids(), exchange.keyStart(), exchange.keyEnd()))
            .isEqualTo(question.key());
        assertThat(text(exchange.ids(), exchange.answer(), exchange.ids().length))
            .isEqualTo(question.answer() + "</s>");
      }
    }
    assertThat(checked).isGreaterThan(200);
  }

  @Test
  void aPictureTakesAsManyPlacesAsItHasPatches() {
    int image = TokenizerFiles.WORLD.size() - 2;
    int[] ids = phrases.picture(image);
    assertThat(Arrays.stream(ids).filter(id -> id == image).count()).isEqualTo(PupilShape.PATCHES);
    assertThat(ids[0]).isEqualTo(1);
  }

  private static String text(int[] ids, int start, int end) {
    return tokenizer.decode(Arrays.copyOfRange(ids, start, end)).strip();
  }
}
