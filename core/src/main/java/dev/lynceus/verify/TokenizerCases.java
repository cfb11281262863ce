package dev.lynceus.verify;

import dev.lynceus.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// Compares the tokenizer with `tokenizer_cases.json`: texts to ids, ids to texts. Where the file
/// tells apart what `tokenizer.json` says and what a class of transformers makes of it, the former
/// is the reference: it is what the checkpoint was published with.
record TokenizerCases(Tokenizer tokenizer, Judge judge, JsonNode file) {
  private static final String SUFFIX = "_by_tokenizer_json";
  private static final String UNKNOWN = "(ids that this tokenizer does not have)";

  List<Check> checks() {
    List<int[]> ours = new ArrayList<>();
    List<String> expectedIds = new ArrayList<>();
    List<String> decoded = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    List<String> expectedDecoded = new ArrayList<>();
    List<String> expectedSkipped = new ArrayList<>();
    for (JsonNode one : file.path("cases")) {
      int[] ids = tokenizer.encode(one.path("text").asString(""));
      int[] reference = value(one, "ids").valueStream().mapToInt(JsonNode::asInt).toArray();
      ours.add(ids);
      expectedIds.add(text(reference));
      // Decoded from the reference ids, so that one wrong id is one failure.
      boolean known = IntStream.of(reference).allMatch(tokenizer::hasPiece);
      decoded.add(known ? tokenizer.decode(reference) : UNKNOWN);
      skipped.add(known ? tokenizer.decodeSkippingSpecial(reference) : UNKNOWN);
      expectedDecoded.add(value(one, "decoded").asString(""));
      expectedSkipped.add(value(one, "decoded_skip_special").asString(""));
    }
    return List.of(
        judge.texts("ids", ours.stream().map(TokenizerCases::text).toList(), expectedIds),
        judge.texts("decoded", decoded, expectedDecoded),
        judge.texts("decoded_skip_special", skipped, expectedSkipped));
  }

  private static JsonNode value(JsonNode one, String name) {
    JsonNode own = one.path(name + SUFFIX);
    return own.isMissingNode() ? one.path(name) : own;
  }

  private static String text(int[] ids) {
    return String.join(" ", IntStream.of(ids).mapToObj(Integer::toString).toList());
  }
}
