package dev.lynceus.lab.describe;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.strategy.Choice;
import dev.lynceus.lab.strategy.Labels;
import dev.lynceus.lab.strategy.Speaker;
import dev.lynceus.lab.strategy.Wordings;
import dev.lynceus.run.Candidates;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Answers a question from a description of its pictures, and shows beside it what the model says
/// when it sees them.
///
/// ```java
/// Speaker speaker = new Speaker(Asking.of(model), 64, Progress.NONE);
/// Wordings wordings = Wordings.of(DescribePrompts.STEPS, model, Map.of());
/// DescribeReport report =
///     new DescribeStudy(speaker, wordings, question, List.of(image), DescribeSettings.USUAL, Optional.empty()).describe();
/// ```
///
/// @param images at least one
/// @param pool worked examples, where there are such
public record DescribeStudy(
    Speaker speaker,
    Wordings wordings,
    String question,
    List<RgbImage> images,
    DescribeSettings settings,
    Optional<Pool> pool) {
  /// Answers that are drawn so that a question without candidates has some.
  private static final int DRAWS = 4;

  /// Less of a difference is none, nats.
  private static final double EQUAL = .1;

  public DescribeStudy {
    images = List.copyOf(images);
    if (images.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "there is no picture to describe",
          "Give one before the question.");
    }
  }

  /// Describes it.
  ///
  /// @throws LynceusException CANCELLED
  public DescribeReport describe() {
    String first =
        settings.description().isEmpty()
            ? speaker.say(words(DescribePrompts.CAPTION, Map.of()), images)
            : settings.description();
    String plain = speaker.say(answering(first, ""), unseen());
    List<String> labels = labels(first, plain);
    List<Pool.Chosen> shown = chosen("", first, settings.shots());
    String examples = examples(shown);
    Refining.Ledger ledger =
        new Refining(
                asked -> speaker.say(refining(asked, first), images),
                reasoner(labels, examples),
                settings.loops(),
                settings.keep())
            .run(first, settings.questions());
    Refining.Round last = ledger.last();
    Choice seen = seen(labels);
    List<DescribeReport.Way> ways =
        List.of(
            way("seen", "with the picture, without a description", seen),
            way("described", "from the last description alone", last.choice()),
            way("first", "from the first description alone", ledger.rounds().getFirst().choice()),
            way("blind", "with neither", read("", "", labels)));
    Parts parts = Parts.of(last.description());
    List<String> notes = new ArrayList<>();
    if (settings.labels().isEmpty()) {
      notes.add(
          labels.size() == 1
              ? "Only one answer was said, so nothing is decided; --candidates names others."
              : "It is decided among the answers that were said; --candidates names others.");
    }
    if (!speaker.speaksBlind()) {
      notes.add(
          "This model says nothing without a picture: where it shall not see, it is shown a grey one.");
    }
    boolean one = ledger.rounds().getFirst().description().equals(last.description());
    boolean converses = converses();
    return new DescribeReport(
        question,
        labels,
        settings.by().name().toLowerCase(Locale.ROOT),
        ledger,
        ways,
        parts(parts, last, labels, examples),
        parts.kind(),
        shown,
        shots(last, first, labels),
        one
            ? Optional.empty()
            : Optional.of(
                Comparing.of(
                    ledger.rounds().getFirst().description(),
                    last.description(),
                    converses ? this::asked : byAnswer(seen.answer(), labels))),
        converses ? "model" : "answer",
        speaker.asked(),
        wordings.texts().entrySet().stream()
            .map(step -> new DescribeReport.Prompted(step.getKey(), step.getValue()))
            .toList(),
        notes);
  }

  /// Compares two texts about the pictures.
  public Comparing.Table compare(String a, String b) {
    if (converses()) {
      return Comparing.of(a, b, this::asked);
    }
    List<String> labels =
        settings.labels().isEmpty()
            ? Labels.of(
                List.of(
                    speaker.say(words(DescribePrompts.SEEN, Map.of()), images),
                    speaker.say(answering(a, ""), unseen()),
                    speaker.say(answering(b, ""), unseen())))
            : settings.labels();
    return Comparing.of(a, b, byAnswer(seen(labels).answer(), labels));
  }

  /// Adds an example to a pool: the model describes it and answers from that.
  public void join(Pool to, String id) {
    String description = speaker.say(words(DescribePrompts.CAPTION, Map.of()), images);
    String answer = speaker.say(answering(description, ""), unseen());
    to.add(
        new Pool.Member(id, question, description, answer, Pool.vector(speaker, question, images)));
  }

  private boolean converses() {
    return speaker.model().knows("description");
  }

  private Refining.Reasoner reasoner(List<String> labels, String examples) {
    return new Refining.Reasoner() {
      @Override
      public Choice answer(String description) {
        return read(description, examples, labels);
      }

      @Override
      public String ask(String description, String prediction) {
        String words =
            words(
                DescribePrompts.ASK,
                Map.of(
                    "description", description,
                    "candidates", String.join(", ", labels),
                    "prediction", prediction));
        // A model that was taught no conversation asks nothing: its prompt is the question.
        return converses() ? speaker.say(words, unseen()) : words;
      }
    };
  }

  private String refining(String asked, String description) {
    return words(DescribePrompts.REFINE, Map.of("asked", asked, "description", description));
  }

  private String answering(String description, String examples) {
    return examples
        + words(
            DescribePrompts.ANSWER,
            Map.of("description", description, "candidates", String.join(", ", settings.labels())));
  }

  private String words(String step, Map<String, String> values) {
    Map<String, String> all = new java.util.HashMap<>(values);
    all.put("question", question);
    return wordings.fill(step, all);
  }

  /// What who does not see is shown.
  private List<RgbImage> unseen() {
    return speaker.speaksBlind() ? List.of() : images.stream().map(Speaker::blank).toList();
  }

  private Choice read(String description, String examples, List<String> labels) {
    return speaker.choose(answering(description, examples), unseen(), labels, settings.by());
  }

  private Choice seen(List<String> labels) {
    return speaker.choose(
        words(DescribePrompts.SEEN, Map.of("candidates", String.join(", ", settings.labels()))),
        images,
        labels,
        settings.by());
  }

  private static DescribeReport.Way way(String name, String what, Choice choice) {
    return new DescribeReport.Way(name, what, choice.answer(), choice);
  }

  private List<String> labels(String description, String plain) {
    if (!settings.labels().isEmpty()) {
      return settings.labels();
    }
    List<String> said = new ArrayList<>();
    said.add(speaker.say(words(DescribePrompts.SEEN, Map.of()), images));
    said.add(plain);
    said.add(speaker.say(answering("", ""), unseen()));
    for (long seed : Speaker.seeds(settings.seed(), DRAWS)) {
      said.add(speaker.draw(answering(description, ""), unseen(), 1, seed).text().strip());
    }
    List<String> labels = Labels.of(said);
    if (labels.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the model answers nothing, so there is nothing to decide among",
          "Name the answers with --candidates.");
    }
    return labels;
  }

  private List<Pool.Chosen> chosen(String id, String description, int count) {
    if (pool.isEmpty() || count == 0) {
      return List.of();
    }
    Pool.Member target =
        new Pool.Member(id, question, description, "", Pool.vector(speaker, question, images));
    return pool.get().choose(target, settings.selecting(), count);
  }

  private String examples(List<Pool.Chosen> shown) {
    StringBuilder text = new StringBuilder();
    // The most alike stands next to the question.
    for (Pool.Chosen one : shown.reversed()) {
      text.append(
              wordings.fill(
                  DescribePrompts.EXAMPLE,
                  Map.of(
                      "question", one.question(),
                      "description", one.description(),
                      "answer", one.answer())))
          .append("\n\n");
    }
    return text.toString();
  }

  private List<DescribeReport.Shots> shots(Refining.Round last, String first, List<String> labels) {
    List<DescribeReport.Shots> all = new ArrayList<>();
    if (pool.isEmpty()) {
      return all;
    }
    List<Pool.Chosen> ordered = chosen("", first, DescribeSettings.MOST_SHOTS);
    for (int k = 0; k <= ordered.size(); k++) {
      Choice choice = read(last.description(), examples(ordered.subList(0, k)), labels);
      all.add(new DescribeReport.Shots(k, choice.of(last.prediction()), choice.answer()));
    }
    return all;
  }

  private List<DescribeReport.Part> parts(
      Parts parts, Refining.Round last, List<String> labels, String examples) {
    List<DescribeReport.Part> worth = new ArrayList<>();
    double whole = last.choice().log(last.prediction());
    for (int i = 0; i < parts.parts().size(); i++) {
      Choice without = read(parts.without(i), examples, labels);
      worth.add(
          new DescribeReport.Part(
              parts.parts().get(i), whole - without.log(last.prediction()), without.answer()));
    }
    return worth;
  }

  private Comparing.Verdict asked(Comparing.Step step, String first, String second) {
    Choice choice =
        speaker.choose(
            words(
                DescribePrompts.COMPARE,
                Map.of("first", first, "second", second, "step", step.words())),
            unseen(),
            List.of("A", "B", "Equal"),
            Candidates.By.SUM,
            Candidates.Ending.OPEN);
    return Comparing.Verdict.values()[choice.best()];
  }

  /// A judge for models that were taught no comparison: the better description makes the answer
  /// that is given with the picture more probable.
  private Comparing.Judge byAnswer(String answer, List<String> labels) {
    return (step, first, second) -> {
      double gain = read(first, "", labels).log(answer) - read(second, "", labels).log(answer);
      return Math.abs(gain) < EQUAL
          ? Comparing.Verdict.EQUAL
          : gain > 0 ? Comparing.Verdict.FIRST : Comparing.Verdict.SECOND;
    };
  }
}
