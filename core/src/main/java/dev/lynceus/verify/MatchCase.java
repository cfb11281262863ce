package dev.lynceus.verify;

import dev.lynceus.method.match.MatchScores;
import dev.lynceus.run.LoadedMatcher;
import dev.lynceus.run.MatchText;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Sight;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// The pictures and texts of a reference for matching, and the scores of all their pairs.
record MatchCase(
    LoadedMatcher model, List<Sight> pictures, List<MatchText> texts, MatchScores scores)
    implements AutoCloseable {

  /// Reads what an `expected.json` names.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_REQUEST without texts or pictures
  static MatchCase of(LoadedMatcher model, ReferenceFolder folder, Path file, JsonNode expected) {
    List<String> names = ReferenceFolder.names(expected.path("image"));
    List<String> given = Answers.strings(expected.path("texts"));
    if (names.isEmpty() || given.isEmpty()) {
      throw ReferenceFolder.bad(file + " has no \"texts\", or no \"image\"");
    }
    List<MatchText> texts = given.stream().map(model::words).toList();
    List<Sight> sights = new ArrayList<>();
    try {
      for (String name : names) {
        sights.add(model.look(model.picture(name, folder.read(name, file))));
      }
      return new MatchCase(
          model, sights, texts, MatchScores.of(model, sights, texts, Progress.NONE));
    } catch (RuntimeException failure) {
      sights.forEach(Sight::close);
      throw failure;
    }
  }

  /// What the JSON file says of it.
  List<Check> told(Judge judge, JsonNode expected) {
    List<Check> checks = new ArrayList<>();
    if (expected.has("tokens")) {
      checks.add(
          judge.texts(
              "tokens",
              texts.stream().map(this::pieces).toList(),
              expected
                  .path("tokens")
                  .valueStream()
                  .map(one -> String.join(" ", Answers.strings(one)))
                  .toList()));
    }
    table(checks, judge, expected, "match_probabilities", MatchScores.Pair::match);
    table(checks, judge, expected, "itc", MatchScores.Pair::cosine);
    return checks;
  }

  private String pieces(MatchText words) {
    return String.join(
        " ",
        IntStream.of(words.tokens().ids()).mapToObj(id -> model.tokenizer().piece(id)).toList());
  }

  private void table(
      List<Check> checks,
      Judge judge,
      JsonNode expected,
      String name,
      ToDoubleFunction<MatchScores.Pair> value) {
    if (!expected.has(name)) {
      return;
    }
    double[] theirs =
        expected
            .path(name)
            .valueStream()
            .flatMapToDouble(row -> row.valueStream().mapToDouble(one -> one.asDouble(Double.NaN)))
            .toArray();
    double[] ours = scores.pairs().stream().mapToDouble(value).toArray();
    checks.add(MatchStages.numbers(judge, name, ours, theirs));
  }

  /// Scores of “does not match” and “matches” of all pairs.
  double[] logits() {
    return scores.pairs().stream().flatMapToDouble(pair -> Arrays.stream(pair.logits())).toArray();
  }

  @Override
  public void close() {
    pictures.forEach(Sight::close);
  }
}
