package dev.lynceus.lab.vote;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.data.ImageSource;
import dev.lynceus.lab.strategy.AnswerJudge;
import dev.lynceus.lab.strategy.Speaker;
import dev.lynceus.lab.strategy.Wordings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Makes a bootstrapped scorer from labelled examples (arXiv 2311.07099): good explanations are
/// those of the examples; a bad one of an example is drawn from the model, shown others of them but
/// never that one, and kept if the answer after it is wrong. Examples without a bad one are left
/// out, so that there are as many good as bad.
///
/// @param others how many other examples are shown; published: 8
/// @param draws explanations that are drawn for each
/// @param seed of all draws
public record ScorerBuilder(int others, int draws, long seed) {

  /// A labelled example.
  ///
  /// @param explanation a good one
  /// @param answers that count as right, the most wanted first
  public record Demo(
      String id,
      List<ImageSource> images,
      String question,
      String explanation,
      List<String> answers) {
    public Demo {
      images = List.copyOf(images);
      answers = List.copyOf(answers);
    }

    /// Of a data set whose rows have a field `explanation`.
    ///
    /// @throws LynceusException BAD_REQUEST where something is missing
    public static Demo of(Example example) {
      String explanation = example.fields().getOrDefault("explanation", "");
      if (explanation.isBlank() || example.question().isBlank() || example.answers().isEmpty()) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            example.origin() + " is no demonstration",
            "Each needs question, explanation and answers, for example {\"image\": \"a.png\","
                + " \"question\": \"What is it?\", \"explanation\": \"It barks.\", \"answers\": [\"dog\"]}.");
      }
      return new Demo(
          example.id(), example.images(), example.question(), explanation, example.answers());
    }
  }

  /// An explanation that was drawn, and the answer after it.
  public record Drawn(String explanation, String answer) {}

  /// Draws explanations.
  @FunctionalInterface
  public interface Source {
    /// @param demo that is explained
    /// @param shown other examples
    /// @param number which draw
    Drawn draw(Demo demo, List<Demo> shown, int number);
  }

  /// Makes one from what a model says.
  public Scorer build(List<Demo> demos, Speaker speaker, Wordings wordings) {
    return build(
        demos,
        (demo, shown, number) -> {
          List<RgbImage> images = demo.images.stream().map(ImageSource::read).toList();
          StringBuilder before = new StringBuilder();
          for (Demo one : shown) {
            before
                .append(
                    wordings.fill(
                        VotePrompts.SHOWN,
                        Map.of(
                            "question", one.question,
                            "explanation", one.explanation,
                            "answer", one.answers.getFirst())))
                .append("\n\n");
          }
          long own = Speaker.seeds(seed ^ demo.id.hashCode(), number + 1)[number];
          String explanation =
              speaker
                  .draw(
                      before
                          + wordings.fill(VotePrompts.EXPLAIN, Map.of("question", demo.question)),
                      images,
                      VoteSettings.USUAL.temperature(),
                      own)
                  .text()
                  .strip();
          String answer =
              speaker.say(
                  wordings.fill(
                      VotePrompts.ANSWER,
                      Map.of("question", demo.question, "explanation", explanation)),
                  images);
          return new Drawn(explanation, answer);
        });
  }

  /// Makes one.
  public Scorer build(List<Demo> demos, Source source) {
    List<Scorer.Shown> shown = new ArrayList<>();
    for (int i = 0; i < demos.size(); i++) {
      Demo demo = demos.get(i);
      List<Demo> rest = new ArrayList<>(demos);
      rest.remove(i);
      Random random = new Random(seed * 31 + i);
      Collections.shuffle(rest, random);
      List<Demo> some = rest.subList(0, Math.min(others, rest.size()));
      List<Drawn> wrong = new ArrayList<>();
      for (int number = 0; number < draws; number++) {
        Drawn drawn = source.draw(demo, some, number);
        if (!drawn.explanation.isBlank()
            && AnswerJudge.AUTO.score(drawn.answer, demo.answers) < .5) {
          wrong.add(drawn);
        }
      }
      if (!wrong.isEmpty()) {
        Drawn bad = wrong.get(random.nextInt(wrong.size()));
        shown.add(
            new Scorer.Shown(
                demo.id, demo.question, demo.explanation, demo.answers.getFirst(), true));
        shown.add(new Scorer.Shown(demo.id, demo.question, bad.explanation, bad.answer, false));
      }
    }
    return new Scorer(shown);
  }
}
