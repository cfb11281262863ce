package dev.lynceus.method.evidence;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.AnswerWords;
import dev.lynceus.method.Blind;
import dev.lynceus.method.Inputs;
import dev.lynceus.method.PatchViews;
import dev.lynceus.method.RowTrace;
import dev.lynceus.method.SeeingMap;
import dev.lynceus.method.Shown;
import dev.lynceus.method.Target;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.run.Batch;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.TokenMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Judges the words of an answer: one pass over prompt and answer, one in which no position may
/// look at the picture, the lens at all layers of all visual tokens, and one pass for each thing of
/// the question, which asks whether it is there. What the answer claims beyond the question is
/// asked back where a threshold needs it. An attribute that the question grants costs an answer and
/// two passes; the model's own answer its generation; a word that rests on the picture although
/// what is asked for is not there a map, a description and a few passes; a word that is taken away
/// one pass over a text, another generation and another pass.
///
/// That the picture is hidden from attention is a change of the model, not of the picture: what the
/// model says then is what it says from the words alone.
public final class EvidenceExplainer {
  private final LoadedModel model;
  private final EvidenceOptions options;
  private final Progress progress;
  private final BiConsumer<Run, List<Evidence.Word>> watcher;

  public EvidenceExplainer(LoadedModel model, EvidenceOptions options, Progress progress) {
    this(model, options, progress, (run, words) -> {});
  }

  /// @param watcher shown the run of prompt and answer, which kept the residual stream, and the
  ///   words that were judged
  public EvidenceExplainer(
      LoadedModel model,
      EvidenceOptions options,
      Progress progress,
      BiConsumer<Run, List<Evidence.Word>> watcher) {
    this.model = model;
    this.options = options;
    this.progress = progress;
    this.watcher = watcher;
  }

  /// Judges the model's own answer.
  ///
  /// @throws LynceusException BAD_REQUEST without a picture, or if the model answers nothing
  public Evidence explain(Prompt prompt) {
    return explain(prompt, answer(prompt, List.of()).ids(), false);
  }

  /// What the model itself answers.
  String answer(Prompt prompt) {
    return answer(prompt, List.of()).text().strip();
  }

  /// Judges a given answer.
  ///
  /// @throws LynceusException BAD_REQUEST without a picture or words
  public Evidence explain(Prompt prompt, String answer) {
    return explain(
        prompt,
        model.tokenizer().wordIds(answer).stream().mapToInt(Integer::intValue).toArray(),
        true);
  }

