package dev.lynceus.pupil.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.pupil.world.Question.Kind;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Would catch a box that is not that of the pixels, things that hide each other, a held-out pair
/// in the training, a question whose answer the picture does not show, and a scene that depends on
/// when it is made.
class WorldTest {
  private static final int SCENES = 150;

  static List<SceneRecipe> recipes() {
    return List.of(SceneRecipe.ALIGNED, SceneRecipe.COARSE, SceneRecipe.FREE);
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void boxesMasksAndColoursAreThoseOfThePicture(SceneRecipe recipe) {
    World world = new World(11, recipe);
    for (int n = 0; n < SCENES; n++) {
      Scene scene = world.scene(n);
      assertThat(scene.items()).hasSizeBetween(1, 4);
      assertThat(scene.items().stream().map(Item::noun).distinct()).hasSameSizeAs(scene.items());
      int[] owners = new int[World.SIZE * World.SIZE];
      for (Item item : scene.items()) {
        Box box = item.box();
        assertThat(Math.max(box.width(), box.height())).as("scene %d", n).isBetween(24, 60);
        for (int y = 0; y < World.SIZE; y++) {
          for (int x = 0; x < World.SIZE; x++) {
            if (item.covers(x, y, World.SIZE)) {
              assertThat(box.contains(x, y)).isTrue();
              owners[y * World.SIZE + x]++;
            }
            if ((item.mask()[y * World.SIZE + x] & 0xff) == 255) {
              int rgb =
                  scene.image().sample(x, y, 0) << 16
                      | scene.image().sample(x, y, 1) << 8
                      | scene.image().sample(x, y, 2);
              assertThat(rgb).isEqualTo(item.rgb());
            }
          }
        }
      }
      assertThat(IntStream.of(owners).max().orElseThrow()).isEqualTo(1);
    }
  }

  @Test
  void aSceneFollowsFromSeedAndNumber() {
    World world = new World(12, SceneRecipe.FREE);
    Scene late = world.scene(7);
    world.scene(3);
    assertThat(world.scene(7).image()).isEqualTo(late.image());
    assertThat(world.scene(8).image()).isNotEqualTo(late.image());
    assertThat(new World(13, SceneRecipe.FREE).scene(7).image()).isNotEqualTo(late.image());
  }

  @Test
  void heldOutPairsAreTenAndAppearOnlyWhereTheyAreAskedFor() {
    Set<String> seen = pairs(SceneRecipe.FREE);
    Set<String> unseen =
        pairs(SceneRecipe.FREE.withItems(1, 1).withPairs(SceneRecipe.Pairs.UNSEEN));
    assertThat(unseen).hasSize(10).doesNotContainAnyElementsOf(seen);
    assertThat(seen).hasSizeGreaterThan(170);
  }

  private static Set<String> pairs(SceneRecipe recipe) {
    Set<String> pairs = new HashSet<>();
    for (int n = 0; n < 600; n++) {
      for (Item item : new World(14, recipe).scene(n).items()) {
        pairs.add(item.noun() + " " + item.colour());
      }
    }
    return pairs;
  }

  @Test
  void anExchangeOfColoursChangesNothingElse() {
    for (int n = 0; n < 30; n++) {
      List<Scene> both = new World(15, SceneRecipe.FREE).swapped(n);
      List<Item> before = both.get(0).items();
      List<Item> after = both.get(1).items();
      assertThat(after.stream().map(Item::box)).isEqualTo(before.stream().map(Item::box).toList());
      assertThat(after.get(0).colour()).isEqualTo(before.get(1).colour());
      assertThat(after.get(1).colour()).isEqualTo(before.get(0).colour());
      assertThat(before.get(0).colour()).isNotEqualTo(before.get(1).colour());
    }
  }

  @Test
  void answersFollowFromTheFacts() {
    SplittableRandom random = new SplittableRandom(16);
    Asker asker = new Asker(Silhouette.names(), random);
    Map<Kind, Integer> asked = new EnumMap<>(Kind.class);
    int yes = 0;
    for (int n = 0; n < SCENES; n++) {
      List<Fact> facts = new World(17, SceneRecipe.FREE).scene(n).facts();
      for (Kind kind : Kind.values()) {
        Question question = asker.ask(kind, facts).orElse(null);
        if (question == null) {
          continue;
        }
        asked.merge(kind, 1, Integer::sum);
        List<Fact> evidence = question.evidence().stream().map(facts::get).toList();
        switch (kind) {
          case COLOUR -> assertThat(question.key()).isEqualTo(evidence.getFirst().colour().word());
          case WHICH -> {
            assertThat(question.key()).isEqualTo(evidence.getFirst().noun());
            assertThat(facts.stream().filter(f -> question.text().contains(f.colour().word())))
                .hasSize(1);
          }
          case WHERE ->
              assertThat(question.key())
                  .isEqualTo(evidence.getFirst().place().orElseThrow().words());
          case EXISTS -> {
            boolean there =
                facts.stream().anyMatch(f -> question.text().contains(" " + f.noun() + "?"));
            assertThat(question.key()).isEqualTo(there ? "Yes" : "No");
            yes += there ? 1 : 0;
          }
          case COUNT ->
              assertThat(List.of("one", "two", "three", "four").indexOf(question.key()) + 1)
                  .isEqualTo(facts.size());
          case SAME ->
              assertThat(question.key())
                  .isEqualTo(evidence.get(0).colour() == evidence.get(1).colour() ? "yes" : "no");
          case SIDE ->
              assertThat(question.key())
                  .isEqualTo(
                      evidence.get(0).column() < evidence.get(1).column() ? "left" : "right");
          case DESCRIBE ->
              assertThat(facts)
                  .allSatisfy(f ->
                      assertThat(question.answer().toLowerCase(java.util.Locale.ROOT))
                          .contains(f.colour().word() + " " + f.noun()));
        }
      }
    }
    assertThat(asked).hasSize(Kind.values().length);
    assertThat(yes).isBetween(SCENES * 35 / 100, SCENES * 65 / 100);
  }
}
