package dev.lynceus.lab.ledger;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.mark.AttentionPrompt;
import dev.lynceus.lab.mark.MarkOperator;
import dev.lynceus.lab.mark.MarkReport;
import dev.lynceus.lab.mark.MarkSettings;
import dev.lynceus.lab.mark.MarkStudy;
import dev.lynceus.lab.mark.MarkWords;
import dev.lynceus.lab.mark.Marked;
import dev.lynceus.lab.mark.Style;
import dev.lynceus.lab.mark.Wording;
import dev.lynceus.lab.picture.Region;
import dev.lynceus.lab.strategy.Asking;
import dev.lynceus.lab.strategy.Speaker;
import dev.lynceus.method.Inputs;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.request.StrategyRequest;
import dev.lynceus.request.StrategyResult.Way;
import dev.lynceus.run.Progress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/// Marks as a ledger: the question without a mark, then once for each mark; what each does to the
/// answer is measured beside regions of the same shape elsewhere.
///
/// @param asking that the measures are made with
record MarkLedger(Asking asking, Speaker speaker, StrategyRequest request, Progress progress) {
  private static final int CONTROLS = 3;

  StrategyLedgers.Found found(RgbImage image) {
    List<MarkOperator> operators =
        MarkOperator.named(
            request.marks().isEmpty() ? "box,crop,blackout" : String.join(",", request.marks()));
    for (MarkOperator operator : operators) {
      if (operator.acts() == MarkOperator.Acts.DECODING
          || operator.acts() == MarkOperator.Acts.MAP) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            operator.label() + " is no picture and no question that a ledger could show",
            "Leave it out; `lynceus mark` measures it.");
      }
    }
    String question = request.question().text();
    Region.Box box = StrategyLedgers.box(request).orElseGet(() -> strongest(question, image));
    MarkSettings usual = MarkSettings.of(operators);
    MarkStudy study =
        new MarkStudy(
            asking,
            image,
            List.of(box),
            question,
            Wording.USUAL,
            Style.USUAL,
            new MarkSettings(
                operators,
                CONTROLS,
                request.seed(),
                usual.answer(),
                speaker.tokens(),
                usual.alpha(),
                usual.layer(),
                usual.map(),
                usual.elsewhere(),
                usual.refer(),
                false),
            progress);
    MarkReport report = study.measure();
    Map<List<RgbImage>, String> names = new HashMap<>();
    List<Way> ways = new ArrayList<>();
    names.put(List.of(image), "without a mark");
    ways.add(
        new Way(
            "none",
            "without a mark",
            speaker.say(question, List.of(image)),
            OptionalDouble.of(Math.exp(report.log())),
            ""));
    for (int i = 0; i < operators.size(); i++) {
      Marked marked = study.marked(operators.get(i));
      names.putIfAbsent(marked.pictures(), operators.get(i).label());
      MarkReport.Row row = report.operators().get(i);
      ways.add(
          new Way(
              operators.get(i).label(),
              operators.get(i).what(),
              speaker.say(marked.question(), marked.pictures()),
              OptionalDouble.of(Math.exp(report.log() + row.effect())),
              "%s nats, elsewhere %s"
                  .formatted(Spoken.signed(row.effect()), Spoken.signed(row.controlMean()))));
    }
    List<String> notes = new ArrayList<>(report.notes());
    notes.add(
        "The region goes from %.0f, %.0f to %.0f, %.0f."
            .formatted(box.x0(), box.y0(), box.x1(), box.y1()));
    return new StrategyLedgers.Found(
        MarkWords.conclusion(report),
        List.of(),
        ways,
        notes,
        turn -> names.getOrDefault(turn.asked().images(), ""));
  }

  /// The box around the strongest patches of a map.
  private Region.Box strongest(String question, RgbImage image) {
    String method = Inputs.seesByReading(asking.model().model()) ? "relevancy" : "top-heads";
    return AttentionPrompt.of(
            asking.model(),
            asking.prompt(question, List.of(image)),
            PatchMethod.named(method).getFirst(),
            speaker.tokens(),
            request.seed())
        .region()
        .mask(image.width(), image.height())
        .bounds()
        .orElse(new Region.Box(0, 0, image.width(), image.height()));
  }
}
