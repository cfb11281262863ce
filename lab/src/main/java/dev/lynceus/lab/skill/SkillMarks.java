package dev.lynceus.lab.skill;

import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.picture.Operation;
import dev.lynceus.lab.picture.Operation.Shape;
import dev.lynceus.lab.picture.Region;
import dev.lynceus.lab.picture.Rgb;
import dev.lynceus.lab.picture.SetOfMark;
import dev.lynceus.lab.picture.Side;
import dev.lynceus.pupil.world.Box;
import dev.lynceus.pupil.world.Exercise;
import dev.lynceus.pupil.world.Exercise.Asked;
import dev.lynceus.pupil.world.Fact;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Marks things in scenes, as the operators of `mark` do, and asks for what is marked.
///
/// @param random what is chosen follows from it
/// @param usual whether every mark is as `mark` draws it by itself; else colours, thickness and
///   places differ
record SkillMarks(RandomGenerator random, boolean usual) {
  private static final List<String> TINTS = List.of("red", "blue", "green", "yellow");

  /// Side of a patch of the model, in pixels.
  private static final int PATCH = 14;

  /// What is drawn from: red is the usual one.
  private static final List<String> COLOURS =
      List.of("red", "red", "red", "blue", "green", "yellow");

  /// Shapes that questions name; the others are only meant by “the object”.
  private static final List<Shape> NAMED = List.of(Shape.BOX, Shape.ELLIPSE, Shape.ARROW);

  /// Larger than the box, as `mark` has it.
  private static final double CIRCLE = .1;

  /// A mark on a thing.
  private record Mark(int item, Shape shape, String colour) {
    String place() {
      return switch (shape) {
        case BOX -> "in the " + colour + " box";
        case ELLIPSE -> "in the " + colour + " ring";
        case ARROW -> "at the " + colour + " arrow";
        case CONTOUR, SCRIBBLE, POINT, TRIANGLE -> "";
      };
    }

    String label() {
      return switch (shape) {
        case BOX -> Skill.BOX.label();
        case ELLIPSE -> Skill.RING.label();
        case ARROW -> Skill.ARROW.label();
        case CONTOUR, SCRIBBLE, POINT, TRIANGLE -> Skill.REFER.label();
      };
    }
  }

  /// A scene with a mark of a shape that questions name, and perhaps another one.
  ///
  /// @param questions how many at most
  Exercise named(Scene scene, Shape shape, int questions) {
    List<Fact> facts = scene.facts();
    String colour = colour();
    List<Mark> marks =
        new ArrayList<>(List.of(new Mark(random.nextInt(facts.size()), shape, colour)));
    if (!usual && facts.size() > 1 && random.nextInt(3) == 0) {
      Shape other = NAMED.get(random.nextInt(NAMED.size()));
      String another = colour();
      int item = (marks.getFirst().item + 1 + random.nextInt(facts.size() - 1)) % facts.size();
      if (other != shape || !another.equals(colour)) {
        marks.add(new Mark(item, other, another));
      }
    }
    RgbImage image = scene.image();
    for (Mark mark : marks) {
      image = drawn(image, scene.items().get(mark.item).box(), mark);
    }
    List<Asked> asked = new ArrayList<>();
    for (Mark mark : marks) {
      Fact fact = facts.get(mark.item);
      asked.add(SkillQuestions.thing(mark.label(), "What is " + mark.place() + "?", fact));
      asked.add(
          SkillQuestions.colour(
              mark.label(), "What is the color of the object " + mark.place() + "?", fact));
    }
    SkillQuestions further = new SkillQuestions(random);
    if (marks.size() == 1) {
      asked.add(
          SkillQuestions.colour(
              Skill.REFER.label(), SkillQuestions.OBJECT, facts.get(marks.getFirst().item)));
    } else {
      asked.add(further.ambiguous());
    }
    return new Exercise(
        List.of(image), filled(asked, further, facts, questions), patches(scene, marks));
  }

  /// A scene with one mark of any shape, and “the object”.
  Exercise referred(Scene scene, int questions) {
    List<Fact> facts = scene.facts();
    int item = random.nextInt(facts.size());
    int drawn = random.nextInt(Shape.values().length + 1);
    RgbImage image;
    List<Exercise.Patch> patches;
    if (drawn == Shape.values().length) {
      image = numbered(List.of(region(scene.items().get(item).box(), !usual))).apply(scene.image());
      patches = patches(scene, List.of(), List.of(item));
    } else {
      Mark mark = new Mark(item, Shape.values()[drawn], colour());
      image = drawn(scene.image(), scene.items().get(item).box(), mark);
      patches = patches(scene, List.of(mark));
    }
    List<Asked> asked = new ArrayList<>();
    asked.add(SkillQuestions.colour(Skill.REFER.label(), SkillQuestions.OBJECT, facts.get(item)));
    return new Exercise(
        List.of(image), filled(asked, new SkillQuestions(random), facts, questions), patches);
  }

