package dev.lynceus.lab.measure;

import dev.lynceus.method.score.Share;
import dev.lynceus.model.Picture;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Question.Kind;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Asks a model that answers with the decisive words alone. The greedy answer is the right one
/// exactly if, after each beginning of it, the most probable token is the next one, and at its end
/// the closing token.
record ShortAnswers(LoadedModel model, World world) {

  /// Answers of one kind.
  private record Marked(List<String> keys, List<Boolean> right) {}

  /// Marks one question of each kind about each of the first scenes.
  List<TraceReport.Answered> mark(int scenes, Progress progress) {
    Exam exam = new Exam(world);
    Map<Kind, Marked> all = new EnumMap<>(Kind.class);
    for (int number = 0; number < scenes; number++) {
      progress.at("asking", number, scenes);
      Scene scene = exam.scene(number);
      Picture picture = model.picture("scene " + number, scene.image());
      for (Question question : exam.questions(number, scene)) {
        if (question.kind() != Kind.DESCRIBE) {
          Marked marked =
              all.computeIfAbsent(
                  question.kind(), kind -> new Marked(new ArrayList<>(), new ArrayList<>()));
          marked.keys.add(question.key());
          marked.right.add(isRight(picture, question));
        }
      }
    }
    List<TraceReport.Answered> answered = new ArrayList<>();
    all.forEach((kind, marked) -> {
      int hits = (int) marked.right.stream().filter(right -> right).count();
      Map<String, Integer> counts = new LinkedHashMap<>();
      marked.keys.forEach(key -> counts.merge(key, 1, Integer::sum));
      int most = counts.values().stream().mapToInt(count -> count).max().orElse(0);
      answered.add(
          new TraceReport.Answered(
              kind,
              Share.of(hits, marked.right.size()),
              most / (double) Math.max(1, marked.keys.size())));
    });
    return answered;
  }

  /// The tokens of an answer.
  static int[] ids(LoadedModel model, String answer) {
    return model.tokenizer().encode(answer, false);
  }

  private boolean isRight(Picture picture, Question question) {
    Prompt prompt = model.prompt(question.text(), picture);
    int[] answer = ids(model, question.key());
    int first = prompt.length() - 1;
    try (Scope scope = Scope.open();
        Run run =
            model.run(
                prompt.withAnswer(answer),
                Capture.of(Capture.request(Point.LOGITS).at(Positions.from(first))))) {
      int[] best = run.get(Point.LOGITS, 0).argmax(2).toInts();
      return IntStream.range(0, answer.length).allMatch(i -> best[i] == answer[i])
          && model.settings().ends().contains(best[answer.length])
          && Arrays.stream(answer).noneMatch(id -> model.settings().ends().contains(id));
    }
  }
}
