package dev.lynceus.lab.think;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.experiment.ExampleRow;
import dev.lynceus.lab.mark.AttentionPrompt;
import dev.lynceus.lab.picture.Operation;
import dev.lynceus.lab.picture.Region;
import dev.lynceus.lab.strategy.Choice;
import dev.lynceus.lab.strategy.Labels;
import dev.lynceus.lab.strategy.Speaker;
import dev.lynceus.lab.strategy.Wordings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Answers a question by a chain of pictures, beside the direct answer and a chain of words, and
/// tests which step mattered.
///
/// ```java
/// Speaker speaker = new Speaker(Asking.of(model), 256, Progress.NONE);
/// Wordings wordings = Wordings.of(ThinkPrompts.STEPS, model, Map.of());
/// ThinkReport report = new ThinkStudy(speaker, wordings, question, image, ThinkSettings.USUAL).think();
/// ```
public final class ThinkStudy {
  /// A change of less makes a step decorative, nats.
  private static final double DECORATIVE = .05;

  private static final String NEUTRAL = "This picture was looked at.";

  private final Speaker speaker;
  private final Wordings wordings;
  private final String question;
  private final RgbImage image;
  private final ThinkSettings settings;
  private final List<RgbImage> pictures = new ArrayList<>();
  private Region.@Nullable Box place;

  /// @param image the picture of the question
  public ThinkStudy(
      Speaker speaker, Wordings wordings, String question, RgbImage image, ThinkSettings settings) {
    this.speaker = speaker;
    this.wordings = wordings;
    this.question = question;
    this.image = image;
    this.settings = settings;
    this.place = settings.box().orElse(null);
  }

  /// A step that was done.
  ///
  /// @param made the picture, and what the tool knows
  /// @param text what was read
  private record Done(Plan.Step step, Tool.Made made, String text) {
    /// Whether there is nothing in it that was not there before.
    boolean isNothing(RgbImage original) {
      return text.isEmpty() && made.image().equals(original);
    }
  }

  /// The pictures of the steps, after [#think].
  public List<RgbImage> pictures() {
    return List.copyOf(pictures);
  }

  /// Thinks.
  ///
  /// @throws LynceusException CANCELLED; BAD_REQUEST for a step that the picture has no room for
  public ThinkReport think() {
    Planner.Planned planned = new Planner(speaker, wordings).plan(settings, question, image);
    List<String> notes = new ArrayList<>();
    List<Done> done = new ArrayList<>();
    for (Plan.Step step : planned.plan().steps()) {
      done.add(done(step));
    }
    pictures.clear();
    done.forEach(one -> pictures.add(one.made().image()));
    String thoughts = speaker.say(words(ThinkPrompts.CHAIN, Map.of()), List.of(image));
    List<String> labels = labels(done, thoughts);
    Choice direct = choose(words(ThinkPrompts.DIRECT, Map.of()), List.of(image), labels);
    Choice chain =
        choose(words(ThinkPrompts.CHAINED, Map.of("thoughts", thoughts)), List.of(image), labels);
    Choice thought = answer(done, labels);
    List<ThinkReport.Step> steps = new ArrayList<>();
    for (int i = 0; i < done.size(); i++) {
      steps.add(tested(done, i, thought, labels));
    }
    if (settings.labels().isEmpty()) {
      notes.add(
          labels.size() == 1
              ? "Only one answer was said, so nothing is decided; --candidates names others."
              : "It is decided among the answers that were said; --candidates names others.");
    }
    return new ThinkReport(
        question,
        planned.who(),
        settings.shown().name().toLowerCase(Locale.ROOT),
        labels,
        settings.by().name().toLowerCase(Locale.ROOT),
        thoughts,
        steps,
        List.of(
            way("direct", "the question alone", direct),
            way("chain", "after thoughts in words", chain),
            way("thought", "after all steps", thought)),
        new ThinkRecord(
                speaker.model().name(),
                question,
                ExampleRow.digest(image),
                settings.shown(),
                done.stream()
                    .map(one ->
                        new ThinkRecord.Step(
                            one.step().goal(),
                            one.step().tool(),
                            one.text(),
                            ExampleRow.digest(one.made().image())))
                    .toList(),
                labels,
                thought.logs())
            .json(),
        speaker.asked(),
        wordings.texts().entrySet().stream()
            .map(step -> new ThinkReport.Prompted(step.getKey(), step.getValue()))
            .toList(),
        notes);
  }

