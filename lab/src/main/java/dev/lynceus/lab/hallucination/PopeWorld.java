package dev.lynceus.lab.hallucination;

import dev.lynceus.pupil.world.Item;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.Silhouette;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToIntFunction;

/// Questions of POPE about scenes of the world: in every setting up to three things that are there
/// and as many that are not.
///
/// @param scenes that are asked about, and whose frequencies decide what is popular and what stands
///   together
/// @param seed of what is left to chance
public record PopeWorld(List<Scene> scenes, long seed) {
  private static final int MOST = 3;

  /// How absent things are chosen.
  public enum Setting {
    /// Any thing that is not there.
    RANDOM,
    /// Those that are in most pictures.
    POPULAR,
    /// Those that are most often in pictures with the things that are there.
    ADVERSARIAL;

    /// The name in results.
    public String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  public PopeWorld {
    scenes = List.copyOf(scenes);
  }

  /// All questions, setting after setting.
  public List<PresenceQuestion> questions() {
    List<PresenceQuestion> questions = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      for (int number = 0; number < scenes.size(); number++) {
        Scene scene = scenes.get(number);
        Random random = new Random(seed * 1_000_003 + number);
        List<String> there = new ArrayList<>(scene.items().stream().map(Item::noun).toList());
        Collections.shuffle(there, random);
        int count = Math.min(MOST, there.size());
        List<String> absent = absent(setting, there, random).subList(0, count);
        there
            .subList(0, count)
            .forEach(noun -> questions.add(question(setting, scene, noun, true)));
        absent.forEach(noun -> questions.add(question(setting, scene, noun, false)));
      }
    }
    return questions;
  }

  private PresenceQuestion question(Setting setting, Scene scene, String noun, boolean there) {
    String article = "aeiou".indexOf(noun.charAt(0)) >= 0 ? "an " : "a ";
    return new PresenceQuestion(
        setting.label(),
        "scene " + scenes.indexOf(scene),
        scene::image,
        "Is there " + article + noun + "?",
        there);
  }

  /// Things that are not there, the wanted ones first.
  List<String> absent(Setting setting, List<String> there, Random random) {
    List<String> absent = new ArrayList<>(Silhouette.names());
    absent.removeAll(there);
    // Equals stand in an order of chance.
    Collections.shuffle(absent, random);
    switch (setting) {
      case RANDOM -> {
        // As they were shuffled.
      }
      case POPULAR -> sort(absent, noun -> together(noun, List.of()));
      case ADVERSARIAL -> sort(absent, noun -> together(noun, there));
    }
    return absent;
  }

  private static void sort(List<String> nouns, ToIntFunction<String> often) {
    Map<String, Integer> counts = new HashMap<>();
    nouns.forEach(noun -> counts.put(noun, often.applyAsInt(noun)));
    nouns.sort(Comparator.comparingInt((String noun) -> -counts.getOrDefault(noun, 0)));
  }

  /// How often a thing stands beside each of some others, summed over them; in how many scenes it
  /// is, where there are none.
  private int together(String noun, List<String> others) {
    int count = 0;
    for (Scene scene : scenes) {
      List<String> nouns = scene.items().stream().map(Item::noun).toList();
      if (nouns.contains(noun)) {
        count += others.isEmpty() ? 1 : (int) others.stream().filter(nouns::contains).count();
      }
    }
    return count;
  }
}
