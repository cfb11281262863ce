package dev.lynceus.lab.measure;

import dev.lynceus.lab.measure.TraceReport.Where;
import dev.lynceus.method.causal.ActivationPatching;
import dev.lynceus.method.causal.Component;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.pupil.world.Asker;
import dev.lynceus.pupil.world.Item;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.TokenMap;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// Questions that are traced: the clean run, the same question about the picture with two colours
/// exchanged, and the question for another thing.
///
/// @param world where the scenes are from
record TraceCases(LoadedModel model, World world) {
  /// Number of the thing that is asked for, and of the one that it is compared with.
  private static final int ASKED = 0;

  private static final int OTHER = 1;

  /// Which states are restored.
  static List<ActivationPatching> patchings() {
    List<ActivationPatching> all = new ArrayList<>();
    for (Component site : List.of(Component.LAYER, Component.CROSS_ATTENTION)) {
      ActivationPatching patching = new ActivationPatching(site, "all", 1);
      all.add(patching.in(Stack.ENCODER));
      all.add(patching);
    }
    return all;
  }

  /// What every run keeps.
  static Capture capture(LoadedModel model) {
    Capture all = Capture.of(Capture.request(Point.of(Stack.ENCODER, Site.CROSS_PATTERN)));
    for (ActivationPatching one : patchings()) {
      all = all.and(one.capture(model));
    }
    return all.and(Sweep.read(model.model()));
  }

  /// One of them.
  Case of(int number) {
    List<Scene> pair = world.swapped(number);
    Scene scene = pair.getFirst();
    Prompt prompt = prompt(scene, ASKED);
    Run clean = model.run(prompt, capture(model));
    Run swapped = model.run(prompt(pair.getLast(), ASKED), capture(model));
    Run otherAsked = model.run(prompt(scene, OTHER), capture(model));
    return new Case(
        model,
        clean,
        swapped,
        otherAsked,
        scene.items().get(ASKED),
        scene.items().get(OTHER),
        scene,
        id(scene.items().get(ASKED).colour().word()),
        id(scene.items().get(OTHER).colour().word()));
  }

  private Prompt prompt(Scene scene, int thing) {
    String question = Asker.colour(scene.facts(), thing).orElseThrow().text();
    return model.prompt(question, model.picture("scene", scene.image()));
  }

  private int id(String word) {
    return ShortAnswers.ids(model, word)[0];
  }

  /// A question.
  ///
  /// @param clean the question about the asked thing
  /// @param swapped the same, about the picture with the colours of both things exchanged
  /// @param otherAsked the question about the other thing
  /// @param colour id of the asked thing's colour
  /// @param otherColour id of the other's
  record Case(
      LoadedModel model,
      Run clean,
      Run swapped,
      Run otherAsked,
      Item asked,
      Item other,
      Scene scene,
      int colour,
      int otherColour)
      implements AutoCloseable {

    /// Whether the clean run says the right colour.
    boolean isRight() {
      return best(clean) == colour;
    }

    /// What a run says first.
    static int best(Run run) {
      return run.logits().reshape(-1).argmax(-1).toInts()[0];
    }

    Readout readout() {
      return Readout.of(clean, OptionalInt.of(colour), OptionalInt.empty());
    }

    /// How the patches lie on the picture.
    TokenMap.Tile tile() {
      VisionLanguageModel eyes = (VisionLanguageModel) model.model();
      return eyes.grid(clean.batch().prompts().getFirst().pictures().getFirst()).tiles().getFirst();
    }

    /// What each position of the question is.
    List<Where> positions() {
      TokenMap words = clean.batch().prompts().getFirst().beside();
      int word = word();
      List<Where> all = new ArrayList<>();
      for (int p = 0; p < words.length(); p++) {
        all.add(
            p == word
                ? Where.WORD
                : p == 0 ? Where.START : p == words.length() - 1 ? Where.END : Where.OTHER);
      }
      return all;
    }

    /// The position of the thing's word.
    int word() {
      int id = ShortAnswers.ids(model, asked.noun())[0];
      int[] ids = clean.batch().prompts().getFirst().beside().ids();
      int at = ids.length - 1;
      while (ids[at] != id) {
        at--;
      }
      return at;
    }

    @Override
    public void close() {
      clean.close();
      swapped.close();
      otherAsked.close();
    }
  }
}