  /// Does again what a record has, with the pictures and texts of it, and compares.
  public Replayed replay(ThinkRecord record) {
    List<Done> done = new ArrayList<>();
    List<Integer> changed = new ArrayList<>();
    for (ThinkRecord.Step step : record.steps()) {
      Tool.Made made = step.tool().apply(image);
      if (!ExampleRow.digest(made.image()).equals(step.digest())) {
        changed.add(done.size());
      }
      done.add(new Done(Plan.Step.of(step.goal(), step.tool()), made, step.text()));
    }
    pictures.clear();
    done.forEach(one -> pictures.add(one.made().image()));
    Choice now = answer(done, record.labels());
    double apart = 0;
    for (int i = 0; i < now.logs().size(); i++) {
      apart = Math.max(apart, Math.abs(now.logs().get(i) - record.logs().get(i)));
    }
    boolean same = changed.isEmpty() && ExampleRow.digest(image).equals(record.picture());
    return new Replayed(same, changed, now.logs(), apart, same && apart <= Replayed.SAME);
  }

  private Done done(Plan.Step step) {
    Tool tool = step.tool().waits() ? step.tool().at(place()) : step.tool();
    Tool.Made made = tool.apply(image);
    Plan.Step placed = new Plan.Step(step.goal(), tool, step.expect(), step.text());
    String text = step.text() == null ? read(placed, made) : step.text();
    return new Done(placed, made, text.strip());
  }

  /// What the model reads from the picture of a step; nothing from one that is the original.
  private String read(Plan.Step step, Tool.Made made) {
    if (made.image().equals(image) && made.says().isEmpty()) {
      return "";
    }
    String said =
        speaker.say(
            words(
                ThinkPrompts.READ,
                Map.of(
                    "goal", step.goal(),
                    "expect", step.expect(),
                    "tool", step.tool().text(),
                    "says", made.says())),
            List.of(made.image()));
    return said;
  }

  /// Where the map of the direct answer is strongest: the box around its strongest patches.
  private Region.Box place() {
    Region.Box known = place;
    if (known != null) {
      return known;
    }
    AttentionPrompt map =
        AttentionPrompt.of(
            speaker.model(),
            speaker.prompt(words(ThinkPrompts.DIRECT, Map.of()), List.of(image)),
            AttentionPrompt.usual(speaker.model(), settings.map()),
            speaker.tokens(),
            settings.seed());
    Region.Box box =
        map.region()
            .mask(image.width(), image.height())
            .bounds()
            .orElse(new Region.Box(0, 0, image.width(), image.height()));
    place = box;
    return box;
  }

  private String words(String step, Map<String, String> values) {
    Map<String, String> all = new java.util.HashMap<>(values);
    all.put("question", question);
    return wordings.fill(step, all);
  }

  private Choice choose(String words, List<RgbImage> images, List<String> labels) {
    return speaker.choose(words, images, labels, settings.by());
  }

  /// The answer after some steps; without any it is the direct one.
  private Choice answer(List<Done> done, List<String> labels) {
    List<Done> told = done.stream().filter(one -> !one.isNothing(image)).toList();
    if (told.isEmpty()) {
      return choose(words(ThinkPrompts.DIRECT, Map.of()), List.of(image), labels);
    }
    return choose(answering(told), shown(told), labels);
  }

  private String answering(List<Done> told) {
    StringBuilder read = new StringBuilder();
    for (Done one : told) {
      if (!one.text().isEmpty()) {
        read.append(read.isEmpty() ? "" : " ").append(one.text());
      }
    }
    return read.isEmpty()
        ? words(ThinkPrompts.DIRECT, Map.of())
        : words(ThinkPrompts.ANSWER, Map.of("read", read.toString()));
  }

  private List<RgbImage> shown(List<Done> told) {
    List<RgbImage> made =
        told.stream().map(one -> one.made().image()).filter(one -> !one.equals(image)).toList();
    return switch (settings.shown()) {
      case TEXT -> List.of(image);
      case SHEET -> made.isEmpty() ? List.of(image) : List.of(Sheets.contact(image, made));
      case SEVERAL -> {
        List<RgbImage> all = new ArrayList<>(List.of(image));
        all.addAll(made);
        yield all;
      }
    };
  }

