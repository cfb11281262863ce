package dev.lynceus.lab.skill;

import dev.lynceus.image.RgbImage;
import dev.lynceus.pupil.world.Asker;
import dev.lynceus.pupil.world.Exercise;
import dev.lynceus.pupil.world.Exercise.Asked;
import dev.lynceus.pupil.world.Fact;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Question.Kind;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.Silhouette;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Questions about several pictures.
///
/// @param random what is chosen follows from it
/// @param scenes two or three
record SkillPictures(RandomGenerator random, List<Scene> scenes) {
  private static final String[] NUMBERS = {"zero", "one", "two", "three", "four", "five", "six"};

  /// Which of them has a thing.
  ///
  /// @param questions how many
  Exercise which(int questions) {
    SkillQuestions asker = new SkillQuestions(random);
    List<Asked> asked = new ArrayList<>();
    while (asked.size() < questions) {
      int number = random.nextInt(scenes.size());
      List<Fact> facts = scenes.get(number).facts();
      String noun = facts.get(random.nextInt(facts.size())).noun();
      if (having(noun) == 1) {
        String ordinal = SkillQuestions.ordinal(number);
        asker.addNew(
            asked,
            Asked.of(
                Skill.WHICH_PICTURE.label(),
                "Which picture has the " + noun + "?",
                "The ",
                ordinal,
                " picture."));
      } else if (questions > 1 || noneAlone()) {
        asker.addNew(asked, within(number));
      }
    }
    return new Exercise(pictures(), asked);
  }

  private boolean noneAlone() {
    return Silhouette.names().stream().noneMatch(noun -> having(noun) == 1);
  }

  private long having(String noun) {
    return scenes.stream()
        .filter(scene -> scene.facts().stream().anyMatch(fact -> fact.noun().equals(noun)))
        .count();
  }

  /// What is in one of them.
  ///
  /// @param questions how many
  Exercise in(int questions) {
    SkillQuestions asker = new SkillQuestions(random);
    List<Asked> asked = new ArrayList<>();
    while (asked.size() < questions) {
      asker.addNew(asked, within(random.nextInt(scenes.size())));
    }
    return new Exercise(pictures(), asked);
  }

  private List<RgbImage> pictures() {
    return scenes.stream().map(Scene::image).toList();
  }

  private Asked within(int number) {
    List<Fact> facts = scenes.get(number).facts();
    String label = Skill.IN_PICTURE.label();
    String where = " in the " + SkillQuestions.ordinal(number) + " picture?";
    Fact fact = facts.get(random.nextInt(facts.size()));
    return switch (random.nextInt(6)) {
      case 0 -> {
        // A thing of another picture, where there is one: what is there must not be borrowed.
        List<String> elsewhere =
            scenes.stream()
                .flatMap(scene -> scene.facts().stream())
                .map(Fact::noun)
                .filter(noun -> facts.stream().noneMatch(one -> one.noun().equals(noun)))
                .toList();
        String noun =
            elsewhere.isEmpty()
                ? new SkillQuestions(random).absent(facts)
                : elsewhere.get(random.nextInt(elsewhere.size()));
        yield SkillQuestions.none(label, "What is the color of the " + noun + where, noun);
      }
      case 1 ->
          Asked.of(
              label,
              "How many objects are" + where,
              facts.size() == 1 ? "There is " : "There are ",
              NUMBERS[facts.size()],
              facts.size() == 1 ? " object." : " objects.");
      case 2 -> {
        Question all =
            new Asker(Silhouette.names(), random).ask(Kind.DESCRIBE, facts).orElseThrow();
        yield new Asked(
            label,
            "Describe the " + SkillQuestions.ordinal(number) + " picture.",
            all.answer(),
            all.start(),
            all.end());
      }
      default ->
          SkillQuestions.named(label, "What is the color of the " + fact.noun() + where, fact);
    };
  }
}
