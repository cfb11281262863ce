package dev.lynceus.method.map;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Explanation;
import dev.lynceus.method.Explanation.WordExplanation;
import dev.lynceus.method.PatchViews;
import dev.lynceus.method.Target;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.TokenMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/// Maps by any [PatchMethod] for the words of an explanation, before its own maps.
///
/// Each word is run once for each method, with what the method asks for. Of a word of several
/// tokens the first is mapped, at the row that predicts it. Maps that the explanation has already
/// are not made again.
///
/// @param methods whose maps are added, in this order
/// @param seed of what methods leave to chance
public record ExtraMaps(List<PatchMethod> methods, long seed) {

  public ExtraMaps {
    methods = List.copyOf(methods);
  }

  /// The explanation with the maps.
  ///
  /// @param prompt that was explained, without the answer
  /// @throws LynceusException BAD_REQUEST if the explanation is of a contrast of two words, or
  ///   there is no picture
  public Explanation added(
      Explanation explanation, LoadedModel model, Prompt prompt, Progress progress) {
    if (methods.isEmpty()) {
      return explanation;
    }
    if (!prompt.pictures().isEmpty()) {
      PatchViews.of(model, prompt, "to map");
    }
    if (explanation.images().isEmpty()) {
      throw refused("there is no picture to map", "Ask about a picture, or leave out --method.");
    }
    int[] ids =
        explanation.answer().tokens().stream().mapToInt(Explanation.AnswerToken::id).toArray();
    List<WordExplanation> words = new ArrayList<>();
    for (WordExplanation word : explanation.words()) {
      if (word.target().kind().equals("contrast")) {
        throw refused(
            "maps of other methods explain one word, not a contrast of two",
            "Leave out --against or --method.");
      }
      Prompt until = prompt.withAnswer(Arrays.copyOf(ids, word.row() - (prompt.length() - 1)));
      List<Explanation.PatchMap> maps = new ArrayList<>();
      for (PatchMethod method : methods) {
        progress.at(method.name(), (long) words.size(), explanation.words().size());
        if (word.maps().stream().noneMatch(map -> map.id().equals(method.name()))) {
          maps.addAll(maps(model, until, word, method));
        }
      }
      maps.addAll(word.maps());
      words.add(word.withMaps(maps));
    }
    return explanation.withWords(words);
  }

  private List<Explanation.PatchMap> maps(
      LoadedModel model, Prompt prompt, WordExplanation word, PatchMethod method) {
    int row = prompt.length() - 1;
    Target target = Target.token(word.target().text(), row, word.target().ids()[0]);
    List<Explanation.PatchMap> maps = new ArrayList<>();
    try (Run run = model.run(prompt, method.capture(model, prompt))) {
      List<TokenMap.View> views = PatchViews.of(run, "to map");
      for (int image = 0; image < views.size(); image++) {
        PatchMap found = method.map(run, target, views.get(image), new SplittableRandom(seed));
        double[] values = found.values();
        maps.add(
            new Explanation.PatchMap(
                method.name(),
                method.title(),
                titled(method.what()) + ". " + method.source() + ".",
                method.title(),
                Arrays.stream(values).anyMatch(value -> value < 0),
                image,
                values,
                found.gap().isPresent() ? found.gap().getAsDouble() : null,
                found.points().isPresent() ? found.points().getAsInt() : null,
                null));
      }
    }
    return maps;
  }

  private static String titled(String name) {
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  private static LynceusException refused(String what, String next) {
    return new LynceusException(ErrorCode.BAD_REQUEST, what, next);
  }
}
