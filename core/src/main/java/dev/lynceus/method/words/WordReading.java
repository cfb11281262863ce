package dev.lynceus.method.words;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.PatchViews;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.TokenMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

/// Words of all patches of a prompt's pictures, by several views.
///
/// @param pictures one for each view that the model had of a picture
/// @param left what was left out because the model does not have it, and why
public record WordReading(List<Seen> pictures, List<String> left) {
  public WordReading {
    pictures = List.copyOf(pictures);
    left = List.copyOf(left);
  }

  /// What becomes of a view that the model does not have.
  public enum Absent {
    /// It is refused.
    REFUSED,
    /// It is left out, and that is told.
    LEFT_OUT
  }

  /// What is read.
  ///
  /// @param views in order
  /// @param listed words of each patch
  /// @param search a token whose score each patch is asked for
  /// @param surprise the words that the decoder's expectation is compared with; empty for none
  /// @param absent what becomes of a view that the model does not have
  public record Plan(
      List<WordView> views,
      int listed,
      OptionalInt search,
      Optional<WordView.Distribution> surprise,
      Absent absent) {
    public Plan {
      views = List.copyOf(views);
    }
  }

  /// One view of a picture.
  ///
  /// @param name which picture, and which part of it
  /// @param rows rows of patches
  /// @param columns columns of patches
  /// @param reads one for each way to read
  /// @param surprise for each patch how far its words are from what the decoder expected there,
  ///   nats; empty where nothing expects them
  public record Seen(String name, int rows, int columns, List<Read> reads, List<Double> surprise) {
    public Seen {
      reads = List.copyOf(reads);
      surprise = List.copyOf(surprise);
    }
  }

  /// One way to read.
  ///
  /// @param view its name, with its depth
  /// @param scores whether scores are probabilities or cosines
  /// @param words best first, for each patch, row by row
  /// @param entropy of each patch's words, nats; empty where scores are no distribution
  /// @param found score of the word that was searched for; empty without one
  public record Read(
      String view,
      WordView.Scores scores,
      List<List<Found>> words,
      List<Double> entropy,
      List<Double> found) {
    public Read {
      words = words.stream().map(List::copyOf).toList();
      entropy = List.copyOf(entropy);
      found = List.copyOf(found);
    }
  }

  /// Reads a prompt.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_REQUEST without a picture; UNSUPPORTED_MODEL
  ///   where pictures do not stand among words, or for a view that the model does not have
  public static WordReading of(LoadedModel model, Prompt prompt, Plan plan) {
    PatchViews.requireAmongWords(model.model(), "words to be read from");
    List<TokenMap.View> views = PatchViews.of(model, prompt, "to read words from");
    List<Seen> pictures = new ArrayList<>();
    Set<String> left = new LinkedHashSet<>();
    try (Run run = model.run(prompt, PatchStates.capture(model.model().decoder().config()))) {
      for (TokenMap.View view : views) {
        PatchStates states = new PatchStates(run, view.positions());
        List<Read> reads = new ArrayList<>();
        for (WordView one : plan.views()) {
          had(plan, left, one.name(), () -> read(one, states, plan)).ifPresent(reads::add);
        }
        List<Double> surprise =
            plan.surprise()
                .flatMap(
                    words -> had(plan, left, "surprise", () -> boxed(Surprise.map(states, words))))
                .orElse(List.of());
        pictures.add(
            new Seen(view.label(), view.tile().rows(), view.tile().columns(), reads, surprise));
      }
    }
    return new WordReading(pictures, List.copyOf(left));
  }

  /// What is read; empty where the model does not have it and that may be.
  private static <T> Optional<T> had(
      Plan plan, Set<String> left, String name, Supplier<T> reading) {
    try {
      return Optional.of(reading.get());
    } catch (LynceusException refused) {
      if (plan.absent() == Absent.REFUSED || refused.code() != ErrorCode.UNSUPPORTED_MODEL) {
        throw refused;
      }
      left.add(name + ": " + refused.getMessage());
      return Optional.empty();
    }
  }

  private static Read read(WordView view, PatchStates states, Plan plan) {
    return new Read(
        view.name(),
        view.scores(),
        view.words(states, plan.listed()),
        view instanceof WordView.Distribution whole ? boxed(whole.entropy(states)) : List.of(),
        plan.search().isPresent()
            ? boxed(view.search(states, plan.search().getAsInt())[0])
            : List.of());
  }

  private static List<Double> boxed(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
