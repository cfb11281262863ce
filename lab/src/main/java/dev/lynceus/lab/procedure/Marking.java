package dev.lynceus.lab.procedure;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.experiment.Outcome;
import dev.lynceus.lab.experiment.Procedure;
import dev.lynceus.lab.experiment.UnitRow;
import dev.lynceus.lab.mark.AttentionPrompt;
import dev.lynceus.lab.mark.MarkOperator;
import dev.lynceus.lab.mark.Marked;
import dev.lynceus.lab.mark.Markers;
import dev.lynceus.lab.mark.Style;
import dev.lynceus.lab.mark.Wording;
import dev.lynceus.lab.picture.Region;
import dev.lynceus.lab.strategy.AnswerJudge;
import dev.lynceus.lab.strategy.Asking;
import dev.lynceus.lab.strategy.Speaker;
import dev.lynceus.run.Candidates;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A region of the picture is marked, and the same is asked as without the mark.
final class Marking implements Procedure.Step {
  private final Template template;
  private final AnswerJudge judge;
  private final int tokens;
  private final MarkOperator operator;
  private final Boxes boxes;
  private final Optional<String> map;
  private final List<String> labels;
  private final Candidates.By by;

  Marking(Settings read) {
    template = new Template(read.text("prompt", "{question}"));
    judge = read.choice("judge", AnswerJudge.AUTO);
    tokens = read.whole("tokens", 64, 1, 4096);
    operator = read.choice("operator", MarkOperator.BOX);
    boxes = read.choice("boxes", Boxes.TRUTH);
    String method = read.text("map", "");
    map = method.isEmpty() ? Optional.empty() : Optional.of(method);
    labels = read.texts("choices");
    by = read.choice("by", Candidates.By.SUM);
    boolean draws =
        switch (operator.acts()) {
          case PICTURE, CUT -> true;
          case WHOLE, QUESTION, DECODING, MAP -> false;
        };
    if (!draws) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "operator=%s marks no region of a picture".formatted(operator.label()),
          "Use one that draws, such as box, circle or crop; `lynceus mark` has the others.");
    }
  }

  @Override
  public Outcome apply(LoadedModel model, Example example, long seed) {
    Asked asked = Asked.of(model, example, template, example.choices());
    RgbImage image = asked.only("Marks are drawn on one picture.");
    Region region =
        boxes
            .of(example, image, seed)
            .<Region>map(box -> box)
            .orElseGet(() ->
                AttentionPrompt.of(
                        model, asked.prompt(), AttentionPrompt.usual(model, map), tokens, seed)
                    .region());
    Marked marked =
        new Markers(
                image,
                new Region.Box(0, 0, image.width(), image.height()),
                asked.question(),
                Wording.USUAL,
                Style.USUAL,
                1)
            .apply(operator, List.of(region), Optional.empty());
    Speaker speaker = new Speaker(Asking.of(model), tokens, Progress.NONE);
    List<String> among = labels.isEmpty() ? example.choices() : labels;
    String direct = answer(speaker, asked.question(), asked.images(), among);
    String answer = answer(speaker, marked.question(), marked.pictures(), among);
    UnitRow.At at = asked.at(seed);
    List<UnitRow> units = new ArrayList<>();
    units.add(UnitRow.of(at, "changed", answer.equals(direct) ? 0 : 1));
    Boolean correct = null;
    if (!example.answers().isEmpty()) {
      double score = judge.score(answer, example.answers());
      units.add(UnitRow.of(at, "score", score));
      units.add(UnitRow.of(at, "score_direct", judge.score(direct, example.answers())));
      correct = score >= .5;
    }
    return new Outcome(
        asked.row(seed, answer, new int[0], correct, null), units, List.of(), List.of());
  }

  private String answer(Speaker speaker, String words, List<RgbImage> images, List<String> among) {
    return among.size() < 2
        ? speaker.say(words, images)
        : speaker.choose(words, images, among, by).answer();
  }
}