  /// Judges an answer in tokens.
  ///
  /// @param given whether it is not the model's own
  public Evidence explain(Prompt prompt, int[] ids, boolean given) {
    boolean reads = Inputs.seesByReading(model.model());
    requireAway(reads);
    TokenMap seen = Inputs.seen(model.model(), prompt).orElse(prompt.tokens());
    int[] image = image(seen);
    if (image.length == 0) {
      throw PatchViews.noPicture(model.model(), "that an answer could rest on");
    }
    if (ids.length == 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the model answered nothing, so there is nothing to judge",
          "Give an answer (--answer), or begin it (--start).");
    }
    int firstRow = prompt.length() - 1;
    Prompt longer = prompt.withAnswer(Arrays.copyOf(ids, ids.length - 1));
    AnswerWords words = new AnswerWords(model.tokenizer(), ids, firstRow);
    Capture logits = Capture.of(Capture.request(Point.LOGITS).at(Positions.from(firstRow)));
    TextConfig config = model.model().decoder().config();
    Capture plan =
        (reads
                ? Capture.NONE
                : options.map() == null
                    ? RowTrace.plan(config, firstRow)
                    : SeeingMap.plan(longer, firstRow, config))
            .and(logits.requests().getFirst());
    progress.at("answer", 0, 0);
    try (Run run = model.run(longer, plan)) {
      double[] clean = Blind.said(run, ids);
      double[] blind = Blind.logProbabilities(run, firstRow, ids);
      // A model that only describes is not asked back, and grants nothing.
      String question = AskBack.canBeAsked(model) ? prompt.question() : "";
      Premises premises = Premises.of(question);
      List<String> things = premises.things();
      List<Evidence.@Nullable Held> held = held(run, image, things, words);
      List<String> said = said(words);
      boolean open = Things.asksPresence(question);
      List<Evidence.Asked> asked = new ArrayList<>();
      Granted back = new Granted(model, options.thresholds(), progress);
      for (int i = 0; i < things.size(); i++) {
        // Neither a question whether it is there nor a no takes a thing for granted.
        boolean granted = !open && !Things.denies(said, things.get(i));
        asked.add(back.thing(things.get(i), held.get(i), prompt, granted));
      }
      List<Evidence.Premise> granted = back.attributes(prompt, premises, said);
      Map<Integer, Evidence.Claim> claims =
          options.askClaims() && AskBack.canBeAsked(model)
              ? back.claims(prompt, Claims.of(said, things), things)
              : Map.of();
      List<Evidence.Asked> there = asked.stream().filter(Evidence.Asked::granted).toList();
      WordJudge judge =
          new WordJudge(
              options.thresholds(),
              there,
              granted,
              Shown.of(prompt.pictures()),
              !prompt.outside().isEmpty());
      int next = things.size();
      List<Evidence.Word> judged = new ArrayList<>();
      List<int[]> spoken = spoken(words);
      for (int[] group : spoken) {
        boolean thing = Things.names(words.text(group));
        Evidence.Claim claim = claims.get(judged.size());
        Evidence.Held own = thing ? held.get(next++) : null;
        judged.add(judge.judged(scores(run, words, group, clean, blind, own, claim)));
        progress.at("words", judged.size(), 0);
      }
      watcher.accept(run, judged);
      List<Evidence.Word> shown = looked(run, words, spoken, judged);
      Whose whose = whose(prompt, ids, spoken, shown, there);
      return new Evidence(
          model.name(),
          model.checkpoint().version(),
          prompt.question().isEmpty() ? prompt.text() : prompt.question(),
          model.tokenizer().decode(ids).strip(),
          given,
          options.reading().label(),
          measured(prompt),
          seen.views().stream()
              .map(v -> new Evidence.View(v.label(), v.tile().rows(), v.tile().columns()))
              .toList(),
          asked,
          granted,
          shown,
          whose,
          removed(prompt, longer, run, image, ids, words),
          OtherPictures.of(model, options.others(), ids, spoken, progress),
          prompt.outside(),
          new EvidenceHeadline(
                  shown, asked, granted, whose, options.thresholds(), !prompt.outside().isEmpty())
              .headline()
              .about(Shown.of(prompt.pictures())));
    }
  }

  /// The thresholds; how often their verdicts are wrong was not measured outside of what the model
  /// was made for.
  private @Nullable Thresholds measured(Prompt prompt) {
    Thresholds thresholds = options.thresholds();
    return thresholds == null || prompt.outside().isEmpty() ? thresholds : thresholds.with(null);
  }

  /// @throws LynceusException UNSUPPORTED_MODEL where a word shall be taken out of visual tokens
  ///   that are not there
  private void requireAway(boolean reads) {
    if (reads && options.away() != null) {
      throw new LynceusException(
          ErrorCode.UNSUPPORTED_MODEL,
          "no word is taken out of visual tokens of a model that has none among its words",
          "Leave --project-away out; `lynceus occlude` takes parts of the picture away.");
    }
  }

  /// The visual tokens that stand for something seen: patches, or queries where there are none.
  private static int[] image(TokenMap tokens) {
    List<TokenMap.View> views = tokens.views();
    return views.isEmpty()
        ? tokens.positions(TokenMap.Role.IMAGE)
        : views.stream().flatMapToInt(view -> IntStream.of(view.positions())).toArray();
  }

  /// What a word says, before it is judged.
  private Evidence.Word scores(
      Run run,
      AnswerWords words,
      int[] group,
      double[] clean,
      double[] blind,
      Evidence.@Nullable Held held,
      Evidence.@Nullable Claim claim) {
    Target target = words.target(group);
    int row = target.aims().getFirst().row();
    Thresholds thresholds = options.thresholds();
    Reliability reliability = thresholds == null ? null : thresholds.reliability();
    StateProbe probe = reliability == null ? null : reliability.probe();
    return Evidence.Word.measured(
        words.text(group),
        row + 1,
        sum(clean, group),
        sum(blind, group),
        Inputs.seesByReading(model.model()) ? Shares.UNKNOWN : Shares.of(run, target),
        held,
        claim,
        probe == null ? null : probe.read(run, row));
  }

  /// The words with the map of each that is decisive.
  private List<Evidence.Word> looked(
      Run run, AnswerWords words, List<int[]> spoken, List<Evidence.Word> judged) {
    if (options.map() == null || judged.stream().noneMatch(Evidence.Word::decisive)) {
      return judged;
    }
    Looking looking = new Looking(run);
    List<Evidence.Word> looked = new ArrayList<>();
    for (int i = 0; i < judged.size(); i++) {
      progress.at("maps", i, judged.size());
      Evidence.Word word = judged.get(i);
      Evidence.Looked map = word.decisive() ? looking.at(words.target(spoken.get(i))) : null;
      looked.add(map == null ? word : word.lookedAt(map));
    }
    return looked;
  }

  /// Of the words that rest on the picture although what they are about is not there, the one that
  /// the picture raises most, and what it rests on.
  private @Nullable Whose whose(
      Prompt prompt,
      int[] ids,
      List<int[]> groups,
      List<Evidence.Word> judged,
      List<Evidence.Asked> there) {
    PatchMethod method = options.map();
    if (method == null) {
      return null;
    }
    Optional<Evidence.Asked> missing =
        there.stream()
            .filter(one ->
                one.verdict().equals(Verdict.UNSUPPORTED.label())
                    || options.thresholds() == null && one.presence() < 0)
            .min(Comparator.comparingDouble(Evidence.Asked::presence));
    return IntStream.range(0, judged.size())
        .filter(i ->
            judged.get(i).verdict().equals(Verdict.UNSUPPORTED.label())
                || options.thresholds() == null
                    && missing.isPresent()
                    && judged.get(i).effect() > WordJudge.SEEN)
        .boxed()
        .max(Comparator.comparingDouble(i -> judged.get(i).effect()))
        .map(i ->
            new WhoseFinder(model, method, options.boxes(), progress)
                .of(
                    prompt,
                    ids,
                    groups.get(i),
                    judged.get(i).text(),
                    missing.map(Evidence.Asked::text).orElse("")))
        .orElse(null);
  }

  /// The words without punctuation.
  private static List<int[]> spoken(AnswerWords words) {
    return words.groups().stream()
        .filter(group -> Character.isLetterOrDigit((words.text(group) + " ").codePointAt(0)))
        .toList();
  }

  private static List<String> said(AnswerWords words) {
    return spoken(words).stream().map(group -> words.text(group).toLowerCase(Locale.ROOT)).toList();
  }

  private static double sum(double[] values, int[] group) {
    return Arrays.stream(values, group[0], group[1]).sum();
  }

  /// Confidences: of the things, then of the answer's words that name one.
  private List<Evidence.@Nullable Held> held(
      Run run, int[] image, List<String> things, AnswerWords words) {
    List<int[]> pieces = new ArrayList<>();
    things.forEach(thing -> pieces.add(pieces(thing)));
    for (int[] group : spoken(words)) {
      if (Things.names(words.text(group))) {
        pieces.add(pieces(words.text(group)));
      }
    }
    if (pieces.isEmpty()) {
      return List.of();
    }
    if (Inputs.seesByReading(model.model())) {
      // Nothing reads words out of features that are no tokens of the decoder.
      return Collections.nCopies(pieces.size(), null);
    }
    List<Evidence.@Nullable Held> held = new ArrayList<>();
    new InternalConfidence(options.reading())
        .of(run, image, pieces, progress)
        .forEach(one -> held.add(held(run, image, one)));
    return held;
  }

  private static Evidence.Held held(Run run, int[] image, InternalConfidence.Result one) {
    List<double[]> maps = new ArrayList<>();
    int start = 0;
    for (TokenMap.View view : run.tokens().views()) {
      int patches = view.positions().length;
      maps.add(Arrays.copyOfRange(one.patches(), start, start + patches));
      start += patches;
    }
    return new Evidence.Held(
        one.value(), one.depth(), run.tokens().label(image[one.index()]), maps);
  }

  private int[] pieces(String word) {
    return model.tokenizer().wordIds(word).stream().mapToInt(Integer::intValue).toArray();
  }

  private Generation.Answer answer(Prompt prompt, List<Intervention> changes) {
    progress.at("answer", 0, 0);
    try (Generation generation =
        model.generate(
            Batch.of(prompt),
            GenerationOptions.greedy(options.maxTokens()),
            Capture.NONE,
            changes,
            text -> {})) {
      return generation.answer();
    }
  }

  private Evidence.@Nullable Removed removed(
      Prompt prompt, Prompt longer, Run run, int[] image, int[] ids, AnswerWords words) {
    String word = options.away();
    if (word == null) {
      return null;
    }
    int layers = model.model().decoder().config().layers();
    ProjectAway asked = options.projection();
    ProjectAway away = asked == null ? ProjectAway.standard(layers) : asked;
    Intervention change = away.change(away.direction(model, word));
    InternalConfidence confidence = new InternalConfidence(options.reading());
    List<int[]> pieces = List.of(pieces(word));
    Capture plan =
        Capture.of(
            Capture.request(Point.RESID_PRE),
            Capture.request(Point.RESID_POST).layers(layers - 1),
            Capture.request(Point.LOGITS).at(Positions.from(prompt.length() - 1)));
    double before = confidence.of(run, image, pieces, progress).getFirst().value();
    try (Run changed = model.run(longer, plan, change)) {
      double[] logs = Blind.said(changed, ids);
      return new Evidence.Removed(
          word,
          away.textLayer(),
          away.imageLayer(),
          away.strength(),
          answer(prompt, List.of()).text().strip(),
          answer(prompt, List.of(change)).text().strip(),
          before,
          confidence.of(changed, image, pieces, progress).getFirst().value(),
          spoken(words).stream().mapToDouble(group -> sum(logs, group)).toArray());
    }
  }
}
