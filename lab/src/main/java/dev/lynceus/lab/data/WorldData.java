package dev.lynceus.lab.data;

import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.measure.Exam;
import dev.lynceus.pupil.world.Box;
import dev.lynceus.pupil.world.Colour;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.World;
import dev.lynceus.tensor.file.ContentDigest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Scenes of the bundled model's world as a data set, made when they are needed: every question has
/// its answer, and the boxes of what the answer follows from.
public final class WorldData {
  /// What data sets of it are named.
  public static final String NAME = "world";

  private static final Pattern FORM =
      Pattern.compile("world(-large)?(?::(\\d{1,18})(?::(\\d{1,6}))?)?");
  private static final long SEED = 20_260;
  private static final int SCENES = 50;

  /// How many times larger pictures of large worlds are.
  private static final int LARGE = 7;

  private WorldData() {}

  /// A world by its name: `world[:SEED[:SCENES]]`, or `world-large[:SEED[:SCENES]]`.
  ///
  /// @return empty for what is no such name
  /// @throws dev.lynceus.error.LynceusException BAD_REQUEST for one of no scenes
  public static Optional<DataSet> named(String name) {
    Matcher form = FORM.matcher(name);
    if (!form.matches()) {
      return Optional.empty();
    }
    long seed = form.group(2) == null ? SEED : Long.parseLong(form.group(2));
    int scenes = form.group(3) == null ? SCENES : Integer.parseInt(form.group(3));
    if (scenes == 0) {
      throw Refusal.bad("a world of no scenes", "Give one scene at least: world:7:1.");
    }
    return Optional.of(
        form.group(1) == null
            ? of(seed, scenes, SceneRecipe.FREE)
            : large(seed, scenes, SceneRecipe.FREE, LARGE));
  }

  /// Questions of all kinds about the first scenes of a sequence.
  ///
  /// @param seed which sequence
  /// @param scenes how many scenes
  /// @param recipe how they are made
  public static DataSet of(long seed, int scenes, SceneRecipe recipe) {
    Exam exam = new Exam(new World(seed, recipe));
    List<Item> items = new ArrayList<>();
    StringBuilder all = new StringBuilder();
    for (int number = 0; number < scenes; number++) {
      Scene scene = exam.scene(number);
      for (Question question : exam.questions(number, scene)) {
        Example example = example(exam, number, scene, question, items.size() + 1L);
        items.add(new Item.Good(example));
        all.append(example.id()).append(question.text()).append(question.answer());
      }
    }
    return new DataSet(
        NAME + "-" + seed, NAME, ContentDigest.of(seed + recipe.toString() + all), items);
  }

  /// The same scenes as small parts of large pictures: each stands somewhere in a picture of one
  /// grey that is `factor` times as wide and as high. What a model that makes pictures small sees
  /// of a thing is `factor` times smaller.
  ///
  /// @param factor 2 to 16
  public static DataSet large(long seed, int scenes, SceneRecipe recipe, int factor) {
    DataSet own = of(seed, scenes, recipe);
    List<Item> items = new ArrayList<>();
    for (Example example : own.examples()) {
      SplittableRandom random =
          new SplittableRandom(seed * 31 + Long.parseLong(example.fields().get("scene")));
      int left = random.nextInt((factor - 1) * World.SIZE + 1);
      int top = random.nextInt((factor - 1) * World.SIZE + 1);
      items.add(
          new Item.Good(
              new Example(
                  example.id(),
                  example.origin(),
                  List.of(new Within(example.images().getFirst(), left, top, factor)),
                  "",
                  example.question(),
                  example.answers(),
                  example.choices(),
                  example.kind(),
                  // The whole scene: its things are asked for by name.
                  List.of(
                      LabelledRegion.box(
                          0, "scene", left, top, left + World.SIZE, top + World.SIZE)),
                  example.fields())));
    }
    return new DataSet(
        NAME + "-large-" + seed, NAME, ContentDigest.of(own.digest() + " " + factor), items);
  }

  /// A scene in a large picture.
  private record Within(ImageSource scene, int left, int top, int factor) implements ImageSource {
    private static final int GREY = 128;

    @Override
    public String name() {
      return scene.name() + ", small";
    }

    @Override
    public RgbImage read() {
      int side = factor * World.SIZE;
      byte[] samples = new byte[side * side * 3];
      Arrays.fill(samples, (byte) GREY);
      byte[] own = scene.read().toBytes();
      for (int y = 0; y < World.SIZE; y++) {
        System.arraycopy(
            own, y * World.SIZE * 3, samples, ((top + y) * side + left) * 3, World.SIZE * 3);
      }
      return RgbImage.of(side, side, samples);
    }
  }

  private static Example example(Exam exam, long number, Scene scene, Question question, long row) {
    List<LabelledRegion> regions = new ArrayList<>();
    for (int fact : question.evidence()) {
      Box box = scene.items().get(fact).box();
      regions.add(
          LabelledRegion.box(
              0, scene.facts().get(fact).noun(), box.left(), box.top(), box.right(), box.bottom()));
    }
    LinkedHashMap<String, String> fields = new LinkedHashMap<>();
    fields.put("scene", Long.toString(number));
    fields.put("objects", Integer.toString(scene.items().size()));
    return new Example(
        number + "-" + question.kind().label(),
        new Origin(Path.of(NAME), row),
        List.of(new Drawn(exam, number)),
        "",
        question.text(),
        List.of(question.answer().substring(question.start(), question.end()), question.answer()),
        choices(question),
        question.kind().label(),
        regions,
        fields);
  }

  /// Whole answers that differ in what decides; empty for kinds whose answers are no closed set.
  private static List<String> choices(Question question) {
    List<String> words =
        switch (question.kind()) {
          case COLOUR -> Arrays.stream(Colour.values()).map(Colour::word).toList();
          case SIDE -> List.of("left", "right");
          case WHICH, WHERE, EXISTS, COUNT, SAME, DESCRIBE -> List.of();
        };
    String answer = question.answer();
    return words.stream()
        .map(
            word -> answer.substring(0, question.start()) + word + answer.substring(question.end()))
        .toList();
  }

  /// A scene, drawn when it is looked at.
  private record Drawn(Exam exam, long number) implements ImageSource {
    @Override
    public String name() {
      return "scene " + number;
    }

    @Override
    public RgbImage read() {
      return exam.scene(number).image();
    }
  }
}
