package dev.lynceus.lab.ledger;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.describe.DescribePrompts;
import dev.lynceus.lab.describe.DescribeReport;
import dev.lynceus.lab.describe.DescribeSettings;
import dev.lynceus.lab.describe.DescribeStudy;
import dev.lynceus.lab.describe.DescribeWords;
import dev.lynceus.lab.picture.Region;
import dev.lynceus.lab.strategy.Asking;
import dev.lynceus.lab.strategy.Choice;
import dev.lynceus.lab.strategy.Speaker;
import dev.lynceus.lab.strategy.Transcript;
import dev.lynceus.lab.strategy.Wordings;
import dev.lynceus.lab.think.ThinkPrompts;
import dev.lynceus.lab.think.ThinkReport;
import dev.lynceus.lab.think.ThinkSettings;
import dev.lynceus.lab.think.ThinkStudy;
import dev.lynceus.lab.think.ThinkWords;
import dev.lynceus.lab.vote.VotePrompts;
import dev.lynceus.lab.vote.VoteReport;
import dev.lynceus.lab.vote.VoteSettings;
import dev.lynceus.lab.vote.VoteStudy;
import dev.lynceus.lab.vote.VoteWords;
import dev.lynceus.lab.vote.Weight;
import dev.lynceus.request.PictureRef;
import dev.lynceus.request.Question;
import dev.lynceus.request.StrategyRequest;
import dev.lynceus.request.StrategyResult;
import dev.lynceus.request.StrategyResult.Way;
import dev.lynceus.request.StrategyRunner;
import dev.lynceus.run.Candidates;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Runs the strategies of the lab, and keeps their ledgers.
public final class StrategyLedgers implements StrategyRunner {
  /// Most tokens of an answer where nothing says anything.
  private static final int USUAL = 64;

  /// A plan is longer than an answer.
  private static final int PLAN = 256;

  private static final int VOTES = 5;

  /// What a strategy came to.
  ///
  /// @param prompts that the questions are made of
  /// @param names of the questions; empty for one that has none
  record Found(
      String conclusion,
      List<StrategyResult.Prompt> prompts,
      List<Way> ways,
      List<String> notes,
      Function<Transcript.Turn, String> names) {}

  @Override
  public StrategyResult run(
      LoadedModel model,
      StrategyRequest request,
      List<RgbImage> images,
      Function<PictureRef, RgbImage> read,
      Progress progress) {
    Transcript transcript = new Transcript(edits(request, read));
    Question question = request.question();
    Asking asking =
        new Asking(model, "picture", question.form() == Question.Form.RAW, question.start());
    int tokens =
        request
            .maxTokens()
            .orElseGet(() ->
                model.settings().limit(USUAL, asking.prompt(question.text(), images).length()));
    if (request.strategy() == StrategyRequest.Kind.THINK) {
      tokens = Math.max(PLAN, tokens);
    }
    Speaker speaker = new Speaker(asking, tokens, progress, transcript);
    Found found =
        switch (request.strategy()) {
          case DESCRIBE -> describe(speaker, request, images);
          case THINK -> think(speaker, request, images);
          case VOTE -> vote(speaker, request, images);
          case MARK ->
              mark(request, new MarkLedger(asking, speaker, request, progress), one(images));
        };
    transcript.requireUsed();
    return Shots.result(request, transcript, found);
  }

  private static Map<Integer, Transcript.Edit> edits(
      StrategyRequest request, Function<PictureRef, RgbImage> read) {
    Map<Integer, Transcript.Edit> edits = new HashMap<>();
    for (StrategyRequest.Edit edit : request.edits()) {
      edits.put(
          edit.step(), new Transcript.Edit(edit.prompt(), edit.picture().map(read), edit.answer()));
    }
    return edits;
  }

