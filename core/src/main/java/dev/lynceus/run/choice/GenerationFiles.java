package dev.lynceus.run.choice;

import dev.lynceus.tensor.file.Checkpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// Reads generation settings with the precedence of the reference library (transformers 5):
/// `generation_config.json` alone where it is there, else the keys of that kind in `config.json`,
/// where its own go before those of its `text_config`.
public final class GenerationFiles {
  private static final String FILE = "generation_config.json";

  /// Parts of `config.json` whose keys stand in for those that it lacks itself; the first that is
  /// there.
  private static final List<String> PARTS = List.of("decoder", "generator", "text_config");

  private final Keys keys;
  private final Set<Integer> ends;
  private final int vocabulary;
  private final List<Rule> rules = new ArrayList<>();

  private GenerationFiles(Keys keys, int vocabulary) {
    this.keys = keys;
    this.vocabulary = vocabulary;
    this.ends = new TreeSet<>(keys.ids("eos_token_id"));
  }

  /// Reads the settings of a checkpoint.
  ///
  /// @param vocabulary ids that the model tells apart
  /// @throws dev.lynceus.error.LynceusException BAD_CHECKPOINT for a value that makes no sense
  public static GenerationSettings read(Checkpoint checkpoint, int vocabulary) {
    Keys keys = keys(checkpoint);
    return new GenerationFiles(keys, vocabulary).settings();
  }

  /// Reads the settings of a checkpoint whose decoder is a part that generates by itself (BLIP):
  /// those of `text_config` alone, and an end token that the model names.
  ///
  /// @param end id of the end token
  /// @throws dev.lynceus.error.LynceusException BAD_CHECKPOINT for a value that makes no sense
  public static GenerationSettings ofPart(Checkpoint checkpoint, int vocabulary, int end) {
    GenerationFiles files = new GenerationFiles(part(checkpoint), vocabulary);
    files.ends.clear();
    files.ends.add(end);
    return files.settings();
  }

  /// The end token alone, of such a checkpoint.
  public static GenerationSettings endOnly(Checkpoint checkpoint, int end) {
    return endsOnly(part(checkpoint), Set.of(end));
  }

  private static Keys part(Checkpoint checkpoint) {
    return new Keys("config.json", List.of(checkpoint.config().path("text_config")));
  }

  /// Reads the end tokens alone: the most probable token is always taken.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_CHECKPOINT if they are no whole numbers
  public static GenerationSettings endsOnly(Checkpoint checkpoint) {
    Keys keys = keys(checkpoint);
    return endsOnly(keys, Set.copyOf(keys.ids("eos_token_id")));
  }

  private static GenerationSettings endsOnly(Keys keys, Set<Integer> ends) {
    return new GenerationSettings(
        keys.source(),
        ends,
        List.of(),
        List.of(),
        GenerationSettings.Lengths.NONE,
        GenerationSettings.Drawing.NONE,
        List.of(),
        List.of());
  }

  private static Keys keys(Checkpoint checkpoint) {
    Optional<JsonNode> own = checkpoint.json(FILE);
    if (own.isPresent()) {
      return new Keys(FILE, List.of(own.get()));
    }
    JsonNode config = checkpoint.config();
    List<JsonNode> places = new ArrayList<>(List.of(config));
    PARTS.stream()
        .map(config::path)
        .filter(part -> part.isObject() && !part.isEmpty())
        .findFirst()
        .ifPresent(places::add);
    return new Keys("config.json", places);
  }

