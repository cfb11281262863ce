package dev.lynceus.lab.skill;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.method.score.Share;
import dev.lynceus.model.Picture;
import dev.lynceus.pupil.world.Exercise;
import dev.lynceus.pupil.world.Exercise.Asked;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.tap.Capture;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Gives a model exercises of every skill, which it never saw, and marks its greedy answers.
///
/// @param model that is asked
/// @param seed of the exercises; training draws a new one for every step
/// @param progress told of every exercise
public record SkillAccuracy(LoadedModel model, long seed, Progress progress) {
  private static final int TOKENS = 64;

  private static final List<String> NUMBERS =
      List.of("zero", "one", "two", "three", "four", "five", "six");

  /// A marked answer.
  private record Marked(String key, int things, boolean exact, boolean right) {}

  /// Measures some skills.
  ///
  /// @param scenes exercises of each
  /// @throws LynceusException BAD_REQUEST for fewer than one; CANCELLED
  public SkillReport measure(List<Skill> skills, int scenes) {
    if (scenes < 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, scenes + " exercises of each skill", "Use at least one.");
    }
    SkillWorld world = new SkillWorld();
    List<SkillReport.Row> rows = new ArrayList<>();
    long all = (long) skills.size() * scenes;
    for (Skill skill : skills) {
      // Every skill has a sequence of its own, so that one can be measured alone.
      World sequence = new World(seed + 1000L * (skill.ordinal() + 1), SceneRecipe.FREE);
      List<Marked> marked = new ArrayList<>();
      for (int number = 0; number < scenes; number++) {
        if (progress.cancelled()) {
          throw new LynceusException(
              ErrorCode.CANCELLED, "stopped at " + skill.label(), "Ask for fewer scenes.");
        }
        progress.at(skill.label(), (long) skills.indexOf(skill) * scenes + number, all);
        SplittableRandom random = sequence.random(number);
        marked.add(mark(skill, world.exam(skill, random)));
      }
      rows.addAll(rows(skill, marked));
    }
    return new SkillReport(model.name(), seed, scenes, rows);
  }

  private Marked mark(Skill skill, Exercise exercise) {
    Asked asked = exercise.questions().getFirst();
    String said = answer(exercise.pictures(), asked.text());
    boolean exact = said.equals(asked.answer());
    return switch (skill) {
      case DESCRIBE -> {
        Listing wanted = Listing.of(asked.answer());
        yield new Marked(
            asked.key(), wanted.things().size(), exact, wanted.sameAs(Listing.of(said)));
      }
      case COUNT -> new Marked(asked.key(), NUMBERS.indexOf(asked.key()), exact, exact);
      case PREMISE,
          ASK_BACK,
          BOX,
          RING,
          ARROW,
          NUMBER,
          REFER,
          FAR,
          CROP,
          ZOOM,
          WHICH_PICTURE,
          IN_PICTURE ->
          new Marked(
              asked.key(),
              0,
              exact,
              exact
                  || asked.listed()
                      && Listing.of(asked.answer()).sameAs(Listing.of(said))
                      && !Listing.of(said).things().isEmpty());
    };
  }

  /// The greedy answer.
  String answer(List<RgbImage> images, String question) {
    List<Picture> pictures = new ArrayList<>();
    for (RgbImage image : images) {
      pictures.add(model.picture("picture " + (pictures.size() + 1), image));
    }
    try (Generation generation =
        model.generate(
            model.prompt(question, pictures, ""), GenerationOptions.greedy(TOKENS), Capture.NONE)) {
      return generation.answer().text().strip();
    }
  }

  private static List<SkillReport.Row> rows(Skill skill, List<Marked> marked) {
    Map<Integer, List<Marked>> groups = new TreeMap<>();
    groups.put(0, marked);
    for (Marked one : marked) {
      if (one.things > 0) {
        groups.computeIfAbsent(one.things, n -> new ArrayList<>()).add(one);
      }
    }
    Map<String, Integer> counts = new LinkedHashMap<>();
    marked.forEach(one -> counts.merge(one.key, 1, Integer::sum));
    int most = counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    List<SkillReport.Row> rows = new ArrayList<>();
    groups.forEach((things, some) ->
        rows.add(
            new SkillReport.Row(
                skill.label(),
                skill.what(),
                things,
                Share.of((int) some.stream().filter(Marked::exact).count(), some.size()),
                Share.of((int) some.stream().filter(Marked::right).count(), some.size()),
                most / (double) marked.size())));
    return rows;
  }
}