  private List<String> labels(List<Done> done, String thoughts) {
    if (!settings.labels().isEmpty()) {
      return settings.labels();
    }
    List<String> said = new ArrayList<>();
    said.add(speaker.say(words(ThinkPrompts.DIRECT, Map.of()), List.of(image)));
    said.add(
        speaker.say(words(ThinkPrompts.CHAINED, Map.of("thoughts", thoughts)), List.of(image)));
    // Where a step is asked the question itself, what it reads is an answer.
    if (wordings.text(ThinkPrompts.READ).equals(wordings.text(ThinkPrompts.DIRECT))) {
      done.forEach(one -> said.add(one.text()));
    }
    List<Done> told = done.stream().filter(one -> !one.isNothing(image)).toList();
    if (!told.isEmpty()) {
      said.add(speaker.say(answering(told), shown(told)));
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

  private static ThinkReport.Way way(String name, String what, Choice choice) {
    return new ThinkReport.Way(name, what, choice.answer(), choice);
  }

  private ThinkReport.Step tested(
      List<Done> done, int number, Choice thought, List<String> labels) {
    Done own = done.get(number);
    String answer = thought.answer();
    double whole = thought.log(answer);
    List<Done> without = new ArrayList<>(done);
    without.remove(number);
    double dropped = whole - answer(without, labels).log(answer);
    double neutral =
        own.text().isEmpty()
            ? 0
            : whole
                - answer(replaced(done, number, new Done(own.step(), own.made(), NEUTRAL)), labels)
                    .log(answer);
    double random = elsewhere(done, number, whole, answer, labels);
    boolean decorative =
        own.isNothing(image) || Math.abs(dropped) <= DECORATIVE && !(Math.abs(random) > DECORATIVE);
    return new ThinkReport.Step(
        number,
        own.step().goal(),
        own.step().tool().text(),
        own.step().expect(),
        own.made().says(),
        own.text(),
        ExampleRow.digest(own.made().image()),
        dropped,
        neutral,
        random,
        RationaleAttention.of(
            speaker.model(),
            done.stream().allMatch(one -> one.isNothing(image))
                ? null
                : speaker.prompt(
                    answering(done.stream().filter(one -> !one.isNothing(image)).toList()),
                    shown(done)),
            own.text()),
        decorative);
  }

  private static List<Done> replaced(List<Done> done, int number, Done by) {
    List<Done> others = new ArrayList<>(done);
    others.set(number, by);
    return others;
  }

  /// The step with boxes of the same size elsewhere, read anew.
  private double elsewhere(
      List<Done> done, int number, double whole, String answer, List<String> labels) {
    Done own = done.get(number);
    Region.Box box = own.step().tool().looks();
    if (box == null || settings.controls() == 0 || own.step().text() != null) {
      return Double.NaN;
    }
    SplittableRandom random = new SplittableRandom(settings.seed() * 31 + number);
    double sum = 0;
    for (int i = 0; i < settings.controls(); i++) {
      Tool moved = own.step().tool().at(random(box, random));
      Tool.Made made = moved.apply(image);
      Plan.Step step = new Plan.Step(own.step().goal(), moved, own.step().expect(), null);
      sum +=
          answer(replaced(done, number, new Done(step, made, read(step, made))), labels)
              .log(answer);
    }
    return whole - sum / settings.controls();
  }

  /// A box of the same size somewhere in the picture.
  private Region.Box random(Region.Box box, SplittableRandom random) {
    double wide = Math.min(image.width(), box.x1() - box.x0());
    double high = Math.min(image.height(), box.y1() - box.y0());
    double left = Math.floor(random.nextDouble() * (image.width() - wide + 1));
    double top = Math.floor(random.nextDouble() * (image.height() - high + 1));
    double x = Math.min(left, image.width() - wide);
    double y = Math.min(top, image.height() - high);
    return new Region.Box(x, y, x + wide, y + high);
  }

  /// The original with the box that the map gives, for pages; the original where none was needed.
  public RgbImage placed() {
    Region.Box box = place;
    if (box == null) {
      return image;
    }
    return new Operation.Outline(
            Operation.Shape.BOX,
            box,
            dev.lynceus.lab.picture.Rgb.RED,
            Math.max(1, image.width() / 100.0),
            1,
            0,
            dev.lynceus.lab.picture.Side.CENTRE,
            0)
        .apply(image);
  }
}