  private GenerationSettings settings() {
    rules();
    List<String> leftOut = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : keys.all()) {
      switch (KeyUse.of(entry.getKey())) {
        case APPLIED, WHEN_DRAWN, HARMLESS -> {}
        case LEFT_OUT -> {
          if (KeyUse.matters(entry.getKey(), entry.getValue())) {
            leftOut.add(entry.getKey() + " " + shortened(entry.getValue()));
          }
        }
        case UNKNOWN -> {
          if (keys.source().equals(FILE)) {
            unknown.add(entry.getKey());
          }
        }
      }
    }
    // The reference library passes over an end token that the model does not have.
    ends.stream()
        .filter(id -> id < 0 || id >= vocabulary)
        .forEach(id -> unknown.add("eos_token_id " + id + " (the model has no such token)"));
    if (ends.isEmpty()) {
      for (String key : List.of("min_length", "min_new_tokens")) {
        if (keys.whole(key).orElse(0) > 0) {
          leftOut.add(key + " " + keys.whole(key).getAsInt() + " (there is no end token)");
        }
      }
      if (keys.has("exponential_decay_length_penalty")) {
        leftOut.add("exponential_decay_length_penalty (there is no end token)");
      }
    }
    return new GenerationSettings(
        keys.source(),
        ends,
        rules,
        keys.texts("stop_strings"),
        new GenerationSettings.Lengths(keys.whole("max_new_tokens", 1), keys.whole("max_length")),
        drawing(keys),
        leftOut,
        unknown);
  }

  private static String shortened(JsonNode value) {
    String text = value.isString() ? value.asString() : value.toString();
    return text.length() <= 40 ? text : text.substring(0, 39) + "…";
  }

  /// The rules in the order of the reference library.
  private void rules() {
    keys.biases("sequence_bias", vocabulary).ifPresent(rules::add);
    penalty("encoder_repetition_penalty", RepetitionPenalty.Over.PROMPT);
    penalty("repetition_penalty", RepetitionPenalty.Over.SEQUENCE);
    runs("no_repeat_ngram_size", RunBan.Within.SEQUENCE);
    runs("encoder_no_repeat_ngram_size", RunBan.Within.PROMPT);
    keys.bans("bad_words_ids", vocabulary, ends).ifPresent(rules::add);
    // The length of the answer goes before that of the sequence.
    OptionalInt answer = keys.whole("min_new_tokens");
    if (answer.isPresent()) {
      earliest(EarliestEnd.Of.ANSWER, answer);
    } else {
      earliest(EarliestEnd.Of.SEQUENCE, keys.whole("min_length"));
    }
    List<Integer> second = keys.idsWithin("forced_bos_token_id", vocabulary);
    if (!second.isEmpty()) {
      rules.add(new ForcedToken(ForcedToken.When.SECOND, second));
    }
    List<Integer> last = keys.idsWithin("forced_eos_token_id", vocabulary);
    if (!last.isEmpty()) {
      rules.add(new ForcedToken(ForcedToken.When.LAST, last));
    }
    if (keys.flag("remove_invalid_values")) {
      rules.add(new FiniteScores());
    }
    if (!ends.isEmpty()) {
      keys.decay("exponential_decay_length_penalty", ends).ifPresent(rules::add);
    }
    List<Integer> never = keys.ids("suppress_tokens");
    if (!never.isEmpty()) {
      rules.add(new Suppression(Suppression.When.ALWAYS, never));
    }
    List<Integer> first = keys.ids("begin_suppress_tokens");
    if (!first.isEmpty()) {
      rules.add(
          new Suppression(
              second.isEmpty() ? Suppression.When.FIRST : Suppression.When.FIRST_UNFORCED, first));
    }
    forcedAndForbidden(never, "forced_bos_token_id", second);
    forcedAndForbidden(never, "forced_eos_token_id", last);
  }

  /// The reference library refuses this too: no token would be left.
  private void forcedAndForbidden(List<Integer> never, String key, List<Integer> forced) {
    if (!forced.isEmpty() && never.containsAll(forced)) {
      throw keys.bad(key, "a token that suppress_tokens lets pass");
    }
  }

  private void penalty(String key, RepetitionPenalty.Over over) {
    OptionalDouble penalty = keys.number(key);
    if (penalty.isPresent() && penalty.getAsDouble() != 1) {
      if (!(penalty.getAsDouble() > 0)) {
        throw keys.bad(key, "a number above zero");
      }
      rules.add(new RepetitionPenalty(over, penalty.getAsDouble()));
    }
  }

  private void runs(String key, RunBan.Within within) {
    int size = keys.whole(key).orElse(0);
    if (size > 0) {
      rules.add(new RunBan(within, size));
    }
  }

  private void earliest(EarliestEnd.Of of, OptionalInt length) {
    if (length.orElse(0) > 0 && !ends.isEmpty()) {
      rules.add(new EarliestEnd(of, length.getAsInt(), ends));
    }
  }

  static GenerationSettings.Drawing drawing(Keys keys) {
    List<Cut> cuts = new ArrayList<>();
    keys.share("top_h").ifPresent(share -> cuts.add(new Cut.TopH(share)));
    int most = keys.whole("top_k").orElse(0);
    if (most > 0) {
      cuts.add(new Cut.TopK(most));
    }
    keys.part("top_p").ifPresent(share -> cuts.add(new Cut.TopP(share)));
    keys.share("min_p").ifPresent(share -> cuts.add(new Cut.MinP(share)));
    keys.part("typical_p").ifPresent(mass -> cuts.add(new Cut.Typical(mass)));
    keys.part("epsilon_cutoff").ifPresent(least -> cuts.add(new Cut.Epsilon(least)));
    keys.part("eta_cutoff").ifPresent(epsilon -> cuts.add(new Cut.Eta(epsilon)));
    OptionalDouble temperature = keys.number("temperature");
    boolean usable = temperature.isPresent() && temperature.getAsDouble() > 0;
    return new GenerationSettings.Drawing(
        keys.flag("do_sample"), usable ? temperature : OptionalDouble.empty(), cuts);
  }
}
