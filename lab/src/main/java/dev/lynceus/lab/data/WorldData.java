package dev.lynceus.lab.data;

import dev.lynceus.image.RgbImage;
import dev.lynceus.pupil.measure.Exam;
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

/// Scenes of the bundled model's world as a data set, made when they are needed: every question has
/// its answer, and the boxes of what the answer follows from.
public final class WorldData {
  /// What data sets of it are named.
  public static final String NAME = "world";

  private WorldData() {}

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
