package dev.lynceus.method.attention;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.AnswerWords;
import dev.lynceus.method.PatchViews;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tap.TokenMap.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/// Asks a model and tells the attention behind its answer: which layers and heads look at the
/// picture, where, from which words, and which of it goes to sinks.
///
/// @param progress told what is being done
public record AttentionExplainer(LoadedModel model, AttentionOptions options, Progress progress) {

  /// What one answer is read from.
  private record Reading(
      Prompt prompt, Run run, int[] ids, AnswerWords words, AttentionRows rows, Sinks sinks) {
    TokenMap tokens() {
      return run.tokens();
    }

    int firstRow() {
      return prompt.length() - 1;
    }

    /// The user's words; of a raw prompt, in which nothing tells them from what is around them, all
    /// of its text but the first position, which is told by itself.
    int[] asked() {
      int[] question = tokens().positions(Role.QUESTION);
      return question.length > 0
          ? question
          : IntStream.of(tokens().positions(Role.TEMPLATE)).filter(p -> p > 0).toArray();
    }

    String zone() {
      return tokens().positions(Role.QUESTION).length > 0 ? "question" : "text";
    }

    int[] rows(int[] group) {
      return IntStream.range(firstRow() + group[0], firstRow() + group[1]).toArray();
    }
  }

  /// The attention behind the model's own answer.
  ///
  /// @throws LynceusException BAD_REQUEST without a picture or an answer, or if the answer lacks
  ///   the word that was asked for
  public AttentionResult explain(Prompt prompt) {
    PatchViews.requireAmongWords(model.model(), "attention to patches");
    if (prompt.tokens().positions(Role.IMAGE).length == 0) {
      throw PatchViews.noPicture(model.model(), "to look at");
    }
    options.named().forEach(head -> head.in(model.model().decoder().config()));
    options.why().ifPresent(why -> why.head().in(model.model().decoder().config()));
    int firstRow = prompt.length() - 1;
    progress.at("answer", 0, 0);
    try (Generation generation =
        model.generate(
            prompt,
            GenerationOptions.greedy(options.maxTokens()),
            AttentionRows.capture(firstRow).and(Capture.request(Point.RESID_PRE)))) {
      int[] ids = generation.answer().ids();
      if (ids.length == 0) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "the model answered nothing, so there are no rows to read",
            "Begin the answer with --start, or ask something else.");
      }
      progress.at("attention", 0, 0);
      Run run = generation.run();
      Reading reading =
          new Reading(
              prompt,
              run,
              ids,
              new AnswerWords(model.tokenizer(), ids, firstRow),
              AttentionRows.of(run, firstRow, ids.length),
              Sinks.of(run, options.sinks()));
      return told(reading, generation.answer().text().strip());
    }
  }

  private AttentionResult told(Reading reading, String answer) {
    int[] group =
        options
            .target()
            .map(word -> found(reading, word))
            .orElse(new int[] {0, reading.ids.length});
    int[] rows = reading.rows(group);
    TokenMap tokens = reading.tokens();
    HeadGrid image = reading.rows.grid("image", rows, tokens.positions(Role.IMAGE));
    List<AttentionResult.HeadMap> heads = heads(reading, rows, image);
    return new AttentionResult(
        answer,
        reading.words.groups().stream().map(one -> word(reading, one)).toList(),
        options.target().isPresent() ? reading.words.text(group) : answer,
        rows,
        List.of(
            image,
            reading.rows.grid(reading.zone(), rows, reading.asked()),
            reading.rows.grid("first position", rows, new int[] {0})),
        tokens.views().stream()
            .map(view ->
                new AttentionResult.View(view.label(), view.tile().rows(), view.tile().columns()))
            .toList(),
        heads,
        marks(reading, rows),
        options.patches().map(text -> readers(reading, heads, text)),
        options
            .redistribution()
            .map(method ->
                method.measure(
                    model,
                    reading.prompt,
                    reading.sinks,
                    reading.ids,
                    answer,
                    options.maxTokens())),
        options.why().map(why -> why(reading, rows, why)));
  }

  private int[] found(Reading reading, String word) {
    int[] group = reading.words.find(word);
    if (group == null) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the answer does not say '" + word + "'",
          "Use one of its words: "
              + String.join(", ", reading.words.groups().stream().map(reading.words::text).toList())
              + ".");
    }
    return group;
  }

  private static AttentionResult.Word word(Reading reading, int[] group) {
    int[] rows = reading.rows(group);
    TokenMap tokens = reading.tokens();
    return new AttentionResult.Word(
        reading.words.text(group),
        rows,
        reading.rows.grid("", rows, tokens.positions(Role.IMAGE)).average(),
        reading.rows.grid("", rows, reading.asked()).average(),
        sinkMass(reading, rows, IntStream.range(0, tokens.length()).toArray()));
  }

  /// Mean over layers and heads of the attention to those of some positions that are sinks of the
  /// layer.
  private static double sinkMass(Reading reading, int[] rows, int[] among) {
    double sum = 0;
    for (int l = 0; l < reading.rows.layers(); l++) {
      int layer = l;
      int[] marked = IntStream.of(among).filter(p -> reading.sinks.is(layer, p)).toArray();
      for (int h = 0; h < reading.rows.heads(); h++) {
        sum += Arrays.stream(reading.rows.mean(rows, l, h, marked)).sum();
      }
    }
    return sum / (reading.rows.layers() * reading.rows.heads());
  }

  private List<AttentionResult.HeadMap> heads(Reading reading, int[] rows, HeadGrid image) {
    MapShape[][] shapes = new MapShape[reading.rows.layers()][reading.rows.heads()];
    for (int l = 0; l < shapes.length; l++) {
      for (int h = 0; h < shapes[l].length; h++) {
        shapes[l][h] = shape(reading, rows, new HeadRef(l, h));
      }
    }
    List<LocalisationHeads.Ranked> ranked = LocalisationHeads.rank(image.mass(), shapes);
    List<AttentionResult.HeadMap> told = new ArrayList<>();
    for (int i = 0; i < ranked.size(); i++) {
      LocalisationHeads.Ranked one = ranked.get(i);
      boolean wanted =
          options.named().isEmpty()
              ? told.size() < options.heads()
              : options.named().contains(one.head());
      if (wanted) {
        told.add(headMap(reading, rows, one, i + 1));
      }
    }
    return told;
  }

  private static MapShape shape(Reading reading, int[] rows, HeadRef head) {
    return MapShape.of(
        reading.tokens().views().stream()
            .map(view ->
                new MapShape.Grid(
                    reading.rows.mean(rows, head.layer(), head.head(), view.positions()),
                    view.tile().rows(),
                    view.tile().columns()))
            .toList());
  }

  private static AttentionResult.HeadMap headMap(
      Reading reading, int[] rows, LocalisationHeads.Ranked one, int rank) {
    int layer = one.head().layer();
    int head = one.head().head();
    int[] image = reading.tokens().positions(Role.IMAGE);
    double entropy = one.shape().entropy();
    return new AttentionResult.HeadMap(
        one.head(),
        rank,
        one.localises(),
        one.mass(),
        one.shape().spread(),
        Double.isFinite(entropy) ? OptionalDouble.of(entropy) : OptionalDouble.empty(),
        one.shape().regions(),
        reading.tokens().views().stream()
            .map(view -> reading.rows.mean(rows, layer, head, view.positions()))
            .toList(),
        reading.words.groups().stream()
            .mapToDouble(group ->
                Arrays.stream(reading.rows.mean(reading.rows(group), layer, head, image)).sum())
            .toArray());
  }

  private static AttentionResult.SinkMarks marks(Reading reading, int[] rows) {
    Sinks sinks = reading.sinks;
    TokenMap tokens = reading.tokens();
    int[] lasting = sinks.lasting();
    int[] image = tokens.positions(Role.IMAGE);
    double all = reading.rows.grid("", rows, image).average();
    return new AttentionResult.SinkMarks(
        sinks.dimensions(),
        sinks.threshold(),
        lasting,
        IntStream.of(lasting).mapToObj(tokens::label).toList(),
        IntStream.of(lasting).mapToDouble(sinks::largest).toArray(),
        IntStream.range(0, reading.rows.layers()).map(l -> sinks.at(l).length).toArray(),
        all == 0 ? 0 : sinkMass(reading, rows, image) / all);
  }

  private static AttentionResult.PatchReaders readers(
      Reading reading, List<AttentionResult.HeadMap> heads, String text) {
    int[] positions = positions(reading, text);
    List<int[]> groups = reading.words.groups();
    double[] all =
        groups.stream()
            .mapToDouble(group ->
                reading.rows.grid("", reading.rows(group), positions).average() / positions.length)
            .toArray();
    List<double[]> single =
        heads.stream()
            .map(one ->
                groups.stream()
                    .mapToDouble(group ->
                        Arrays.stream(
                                reading.rows.mean(
                                    reading.rows(group),
                                    one.head().layer(),
                                    one.head().head(),
                                    positions))
                            .average()
                            .orElse(0))
                    .toArray())
            .toList();
    return new AttentionResult.PatchReaders(text, positions.length, all, single);
  }

  private static int[] positions(Reading reading, String text) {
    int length = reading.tokens().length();
    Positions some = Positions.parse(text);
    int[] found = some.within(0, length, reading.tokens());
    boolean outside =
        some instanceof Positions.Of of && IntStream.of(of.numbers()).anyMatch(p -> p >= length);
    if (found.length == 0 || outside) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "'" + text + "' is not within the " + length + " positions of prompt and answer",
          "Use numbers from 0 to " + (length - 1) + ", or a label such as image[0].row[1].col[2].");
    }
    return found;
  }

  private AttentionResult.WhyThere why(Reading reading, int[] rows, AttentionOptions.Why why) {
    progress.at("query and key", 0, 0);
    int row = rows[0];
    int position =
        why.position().equals("most") ? most(reading, row, why.head()) : one(reading, why);
    QueryKeyAttribution.Result parts =
        QueryKeyAttribution.explain(
            model, reading.prompt.withAnswer(reading.ids), why.head(), row, position, 10);
    String word =
        reading.words.groups().stream()
            .filter(group -> Arrays.binarySearch(reading.rows(group), row) >= 0)
            .map(reading.words::text)
            .findFirst()
            .orElse("");
    return new AttentionResult.WhyThere(word, reading.tokens().label(position), parts);
  }

  private static int one(Reading reading, AttentionOptions.Why why) {
    int[] found = positions(reading, why.position());
    if (found.length > 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "'%s' names %d positions, and one score is taken apart"
              .formatted(why.position(), found.length),
          "Name one, for example image[0].row[1].col[2], or most.");
    }
    return found[0];
  }

  /// The position that a row attends to most, besides the first, on which much attention rests that
  /// has nowhere else to go.
  private static int most(Reading reading, int row, HeadRef head) {
    double[] all = reading.rows.mean(new int[] {row}, head.layer(), head.head());
    return IntStream.rangeClosed(1, row)
        .boxed()
        .max(java.util.Comparator.comparingDouble(p -> all[p]))
        .orElse(0);
  }
}
