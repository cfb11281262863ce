package dev.lynceus.verify;

import dev.lynceus.method.reader.MaskedWords;
import dev.lynceus.method.reader.SpanScores;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Passages;
import dev.lynceus.run.Piece;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Safetensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// Compares what a reader of a passage answers, or of a text with words taken out, with
/// `expected.json`.
record ReaderAnswers(LoadedModel model, Prompt prompt, Judge judge, JsonNode expected) {
  /// How probable each word of a text is, whose text is in the JSON file.
  static final String LIKELIHOOD = "pseudo_log_likelihood";

  /// Compares everything that is there.
  ///
  /// @param tensors the file beside it
  List<Check> checks(Optional<Path> tensors) {
    List<Check> checks = new ArrayList<>();
    if (expected.has("tokens")) {
      List<String> pieces =
          IntStream.of(prompt.ids()).mapToObj(id -> model.tokenizer().piece(id)).toList();
      List<String> theirs = expected.path("tokens").valueStream().map(JsonNode::asString).toList();
      checks.add(judge.texts("tokens", pieces, theirs));
    }
    ids(checks, "sequence_length", prompt.length());
    ids(checks, "pair_ids_by_tokenizer_json", prompt.ids());
    switch (model.model().decoder().config().answers()) {
      case SPANS -> spans(checks);
      case WORDS -> words(checks);
    }
    if (tensors.isPresent() && expected.has(LIKELIHOOD + "_text")) {
      likelihood(checks, tensors.get());
    }
    return checks;
  }

  private void spans(List<Check> checks) {
    SpanScores scores;
    try (Run run = model.run(prompt, Capture.of(Capture.request(Point.LOGITS)))) {
      scores = SpanScores.of(run.get(Point.LOGITS, 0));
    }
    ids(checks, "argmax_start", scores.start());
    ids(checks, "argmax_end", scores.end());
    int longest = expected.path("best_span_max_tokens").asInt(prompt.length());
    Piece best = scores.best(prompt.tokens(), 1, longest).getFirst().piece();
    ids(checks, "best_span_tokens", best.start(), best.end());
    if (expected.has("best_span_probability")) {
      double theirs = expected.path("best_span_probability").asDouble();
      checks.add(
          judge.tensor(
              "best_span_probability",
              vector(Math.exp(scores.logProbability(best))),
              vector(theirs)));
    }
    Passages.Window window =
        model.passages().windows(prompt.question(), prompt.text(), prompt.length(), 0).getFirst();
    text(checks, "best_span_text_from_passage", window.text(best));
    int[] ids = Arrays.copyOfRange(prompt.ids(), best.start(), best.end() + 1);
    text(checks, "best_span_decoded", model.tokenizer().decodeSkippingSpecial(ids));
  }

  private void words(List<Check> checks) {
    JsonNode top = expected.path("top5");
    if (!expected.has("mask_positions") && !top.isArray()) {
      return;
    }
    int most = top.path(0).isArray() ? Math.max(1, top.path(0).size()) : 1;
    List<MaskedWords.Place> places = MaskedWords.of(model, prompt, most);
    ids(checks, "mask_positions", places.stream().mapToInt(MaskedWords.Place::position).toArray());
    for (int i = 0; i < places.size() && top.path(i).isArray(); i++) {
      List<MaskedWords.Word> words = places.get(i).words();
      int[] ids = top.path(i).valueStream().mapToInt(one -> one.path("id").asInt()).toArray();
      checks.add(
          judge.ids(
              "top5.%d.id".formatted(i),
              words.stream().mapToInt(MaskedWords.Word::id).toArray(),
              ids,
              ids.length));
      checks.add(
          judge.tensor(
              "top5.%d.prob".formatted(i),
              vector(words.stream().mapToDouble(MaskedWords.Word::probability).toArray()),
              vector(
                  top.path(i)
                      .valueStream()
                      .mapToDouble(one -> one.path("prob").asDouble())
                      .toArray())));
    }
    int[] ids = prompt.ids().clone();
    places.forEach(place -> ids[place.position()] = place.words().getFirst().id());
    text(checks, "filled", model.tokenizer().decodeSkippingSpecial(ids));
  }

  private void likelihood(List<Check> checks, Path file) {
    Prompt text = model.passages().text(expected.path(LIKELIHOOD + "_text").asString(""));
    double[] ours =
        MaskedWords.likelihood(model, text).stream()
            .mapToDouble(MaskedWords.Said::logProbability)
            .toArray();
    try (Safetensors reference = Safetensors.open(file)) {
      if (reference.names().contains(LIKELIHOOD)) {
        checks.add(judge.tensor(LIKELIHOOD, vector(ours), reference.tensor(LIKELIHOOD)));
      }
    }
  }

  private void ids(List<Check> checks, String name, int... ours) {
    JsonNode theirs = expected.path(name);
    if (theirs.isMissingNode()) {
      return;
    }
    int[] reference =
        theirs.isArray()
            ? theirs.valueStream().mapToInt(JsonNode::asInt).toArray()
            : new int[] {theirs.asInt()};
    checks.add(judge.ids(name, ours, reference, reference.length));
  }

  private void text(List<Check> checks, String name, String ours) {
    if (expected.has(name)) {
      checks.add(judge.texts(name, List.of(ours), List.of(expected.path(name).asString(""))));
    }
  }

  private static Tensor vector(double... values) {
    return Tensor.of(values, values.length);
  }
}
