package dev.lynceus.lab.skill;

import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.picture.Operation;
import dev.lynceus.lab.picture.Region;
import dev.lynceus.lab.train.Exercises;
import dev.lynceus.pupil.world.Asker;
import dev.lynceus.pupil.world.Box;
import dev.lynceus.pupil.world.Exercise;
import dev.lynceus.pupil.world.Exercise.Asked;
import dev.lynceus.pupil.world.Fact;
import dev.lynceus.pupil.world.Question.Kind;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Exercises of every skill. The first question of an exercise is of its skill; the others replay
/// what was known before, or are of other skills that the pictures allow.
public final class SkillWorld implements Exercises {
  private static final SceneRecipe APART = SceneRecipe.FREE.withItems(2, 4);
  private static final SceneRecipe FEW = SceneRecipe.FREE.withItems(1, 3);

  /// Part of width and height by which a crop is larger, as `mark` has it.
  private static final double MARGIN = .2;

  private static final int QUESTIONS = 6;

  /// An exercise of training. What is hard comes more often.
  @Override
  public Exercise draw(SplittableRandom random) {
    double drawn = random.nextDouble();
    if (drawn < .20) {
      return known(scene(SceneRecipe.FREE, random), random);
    }
    if (drawn < .25) {
      return make(Skill.PREMISE, random, QUESTIONS, false);
    }
    if (drawn < .28) {
      return make(Skill.ASK_BACK, random, QUESTIONS, false);
    }
    if (drawn < .42) {
      return make(Skill.DESCRIBE, random, QUESTIONS, false);
    }
    if (drawn < .47) {
      return make(Skill.COUNT, random, QUESTIONS, false);
    }
    if (drawn < .53) {
      return make(Skill.BOX, random, QUESTIONS, false);
    }
    if (drawn < .60) {
      return make(Skill.RING, random, QUESTIONS, false);
    }
    if (drawn < .67) {
      return make(Skill.ARROW, random, QUESTIONS, false);
    }
    if (drawn < .75) {
      return make(Skill.NUMBER, random, QUESTIONS, false);
    }
    if (drawn < .80) {
      return make(Skill.REFER, random, QUESTIONS, false);
    }
    if (drawn < .82) {
      return make(Skill.FAR, random, 2, false);
    }
    if (drawn < .88) {
      return make(Skill.CROP, random, QUESTIONS, false);
    }
    if (drawn < .91) {
      return make(Skill.ZOOM, random, 2, false);
    }
    return make(random.nextBoolean() ? Skill.WHICH_PICTURE : Skill.IN_PICTURE, random, 4, false);
  }

  /// An exercise of one skill, of one question, with marks as `mark` draws them.
  public Exercise exam(Skill skill, SplittableRandom random) {
    return make(skill, random, 1, true);
  }

  private Exercise make(Skill skill, SplittableRandom random, int questions, boolean usual) {
    SkillMarks marks = new SkillMarks(random, usual);
    return switch (skill) {
      case DESCRIBE -> many(scene(many(random, usual), random), Kind.DESCRIBE, random, questions);
      case COUNT -> many(scene(SceneRecipe.MANY, random), Kind.COUNT, random, questions);
      case PREMISE -> {
        Scene scene = scene(SceneRecipe.FREE, random);
        SkillQuestions asker = new SkillQuestions(random);
        yield filled(scene, asker.premise(scene.facts()), random, questions);
      }
      case ASK_BACK -> {
        Scene scene = scene(APART, random);
        yield filled(scene, new SkillQuestions(random).ambiguous(), random, questions);
      }
      case BOX -> marks.named(scene(APART, random), Operation.Shape.BOX, questions);
      case RING -> marks.named(scene(APART, random), Operation.Shape.ELLIPSE, questions);
      case ARROW -> marks.named(scene(APART, random), Operation.Shape.ARROW, questions);
      case NUMBER -> marks.numbers(scene(APART, random), questions);
      case REFER -> marks.referred(scene(APART.withRepeat(0), random), questions);
      case FAR -> {
        Scene scene = scene(SceneRecipe.FAR, random);
        yield new Exercise(
            List.of(scene.image()), colours(Skill.FAR, scene.facts(), random, questions));
      }
      case CROP -> crop(random, questions, usual);
      case ZOOM -> {
        Scene scene = scene(SceneRecipe.FAR, random);
        yield new Exercise(
            List.of(scene.image(), cut(scene, 0)),
            List.of(
                SkillQuestions.counted(
                    Skill.ZOOM.label(), Asked.of(Asker.colour(scene.facts(), 0).orElseThrow()))));
      }
      case WHICH_PICTURE -> new SkillPictures(random, scenes(random)).which(questions);
      case IN_PICTURE -> new SkillPictures(random, scenes(random)).in(questions);
    };
  }

