package dev.lynceus.request;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.AnswerTargets;
import dev.lynceus.method.Inputs;
import dev.lynceus.method.KeyWord;
import dev.lynceus.method.PatchViews;
import dev.lynceus.method.Target;
import dev.lynceus.method.TargetSpec;
import dev.lynceus.method.Words;
import dev.lynceus.method.gradient.GradientPlan;
import dev.lynceus.method.reader.AnswerWord;
import dev.lynceus.method.relevancy.CompatibleRelevancy;
import dev.lynceus.method.relevancy.RelevancyMaps;
import dev.lynceus.method.relevancy.RelevancyResult;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.TokenMap;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Follows an answer back to what it depends on.
record FollowingBack(Task<?> task, RelevancyRequest request, Running running) {

  RelevancyResult result() {
    LoadedModel model = task.model();
    Prompt prompt = task.prompt();
    if (request.question().isBlind()) {
      return text();
    }
    running.progress().step("answer", 0, 0);
    try (Generation generation =
        model.generate(
            prompt,
            GenerationOptions.greedy(
                request.maxTokens().orElseGet(() -> Explained.usual(model, prompt.length()))),
            GradientPlan.of(model, prompt))) {
      return new RelevancyResult(
          model.name(),
          model.checkpoint().version(),
          prompt.question().isEmpty() ? prompt.text() : prompt.question(),
          generation.answer().text().strip(),
          request.mode().word(),
          request.compatible(),
          running.command(),
          texts(model, generation.run().tokens()),
          texts(model, prompt.beside()),
          words(model, prompt, generation));
    }
  }

  /// The answer of a model that reads a text, followed back to its words.
  private RelevancyResult text() {
    LoadedModel model = task.model();
    Prompt prompt = task.prompt();
    if (!Inputs.reads(model.model())) {
      throw PatchViews.noPicture(model.model(), "to follow the answer back to");
    }
    if (request.compatible()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--compatible draws on a picture, and there is none",
          "Leave it out; `lynceus explain` writes a page about a text.");
    }
    KeyWord word = AnswerWord.find(model, prompt, new TargetSpec.OwnAnswer(), Explained.USUAL);
    try (Run run = model.run(word.prompt(), Capture.NONE)) {
      RelevancyMaps.Result one =
          new RelevancyMaps().explain(run, List.of(word.target()), running.progress()).getFirst();
      return new RelevancyResult(
          model.name(),
          model.checkpoint().version(),
          prompt.question().isEmpty() ? prompt.text() : prompt.question(),
          word.answer(),
          request.mode().word(),
          false,
          running.command(),
          texts(model, run.tokens()),
          List.of(),
          List.of(new RelevancyResult.Word(one.text(), null, one.positions(), null, List.of())));
    }
  }

  private static List<String> texts(LoadedModel model, TokenMap tokens) {
    Words words = new Words(model.tokenizer());
    return IntStream.range(0, tokens.length())
        .mapToObj(p ->
            tokens.spots().get(p).role() == TokenMap.Role.IMAGE
                ? tokens.label(p)
                : words.text(tokens.spots().get(p).id()).strip())
        .toList();
  }

  private List<RelevancyResult.Word> words(
      LoadedModel model, Prompt prompt, Generation generation) {
    Progress progress = running.progress();
    List<Target> targets = AnswerTargets.of(model, generation.answer(), prompt.length() - 1);
    if (targets.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the model answered nothing, so there is nothing to explain",
          "Begin the answer (--start).");
    }
    List<TokenMap.View> views = Inputs.seen(generation.run()).views();
    List<RelevancyResult.Word> words = new ArrayList<>();
    if (request.compatible()) {
      List<CompatibleRelevancy.Maps> tokens =
          new CompatibleRelevancy().explain(generation.run(), targets, progress);
      int next = 0;
      for (Target target : targets) {
        int count = target.aims().size();
        CompatibleRelevancy.Maps word = request.pieces().of(tokens.subList(next, next + count));
        next += count;
        List<RelevancyResult.Map> maps = new ArrayList<>();
        for (RelevancyResult.Mode mode : request.mode().told()) {
          maps.addAll(maps(mode, views, List.of(map(word, mode))));
        }
        words.add(new RelevancyResult.Word(target.text(), null, null, null, maps));
      }
      return words;
    }
    for (RelevancyMaps.Result word :
        new RelevancyMaps().explain(generation.run(), targets, progress)) {
      List<RelevancyResult.Map> maps = new ArrayList<>();
      for (RelevancyResult.Mode mode : request.mode().told()) {
        maps.addAll(maps(mode, views, word.maps().stream().map(one -> map(one, mode)).toList()));
      }
      words.add(
          new RelevancyResult.Word(
              word.text(),
              word.imageShare(),
              word.positions(),
              word.question().length == 0 ? null : word.question(),
              maps));
    }
    return words;
  }

  private static double[] map(RelevancyMaps.Maps maps, RelevancyResult.Mode mode) {
    return switch (mode) {
      case DECODER -> maps.decoder();
      case TOWER -> maps.tower();
      case COMPOSED -> maps.composed();
      case ALL -> throw new IllegalArgumentException("one map at a time");
    };
  }

  private static double[] map(CompatibleRelevancy.Maps maps, RelevancyResult.Mode mode) {
    return switch (mode) {
      case DECODER -> maps.shown();
      case TOWER -> maps.vit();
      case COMPOSED -> maps.all();
      case ALL -> throw new IllegalArgumentException("one map at a time");
    };
  }

  private static List<RelevancyResult.Map> maps(
      RelevancyResult.Mode mode, List<TokenMap.View> views, List<double[]> values) {
    return IntStream.range(0, views.size())
        .mapToObj(v ->
            new RelevancyResult.Map(
                mode.word(),
                views.get(v).label(),
                views.get(v).tile().rows(),
                views.get(v).tile().columns(),
                values.get(v)))
        .toList();
  }
}