  private static RgbImage one(List<RgbImage> images) {
    if (images.size() != 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "this strategy is about one picture, and there are " + images.size(),
          "Ask about one picture, or use describe or vote.");
    }
    return images.getFirst();
  }

  /// Where a request says that a strategy looks.
  static Optional<Region.Box> box(StrategyRequest request) {
    List<Integer> box = request.box();
    return box.isEmpty()
        ? Optional.empty()
        : Optional.of(new Region.Box(box.get(0), box.get(1), box.get(2), box.get(3)));
  }

  /// The prompts of a strategy, some of them those of the request.
  private static Wordings wordings(
      List<Wordings.Step> steps, Speaker speaker, StrategyRequest request) {
    return Wordings.of(
        steps,
        speaker.model(),
        request.prompts().stream()
            .collect(Collectors.toMap(StrategyRequest.Prompt::name, StrategyRequest.Prompt::text)));
  }

  private static List<StrategyResult.Prompt> prompts(List<Wordings.Step> steps, Wordings wordings) {
    return steps.stream()
        .map(step ->
            new StrategyResult.Prompt(step.name(), wordings.text(step.name()), step.places()))
        .toList();
  }

  private static Found describe(Speaker speaker, StrategyRequest request, List<RgbImage> images) {
    Wordings wordings = wordings(DescribePrompts.STEPS, speaker, request);
    DescribeSettings usual = DescribeSettings.USUAL;
    DescribeReport report =
        new DescribeStudy(
                speaker,
                wordings,
                request.question().text(),
                images,
                new DescribeSettings(
                    request.rounds().orElse(usual.loops()),
                    usual.keep(),
                    request.candidates(),
                    usual.by(),
                    request.seed(),
                    "",
                    List.of(),
                    usual.shots(),
                    usual.selecting()),
                Optional.empty())
            .describe();
    return new Found(
        DescribeWords.conclusion(report),
        prompts(DescribePrompts.STEPS, wordings),
        report.ways().stream()
            .map(way -> way(way.name(), way.what(), way.answer(), way.choice()))
            .toList(),
        report.notes(),
        turn -> wordings.named(turn.asked().words()));
  }

  private static Found think(Speaker speaker, StrategyRequest request, List<RgbImage> images) {
    Wordings wordings = wordings(ThinkPrompts.STEPS, speaker, request);
    ThinkReport report =
        new ThinkStudy(
                speaker,
                wordings,
                request.question().text(),
                one(images),
                new ThinkSettings(
                    speaker.model().knows("plan")
                        ? ThinkSettings.Planning.MODEL
                        : ThinkSettings.Planning.RULES,
                    Optional.empty(),
                    ThinkSettings.Shown.TEXT,
                    request.candidates(),
                    Candidates.By.SUM,
                    Optional.empty(),
                    box(request),
                    1,
                    request.seed()))
            .think();
    return new Found(
        ThinkWords.conclusion(report),
        prompts(ThinkPrompts.STEPS, wordings),
        report.ways().stream()
            .map(way -> way(way.name(), way.what(), way.answer(), way.choice()))
            .toList(),
        report.notes(),
        turn -> wordings.named(turn.asked().words()));
  }

  private static Found vote(Speaker speaker, StrategyRequest request, List<RgbImage> images) {
    Wordings wordings = wordings(VotePrompts.STEPS, speaker, request);
    VoteReport report =
        new VoteStudy(
                speaker,
                wordings,
                request.question().text(),
                images,
                new VoteSettings(
                    request.rounds().orElse(VOTES),
                    request.temperature(),
                    request.seed(),
                    1,
                    List.of(Weight.SCORE),
                    request.candidates(),
                    Candidates.By.SUM,
                    VoteSettings.Answers.SEEN,
                    List.of(),
                    Optional.empty(),
                    Optional.empty()))
            .hold();
    return new Found(
        VoteWords.conclusion(report),
        prompts(VotePrompts.STEPS, wordings),
        report.totals().stream()
            .map(total ->
                new Way(
                    total.name(),
                    total.what(),
                    total.answer(),
                    total.distribution().stream().mapToDouble(Double::doubleValue).max(),
                    ""))
            .toList(),
        report.notes(),
        turn -> wordings.named(turn.asked().words()));
  }

  private static Found mark(StrategyRequest request, MarkLedger ledger, RgbImage image) {
    if (!request.prompts().isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "mark has no prompts of its own: it asks the question about other pictures",
          "Leave them out, and change the steps.");
    }
    return ledger.found(image);
  }

  private static Way way(String name, String what, String answer, Choice choice) {
    return new Way(name, what, answer, OptionalDouble.of(choice.of(answer)), "");
  }
}
