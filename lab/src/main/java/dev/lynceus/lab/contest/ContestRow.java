package dev.lynceus.lab.contest;

import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.data.ImageSource;
import dev.lynceus.lab.data.LabelledRegion;
import dev.lynceus.lab.data.Origin;
import dev.lynceus.lab.data.WorldData;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.World;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SplittableRandom;

/// A question of a contest.
///
/// @param example with one region at most: the box around all that its answer follows from
/// @param kind of the question
/// @param seed of its sequence of scenes, and of what is left to chance
/// @param picture tells its picture from others
record ContestRow(Example example, String kind, long seed, String picture) {
  /// A thing in a picture so large that it is a few pixels of what the model sees.
  static final String SMALL = "small";

  /// A thing that the question does not name.
  static final String UNNAMED = "unnamed";

  /// How many times larger pictures with small things are than what the model sees.
  private static final int LARGE = 7;

  private static final String REFER = "What is the color of the object?";

  /// Scenes of three and four things: with fewer there is little to confuse.
  private static final SceneRecipe RECIPE = SceneRecipe.FREE.withItems(3, 4);

  /// The questions about some scenes.
  static List<ContestRow> of(long seed, int scenes) {
    List<ContestRow> rows = new ArrayList<>();
    for (Example example : WorldData.of(seed, scenes, RECIPE).examples()) {
      if (!example.kind().equals("describe")) {
        rows.add(row(enclosed(example), example.kind(), seed));
      }
    }
    for (Example example : WorldData.large(seed, scenes, RECIPE, LARGE).examples()) {
      if (example.kind().equals("which")) {
        rows.add(row(example, SMALL, seed));
      }
    }
    World world = new World(seed, RECIPE.withRepeat(0));
    for (int number = 0; number < scenes; number++) {
      rows.add(row(unnamed(world.scene(number), number, seed), UNNAMED, seed));
    }
    return rows;
  }

  private static ContestRow row(Example example, String kind, long seed) {
    String scene = example.fields().get("scene");
    String world =
        switch (kind) {
          case SMALL, UNNAMED -> kind;
          default -> "scene";
        };
    return new ContestRow(
        example.withId(seed + "-" + world + "-" + example.id()),
        kind,
        seed,
        seed + " " + world + " " + scene);
  }

  /// The same about another picture.
  Example on(List<ImageSource> images) {
    return new Example(
        example.id(),
        example.origin(),
        images,
        example.passage(),
        example.question(),
        example.answers(),
        example.choices(),
        example.kind(),
        example.regions(),
        example.fields());
  }

  /// One box around all regions.
  private static Example enclosed(Example example) {
    List<LabelledRegion> regions = example.regions();
    if (regions.size() < 2) {
      return example;
    }
    return new Example(
        example.id(),
        example.origin(),
        example.images(),
        example.passage(),
        example.question(),
        example.answers(),
        example.choices(),
        example.kind(),
        List.of(
            LabelledRegion.box(
                0,
                "",
                regions.stream().mapToDouble(LabelledRegion::x0).min().orElseThrow(),
                regions.stream().mapToDouble(LabelledRegion::y0).min().orElseThrow(),
                regions.stream().mapToDouble(LabelledRegion::x1).max().orElseThrow(),
                regions.stream().mapToDouble(LabelledRegion::y1).max().orElseThrow())),
        example.fields());
  }

  /// One of several things of different colours is meant; which, only the region says.
  private static Example unnamed(Scene scene, int number, long seed) {
    int meant = new SplittableRandom(seed * 31 + number).nextInt(scene.items().size());
    var box = scene.items().get(meant).box();
    List<String> choices =
        scene.items().stream().map(item -> answer(item.colour().word())).distinct().toList();
    LinkedHashMap<String, String> fields = new LinkedHashMap<>();
    fields.put("scene", Integer.toString(number));
    var image = scene.image();
    return new Example(
        Integer.toString(number),
        new Origin(Path.of(UNNAMED), number + 1L),
        List.of(new Shown("scene " + number, image)),
        "",
        REFER,
        List.of(answer(scene.items().get(meant).colour().word())),
        choices,
        UNNAMED,
        List.of(LabelledRegion.box(0, "", box.left(), box.top(), box.right(), box.bottom())),
        fields);
  }

  private static String answer(String colour) {
    return "The color of the object is " + colour + ".";
  }

  private record Shown(String name, dev.lynceus.image.RgbImage read) implements ImageSource {}
}
