package dev.lynceus.lab.train;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.file.AtomicFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Questions to learn from and questions to be asked, which have no article in common: passages of
/// one article tell of the same things.
///
/// @param articles that are held out
public record ArticleSplit(
    List<PassageQuestion> learnt, List<PassageQuestion> heldOut, List<String> articles) {
  private static final String FORMAT = "1.1";

  public ArticleSplit {
    learnt = List.copyOf(learnt);
    heldOut = List.copyOf(heldOut);
    articles = List.copyOf(articles);
  }

  /// Splits questions.
  ///
  /// @param count articles that are held out; 0 = a fifth of them
  /// @param seed of the draw
  /// @throws LynceusException BAD_REQUEST where none would be left to learn from, or to be asked
  public static ArticleSplit of(List<PassageQuestion> questions, int count, long seed) {
    TreeSet<String> names = new TreeSet<>();
    questions.forEach(one -> names.add(one.article()));
    int held = count > 0 ? count : Math.max(1, names.size() / 5);
    if (held >= names.size()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%d articles are to be held out of %d".formatted(held, names.size()),
          "Hold out fewer (--held-out), or give questions about more articles.");
    }
    List<String> order = new ArrayList<>(names);
    Collections.shuffle(order, new SplittableRandom(seed));
    List<String> articles = order.subList(0, held).stream().sorted().toList();
    Set<String> those = new HashSet<>(articles);
    return new ArticleSplit(
        questions.stream().filter(one -> !those.contains(one.article())).toList(),
        questions.stream().filter(one -> those.contains(one.article())).toList(),
        articles);
  }

  /// Writes the questions that are held out, in the format of SQuAD 1.1.
  ///
  /// @throws LynceusException NOT_WRITABLE
  public void write(Path file) {
    ObjectNode all = JsonMapper.shared().createObjectNode();
    all.put("version", FORMAT);
    ArrayNode data = all.putArray("data");
    Map<String, ArrayNode> paragraphs = new LinkedHashMap<>();
    Map<String, ArrayNode> passages = new LinkedHashMap<>();
    for (PassageQuestion one : heldOut) {
      ArrayNode ofArticle =
          paragraphs.computeIfAbsent(
              one.article(), title -> data.addObject().put("title", title).putArray("paragraphs"));
      ArrayNode ofPassage =
          passages.computeIfAbsent(
              one.article() + "\n" + one.item().passage(),
              key -> ofArticle.addObject().put("context", one.item().passage()).putArray("qas"));
      ObjectNode asked = ofPassage.addObject();
      asked.put("id", one.item().id()).put("question", one.item().question());
      ArrayNode answers = asked.putArray("answers");
      for (PassageQuestion.Place place : one.places()) {
        answers
            .addObject()
            .put("text", place.text())
            .put("answer_start", one.item().passage().codePointCount(0, place.start()));
      }
    }
    AtomicFile.write(
        file,
        (JsonMapper.shared().writeValueAsString(all) + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