  /// Scenes to describe: of the usual size, where there is room, in half of the training.
  private static SceneRecipe many(SplittableRandom random, boolean usual) {
    return usual || random.nextBoolean() ? SceneRecipe.MANY : SceneRecipe.FREE.withItems(2, 4);
  }

  private static Scene scene(SceneRecipe recipe, SplittableRandom random) {
    return new World(random.nextLong(), recipe).scene(0);
  }

  private static List<Scene> scenes(SplittableRandom random) {
    List<Scene> scenes = new ArrayList<>();
    int count = random.nextInt(4) == 0 ? 3 : 2;
    for (int i = 0; i < count; i++) {
      scenes.add(scene(FEW, random));
    }
    return scenes;
  }

  private static Exercise known(Scene scene, SplittableRandom random) {
    SkillQuestions asker = new SkillQuestions(random);
    return filled(scene, asker.old(scene.facts()), random, QUESTIONS);
  }

  private static Exercise many(Scene scene, Kind kind, SplittableRandom random, int questions) {
    Asked first = new SkillQuestions(random).old(kind, scene.facts());
    return filled(scene, first, random, questions);
  }

  private static Exercise filled(Scene scene, Asked first, SplittableRandom random, int questions) {
    SkillQuestions asker = new SkillQuestions(random);
    List<Fact> facts = scene.facts();
    List<Asked> asked = new ArrayList<>(List.of(first));
    while (asked.size() < questions) {
      double drawn = random.nextDouble();
      Asked next;
      if (drawn < .1) {
        next = asker.premise(facts);
      } else if (drawn < .15 && facts.size() > 1) {
        next = asker.ambiguous();
      } else if (drawn < .15) {
        next = SkillQuestions.colour(Kind.COLOUR.label(), SkillQuestions.OBJECT, facts.getFirst());
      } else {
        next = asker.old(facts);
      }
      asker.addNew(asked, next);
    }
    return new Exercise(List.of(scene.image()), asked);
  }

  private static List<Asked> colours(
      Skill skill, List<Fact> facts, SplittableRandom random, int questions) {
    List<Asked> asked = new ArrayList<>();
    int first = random.nextInt(facts.size());
    for (int i = 0; i < Math.min(questions, facts.size()); i++) {
      int item = (first + i) % facts.size();
      asked.add(
          SkillQuestions.counted(skill.label(), Asked.of(Asker.colour(facts, item).orElseThrow())));
    }
    return asked;
  }

  /// A thing cut out of a large picture, or of one of the usual size.
  private static Exercise crop(SplittableRandom random, int questions, boolean usual) {
    Scene scene = scene(usual || random.nextBoolean() ? SceneRecipe.FAR : SceneRecipe.FREE, random);
    List<Fact> facts = List.of(scene.facts().getFirst());
    SkillQuestions asker = new SkillQuestions(random);
    List<Asked> asked = new ArrayList<>(colours(Skill.CROP, facts, random, 1));
    while (asked.size() < questions) {
      asker.addNew(
          asked,
          switch (random.nextInt(5)) {
            case 0 -> asker.premise(facts);
            case 1 -> asker.old(Kind.EXISTS, facts);
            case 2 -> asker.old(Kind.WHICH, facts);
            case 3 ->
                SkillQuestions.colour(Skill.CROP.label(), SkillQuestions.OBJECT, facts.getFirst());
            default -> asker.old(Kind.COLOUR, facts);
          });
    }
    return new Exercise(List.of(cut(scene, 0)), asked);
  }

  private static RgbImage cut(Scene scene, int item) {
    Box box = scene.items().get(item).box();
    return new Operation.Crop(
            new Region.Box(box.left(), box.top(), box.right(), box.bottom()), MARGIN)
        .apply(scene.image());
  }
}
