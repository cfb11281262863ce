package dev.lynceus.run.choice;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/// What a checkpoint says about generating: where answers end, and how tokens are chosen. Read by
/// [GenerationFiles] as the reference library reads it.
///
/// @param source the file that it comes from; empty where no file says anything
/// @param ends end tokens; none: an answer runs on to its limit
/// @param rules what is done to the scores before a token is chosen, in order
/// @param stop texts after which an answer ends; they are part of it
/// @param limits how long an answer becomes where nobody asks for a length
/// @param drawing how tokens are drawn, where somebody asks for that
/// @param leftOut settings with an effect that is not reproduced here, as people read them
/// @param unknown keys that nothing is known of
public record GenerationSettings(
    String source,
    Set<Integer> ends,
    List<Rule> rules,
    List<String> stop,
    Lengths limits,
    Drawing drawing,
    List<String> leftOut,
    List<String> unknown) {

  /// Characters of a text of the file that a note tells.
  private static final int SHOWN = 40;

  /// How long an answer may become.
  ///
  /// @param newTokens `max_new_tokens`
  /// @param whole `max_length`, which counts the prompt too
  public record Lengths(OptionalInt newTokens, OptionalInt whole) {
    static final Lengths NONE = new Lengths(OptionalInt.empty(), OptionalInt.empty());
  }

  /// How tokens are drawn.
  ///
  /// @param byDefault whether the checkpoint draws unasked (`do_sample`)
  /// @param temperature sharpness; empty = 1
  /// @param cuts in the order of the reference library
  public record Drawing(boolean byDefault, OptionalDouble temperature, List<Cut> cuts) {
    static final Drawing NONE = new Drawing(false, OptionalDouble.empty(), List.of());

    public Drawing {
      cuts = List.copyOf(cuts);
    }

    /// What it says, as people read it; empty where it says nothing.
    List<String> told() {
      return Stream.concat(
              temperature.stream().mapToObj(t -> "temperature " + t), cuts.stream().map(Cut::told))
          .toList();
    }
  }

  public GenerationSettings {
    ends = Set.copyOf(ends);
    rules = List.copyOf(rules);
    stop = List.copyOf(stop);
    leftOut = List.copyOf(leftOut);
    unknown = List.copyOf(unknown);
  }

  /// The scores from which the next token is chosen.
  ///
  /// @param logits of the model, which stay as they are
  public float[] scores(float[] logits, Rule.Moment at) {
    if (rules.isEmpty()) {
      return logits;
    }
    float[] scores = logits.clone();
    rules.forEach(rule -> rule.apply(scores, at));
    return scores;
  }

  /// Logits without anything that is no number, where the checkpoint asks for that.
  public float[] finite(float[] logits) {
    if (rules.stream().noneMatch(FiniteScores.class::isInstance)) {
      return logits;
    }
    float[] finite = logits.clone();
    FiniteScores.clean(finite);
    return finite;
  }

  /// Most tokens of an answer that nobody gave a length to: `max_new_tokens`, else what
  /// `max_length` leaves beside the prompt where it leaves anything and that is less than usual.
  public int limit(int usual, int prompt) {
    if (limits.newTokens().isPresent()) {
      return limits.newTokens().getAsInt();
    }
    int left = limits.whole().orElse(0) - prompt;
    return left > 0 ? Math.min(usual, left) : usual;
  }

  /// The settings that decide about greedy answers, as people read them.
  public List<String> applied() {
    List<String> applied = new ArrayList<>(rules.stream().map(Rule::told).toList());
    if (!stop.isEmpty()) {
      applied.add("stop_strings " + stop.stream().map(GenerationSettings::shortened).toList());
    }
    return applied;
  }

  private static String shortened(String text) {
    return text.codePointCount(0, text.length()) <= SHOWN
        ? text
        : text.substring(0, text.offsetByCodePoints(0, SHOWN)) + "…";
  }

  /// What a reader of an answer should know, one sentence each; empty where the most probable token
  /// is taken and the checkpoint asks for nothing else.
  ///
  /// @param drawn whether tokens are drawn
  public List<String> notes(boolean drawn) {
    List<String> notes = new ArrayList<>();
    if (!applied().isEmpty()) {
      notes.add(source + " decides with: " + String.join(", ", applied()));
    }
    if (drawing.byDefault() && !drawn) {
      List<String> how = drawing.told();
      notes.add(
          source
              + " draws lots"
              + (how.isEmpty() ? "" : " (" + String.join(", ", how) + ")")
              + "; here the most probable token is taken");
    }
    if (!leftOut.isEmpty()) {
      notes.add(source + ", left out: " + String.join(", ", leftOut));
    }
    if (!unknown.isEmpty()) {
      notes.add(source + ", not known and ignored: " + String.join(", ", unknown));
    }
    if (ends.isEmpty()) {
      notes.add(
          "no end token in generation_config.json or config.json: answers run on to their limit");
    }
    return notes;
  }
}
