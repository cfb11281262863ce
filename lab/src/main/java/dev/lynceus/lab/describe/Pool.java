package dev.lynceus.lab.describe;

import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.strategy.Speaker;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Worked examples that can be shown before a question. Their answers are the model's own, not the
/// right ones, so that nothing of the truth leaks.
public final class Pool {
  private final List<Member> members = new ArrayList<>();

  /// One example.
  ///
  /// @param id in its data set
  /// @param description by the model
  /// @param answer by the model, from that description
  /// @param vector of picture and question
  record Member(
      String id, String question, String description, String answer, List<Double> vector) {

    String words() {
      return question + " " + description;
    }
  }

  /// An example that was chosen.
  ///
  /// @param id in the pool
  /// @param question of it
  /// @param description that is shown
  /// @param answer that is shown, the model's own
  /// @param multimodal cosine of picture and question with the target's
  /// @param text cosine of the words
  /// @param score what decided
  public record Chosen(
      String id,
      String question,
      String description,
      String answer,
      double multimodal,
      double text,
      double score) {}

  void add(Member member) {
    members.add(member);
  }

  /// How many there are.
  public int size() {
    return members.size();
  }

  /// The examples for a question.
  ///
  /// @param target which is not in its own choice: a member with its words and its vector
  List<Chosen> choose(Member target, Selecting selecting, int count) {
    List<String> texts = new ArrayList<>(members.stream().map(Member::words).toList());
    texts.add(target.words());
    Bm25 weights = new Bm25(texts);
    Map<String, Double> own = weights.vector(target.words());
    List<Double> text = new ArrayList<>();
    List<Double> multimodal = new ArrayList<>();
    for (Member member : members) {
      boolean same = !target.id().isEmpty() && member.id().equals(target.id());
      text.add(same ? Double.NaN : Bm25.cosine(own, weights.vector(member.words())));
      multimodal.add(same ? Double.NaN : cosine(target.vector(), member.vector()));
    }
    return selecting.choose(multimodal, text, count).stream()
        .map(one -> {
          Member member = members.get(one.number());
          return new Chosen(
              member.id(),
              member.question(),
              member.description(),
              member.answer(),
              one.multimodal(),
              one.text(),
              one.score());
        })
        .toList();
  }

  /// Picture and question as a vector: the mean of what leaves the last layer, over the positions
  /// of both.
  static List<Double> vector(Speaker speaker, String question, List<RgbImage> images) {
    Prompt prompt = speaker.prompt(question, images);
    int last = speaker.model().model().decoder().config().layers() - 1;
    try (Scope scope = Scope.open();
        Run run =
            speaker
                .model()
                .run(prompt, Capture.of(Capture.request(Point.RESID_POST).layers(last)))) {
      double[] states = run.get(Point.RESID_POST, last).select(0, 0).toDoubles();
      int length = prompt.length();
      int width = states.length / length;
      double[] sum = new double[width];
      int counted = 0;
      for (int position = 0; position < length; position++) {
        TokenMap.Role role = prompt.tokens().spots().get(position).role();
        if (role == TokenMap.Role.IMAGE || role == TokenMap.Role.QUESTION) {
          counted++;
          for (int i = 0; i < width; i++) {
            sum[i] += states[position * width + i];
          }
        }
      }
      List<Double> vector = new ArrayList<>();
      for (double one : sum) {
        vector.add(counted == 0 ? 0 : one / counted);
      }
      return vector;
    }
  }

  static double cosine(List<Double> a, List<Double> b) {
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.size(); i++) {
      ab += a.get(i) * b.get(i);
      aa += a.get(i) * a.get(i);
      bb += b.get(i) * b.get(i);
    }
    return aa == 0 || bb == 0 ? 0 : ab / Math.sqrt(aa * bb);
  }
}
