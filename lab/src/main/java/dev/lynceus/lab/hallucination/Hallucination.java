package dev.lynceus.lab.hallucination;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.hallucination.PresenceScores.Answered;
import dev.lynceus.method.evidence.AskBack;
import dev.lynceus.model.Picture;
import dev.lynceus.pupil.BundledThresholds;
import dev.lynceus.pupil.world.Colour;
import dev.lynceus.pupil.world.Item;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.Silhouette;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.tap.Capture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Measures how often a model speaks of what is not there: on scenes of the world, of which all is
/// known, and on questions of a file.
///
/// @param model that is asked
/// @param progress told of every question
public record Hallucination(LoadedModel model, Progress progress) {
  private static final int TOKENS = 64;

  /// On scenes of the world.
  ///
  /// @param scenes how many
  /// @param judged scenes about which answers are judged word by word, which takes longer; 0 for
  ///   none
  /// @throws LynceusException CANCELLED
  public HallucinationReport ofWorld(long seed, int scenes, int judged) {
    World world = new World(seed, SceneRecipe.FREE);
    List<Scene> all = new ArrayList<>();
    for (int number = 0; number < scenes; number++) {
      all.add(world.scene(number));
    }
    List<PresenceScores> presence = presence(new PopeWorld(all, seed).questions());
    List<Chair.Description> described = new ArrayList<>();
    for (Scene scene : all) {
      step("descriptions", described.size(), all.size());
      Map<String, String> there =
          scene.items().stream()
              .collect(Collectors.toMap(Item::noun, item -> item.colour().word()));
      described.add(new Chair.Description(answer(scene.image(), "Describe the image."), there));
    }
    Set<String> colours =
        Arrays.stream(Colour.values()).map(Colour::word).collect(Collectors.toSet());
    return new HallucinationReport(
        model.name(),
        "world",
        seed,
        scenes,
        presence,
        Chair.of(described, Set.copyOf(Silhouette.names()), colours),
        judged == 0
            ? List.of()
            : new JudgedWords(model, progress).of(world, Math.min(judged, scenes)),
        calibrated());
  }

  /// On questions of a file.
  ///
  /// @param data what it is called
  /// @throws LynceusException BAD_IMAGE; CANCELLED
  public HallucinationReport ofQuestions(String data, List<PresenceQuestion> questions) {
    return new HallucinationReport(
        model.name(),
        data,
        0,
        (int) questions.stream().map(PresenceQuestion::name).distinct().count(),
        presence(questions),
        null,
        List.of(),
        calibrated());
  }

  private boolean calibrated() {
    return BundledThresholds.of(model.checkpoint().version()).isPresent();
  }

  private List<PresenceScores> presence(List<PresenceQuestion> questions) {
    AskBack asking = new AskBack(model);
    Map<String, List<Answered>> settings = new LinkedHashMap<>();
    int done = 0;
    for (PresenceQuestion question : questions) {
      step(question.setting(), done++, questions.size());
      Picture picture = model.picture(question.name(), question.picture().get());
      double odds = asking.yes(question.question(), List.of(picture));
      settings
          .computeIfAbsent(question.setting(), key -> new ArrayList<>())
          .add(new Answered(question.there(), 1 / (1 + Math.exp(-odds))));
    }
    return settings.entrySet().stream()
        .map(entry -> PresenceScores.of(entry.getKey(), entry.getValue()))
        .toList();
  }

  private void step(String what, long done, long all) {
    if (progress.cancelled()) {
      throw new LynceusException(
          ErrorCode.CANCELLED, "stopped at " + what, "Ask for fewer pictures.");
    }
    progress.at(what, done, all);
  }

  private String answer(RgbImage image, String question) {
    try (Generation generation =
        model.generate(
            model.prompt(question, model.picture("scene", image)),
            GenerationOptions.greedy(TOKENS),
            Capture.NONE)) {
      return generation.answer().text().strip();
    }
  }
}