  /// A scene with a number on every thing.
  Exercise numbers(Scene scene, int questions) {
    List<Fact> facts = scene.facts();
    List<Region> regions = new ArrayList<>();
    scene.items().forEach(item -> regions.add(region(item.box(), false)));
    SetOfMark marks = numbered(regions);
    RgbImage image = scene.image();
    List<SetOfMark.Placed> placed = marks.placed(image.width(), image.height());
    List<Asked> asked = new ArrayList<>();
    int first = random.nextInt(placed.size());
    for (int i = 0; i < Math.min(3, placed.size()); i++) {
      SetOfMark.Placed mark = placed.get((first + i) % placed.size());
      Fact fact = facts.get(mark.region());
      String label = Skill.NUMBER.label();
      asked.add(
          random.nextInt(3) > 0
              ? SkillQuestions.thing(label, "What is at mark " + mark.name() + "?", fact)
              : SkillQuestions.colour(
                  label, "What is the color of the object at mark " + mark.name() + "?", fact));
    }
    return new Exercise(
        List.of(marks.apply(image)),
        filled(asked, new SkillQuestions(random), facts, questions),
        patches(scene, List.of(), placed.stream().map(SetOfMark.Placed::region).toList()));
  }

  private static List<Exercise.Patch> patches(Scene scene, List<Mark> marks) {
    return patches(scene, marks, List.of());
  }

  /// What each patch of a thing should tell of its mark.
  ///
  /// @param numbered things with numbers, in the order of these
  private static List<Exercise.Patch> patches(
      Scene scene, List<Mark> marks, List<Integer> numbered) {
    List<Exercise.Patch> patches = new ArrayList<>();
    for (int item = 0; item < scene.items().size(); item++) {
      int mark = numbered.contains(item) ? NAMED.size() + 2 + numbered.indexOf(item) : 0;
      int colour = 0;
      for (Mark one : marks) {
        if (one.item == item) {
          mark = NAMED.contains(one.shape) ? NAMED.indexOf(one.shape) + 1 : NAMED.size() + 1;
          colour = TINTS.indexOf(one.colour) + 1;
        }
      }
      for (int patch : scene.items().get(item).patches(World.SIZE, PATCH)) {
        patches.add(new Exercise.Patch(0, patch, mark, colour));
      }
    }
    return patches;
  }

  private SetOfMark numbered(List<Region> regions) {
    SetOfMark usually = SetOfMark.of(regions);
    if (usual) {
      return usually;
    }
    double[] heights = {0, 0, 10, 12, 16};
    return new SetOfMark(
        regions,
        usually.layers(),
        usually.names(),
        usually.room(),
        usually.alpha(),
        heights[random.nextInt(heights.length)],
        usually.side());
  }

  private static List<Asked> filled(
      List<Asked> asked, SkillQuestions further, List<Fact> facts, int questions) {
    List<Asked> all = new ArrayList<>(asked.subList(0, Math.min(questions, asked.size())));
    while (all.size() < questions) {
      further.addNew(all, further.old(facts));
    }
    return all;
  }

  private String colour() {
    return usual ? "red" : COLOURS.get(random.nextInt(COLOURS.size()));
  }

  private RgbImage drawn(RgbImage image, Box box, Mark mark) {
    boolean grows = mark.shape == Shape.ELLIPSE || mark.shape == Shape.TRIANGLE;
    Side[] sides = Side.values();
    return new Operation.Outline(
            mark.shape,
            region(box, !usual),
            Rgb.parse(mark.colour),
            usual ? 2 : random.nextDouble(1.6, 3.4),
            1,
            grows ? CIRCLE : 0,
            usual || mark.shape != Shape.ARROW ? Side.CENTRE : sides[random.nextInt(sides.length)],
            usual ? 0 : random.nextLong())
        .apply(image);
  }

  /// The box of a thing, as exactly as people draw it.
  private Region region(Box box, boolean roughly) {
    if (!roughly) {
      return new Region.Box(box.left(), box.top(), box.right(), box.bottom());
    }
    return new Region.Box(
        Math.max(0, box.left() + random.nextInt(-3, 3)),
        Math.max(0, box.top() + random.nextInt(-3, 3)),
        box.right() + random.nextInt(-2, 4),
        box.bottom() + random.nextInt(-2, 4));
  }
}
