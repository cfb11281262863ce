package dev.lynceus.method.attention;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.AnswerWords;
import dev.lynceus.method.Inputs;
import dev.lynceus.method.KeyWord;
import dev.lynceus.method.TargetSpec;
import dev.lynceus.method.Words;
import dev.lynceus.method.reader.AnswerWord;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Piece;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tap.TokenMap.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// Asks a model that reads ([Inputs#reads(Model)]) and tells the attention behind its answer, stack
/// by stack: an answer's words at the question, the question's words at the picture, and each at
/// itself; of a model that reads a text, its answer and the question at all that was read.
///
/// @param progress told what is being done
public record ReadingLooker(LoadedModel model, AttentionOptions options, Progress progress) {

  /// What is read of a run.
  ///
  /// @param rows of the decoder that answer
  private record Answered(Run run, String answer, String read, int[] rows) {}

  /// Positions of a stack, who they are, and the words that they stand for.
  private record Side(String name, TokenMap tokens, int[] positions) {}

  /// The attention behind the model's own answer.
  ///
  /// @throws LynceusException UNSUPPORTED_MODEL for options that need visual tokens among words;
  ///   BAD_REQUEST without an answer, or if it lacks the word that was asked for
  public ReadingLooks explain(Prompt prompt) {
    requirePlain();
    progress.at("answer", 0, 0);
    boolean writes = Inputs.seesByReading(model.model());
    return writes ? written(prompt) : read(prompt);
  }

  private void requirePlain() {
    String which =
        options.redistribution().isPresent()
            ? "--var"
            : options.why().isPresent()
                ? "--why"
                : options.patches().isPresent() ? "--patches" : "";
    if (!which.isEmpty()) {
      throw new LynceusException(
          ErrorCode.UNSUPPORTED_MODEL,
          which + " needs visual tokens among the words of a decoder, and this model has none",
          "Leave " + which + " out; `lynceus knockout` takes sight of patches and words away.");
    }
  }

  private Capture capture() {
    Capture capture = Capture.NONE;
    for (Stack stack : List.of(Stack.ENCODER, Stack.DECODER)) {
      for (Site site : List.of(Site.PATTERN, Site.CROSS_PATTERN)) {
        if (model.model().has(Point.of(stack, site))) {
          capture = capture.and(Capture.request(Point.of(stack, site)));
        }
      }
    }
    return capture;
  }

  // ---- BLIP

  private ReadingLooks written(Prompt prompt) {
    int firstRow = prompt.length() - 1;
    int[] ids;
    String answer;
    try (Generation generation =
        model.generate(prompt, GenerationOptions.greedy(options.maxTokens()), Capture.NONE)) {
      ids = generation.answer().ids();
      answer = generation.answer().text().strip();
    }
    if (ids.length == 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the model answered nothing, so there are no rows to read",
          "Begin the answer with --start, or ask something else.");
    }
    AnswerWords words = new AnswerWords(model.tokenizer(), ids, firstRow);
    int[] group =
        options.target().map(word -> found(words, word)).orElse(new int[] {0, ids.length});
    progress.at("attention", 0, 0);
    try (Run run = model.run(prompt.withAnswer(Arrays.copyOf(ids, ids.length - 1)), capture())) {
      String read = options.target().isPresent() ? words.text(group) : answer;
      Answered answered =
          new Answered(
              run,
              answer,
              read,
              IntStream.range(firstRow + group[0], firstRow + group[1]).toArray());
      TokenMap seen = Inputs.seen(run);
      TokenMap question = run.batch().prompts().getFirst().beside();
      Side own = new Side("answer", run.tokens(), answered.rows);
      Side picture = new Side("picture", seen, seen.positions(Role.IMAGE));
      Side said = new Side("what it said before", run.tokens(), all(run.tokens()));
      List<ReadingLooks.Look> looks = new ArrayList<>();
      if (question.length() > 0) {
        Side asked = new Side("question", question, question.positions(Role.QUESTION));
        Side whole = new Side("question", question, all(question));
        looks.add(look(run, Stack.DECODER, Site.CROSS_PATTERN, own, whole));
        looks.add(look(run, Stack.ENCODER, Site.CROSS_PATTERN, asked, picture));
        looks.add(look(run, Stack.ENCODER, Site.PATTERN, asked, whole));
      } else {
        looks.add(look(run, Stack.DECODER, Site.CROSS_PATTERN, own, picture));
      }
      looks.add(look(run, Stack.DECODER, Site.PATTERN, own, said));
      return told(prompt, answered, seen, looks);
    }
  }

  private int[] found(AnswerWords words, String word) {
    int[] group = words.find(word);
    if (group == null) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the answer does not say '" + word + "'",
          "Use one of its words: "
              + String.join(", ", words.groups().stream().map(words::text).toList())
              + ".");
    }
    return group;
  }

  private static int[] all(TokenMap tokens) {
    return IntStream.range(0, tokens.length()).toArray();
  }

  // ---- BERT

  private ReadingLooks read(Prompt prompt) {
    TargetSpec spec =
        options.target().<TargetSpec>map(TargetSpec.Word::new).orElse(new TargetSpec.OwnAnswer());
    KeyWord found = AnswerWord.find(model, prompt, spec, options.maxTokens());
    progress.at("attention", 0, 0);
    try (Run run = model.run(found.prompt(), capture())) {
      TokenMap tokens = run.tokens();
      boolean pieces = model.model().decoder().config().answers() == TextConfig.Answers.SPANS;
      Piece piece = Piece.of(found.target().ids()[0], tokens.length());
      int[] rows =
          pieces
              ? IntStream.rangeClosed(piece.start(), piece.end()).toArray()
              : new int[] {found.target().aims().getFirst().row()};
      Answered answered = new Answered(run, found.answer(), found.target().text(), rows);
      Side whole = new Side(pieces ? "question and passage" : "text", tokens, all(tokens));
      List<ReadingLooks.Look> looks = new ArrayList<>();
      looks.add(
          look(
              run,
              Stack.DECODER,
              Site.PATTERN,
              new Side(pieces ? "answer" : "place of the word", tokens, rows),
              whole));
      if (pieces) {
        Side asked = new Side("question", tokens, tokens.positions(Role.QUESTION));
        looks.add(look(run, Stack.DECODER, Site.PATTERN, asked, whole));
      }
      return told(prompt, answered, TokenMap.NONE, looks);
    }
  }

  // ---- both

  private static ReadingLooks told(
      Prompt prompt, Answered answered, TokenMap seen, List<ReadingLooks.Look> looks) {
    return new ReadingLooks(
        prompt.question().isEmpty() ? prompt.text() : prompt.question(),
        answered.answer,
        answered.read,
        seen.views().stream()
            .map(view ->
                new ReadingLooks.View(view.label(), view.tile().rows(), view.tile().columns()))
            .toList(),
        looks);
  }

  /// `[layers][heads][columns]`, mean over the rows of a side.
  private static double[][][] means(Run run, Point point, int layers, int[] rows) {
    double[][][] means = new double[layers][][];
    for (int l = 0; l < layers; l++) {
      var pattern = run.get(point, l);
      int heads = (int) pattern.size(1);
      int all = (int) pattern.size(2);
      int width = (int) pattern.size(3);
      float[] values = pattern.toFloats();
      means[l] = new double[heads][width];
      for (int h = 0; h < heads; h++) {
        for (int row : rows) {
          for (int c = 0; c < width; c++) {
            means[l][h][c] += values[(h * all + row) * width + c] / (double) rows.length;
          }
        }
      }
    }
    return means;
  }

  private ReadingLooks.Look look(Run run, Stack stack, Site site, Side from, Side to) {
    Point point = Point.of(stack, site);
    double[][][] means = means(run, point, model.model().layers(stack), from.positions);
    List<TokenMap.View> views = to.tokens.views();
    List<int[]> places =
        views.isEmpty()
            ? List.of(to.positions)
            : views.stream().map(TokenMap.View::positions).toList();
    int[] content =
        views.isEmpty()
            ? IntStream.of(to.positions)
                .filter(p -> to.tokens.spots().get(p).role() != Role.TEMPLATE)
                .toArray()
            : places.stream().flatMapToInt(IntStream::of).toArray();
    double[][] mass = new double[means.length][];
    List<ReadingLooks.Head> heads = new ArrayList<>();
    MapShape[][] shapes = new MapShape[means.length][];
    for (int l = 0; l < means.length; l++) {
      mass[l] = new double[means[l].length];
      shapes[l] = new MapShape[means[l].length];
      for (int h = 0; h < mass[l].length; h++) {
        double[] row = means[l][h];
        mass[l][h] = IntStream.of(content).mapToDouble(p -> row[p]).sum();
        shapes[l][h] = shape(row, views, content);
      }
    }
    List<HeadRef> order =
        views.isEmpty()
            ? byLargest(means, content)
            : LocalisationHeads.rank(mass, shapes).stream()
                .map(LocalisationHeads.Ranked::head)
                .toList();
    for (HeadRef head : order) {
      boolean wanted =
          options.named().isEmpty()
              ? heads.size() < options.heads()
              : options.named().contains(head);
      if (wanted) {
        double[] row = means[head.layer()][head.head()];
        heads.add(
            new ReadingLooks.Head(
                head.layer(),
                head.head(),
                mass[head.layer()][head.head()],
                places.stream().map(some -> at(row, some)).toList()));
      }
    }
    double[] average = average(means);
    Words words = new Words(model.tokenizer());
    return new ReadingLooks.Look(
        stack.name().toLowerCase(Locale.ROOT),
        site == Site.CROSS_PATTERN ? "cross-attention" : "attention",
        from.name,
        to.name,
        texts(words, from),
        views.isEmpty() ? texts(words, to) : List.of(),
        mass,
        places.stream().map(some -> at(average, some)).toList(),
        heads);
  }

  private static MapShape shape(double[] row, List<TokenMap.View> views, int[] content) {
    return MapShape.of(
        views.isEmpty()
            ? List.of(new MapShape.Grid(at(row, content), 1, content.length))
            : views.stream()
                .map(view ->
                    new MapShape.Grid(
                        at(row, view.positions()), view.tile().rows(), view.tile().columns()))
                .toList());
  }

  private static double[] at(double[] row, int[] some) {
    return IntStream.of(some).mapToDouble(p -> row[p]).toArray();
  }

  private static double[] average(double[][][] means) {
    double[] average = new double[means[0][0].length];
    for (double[][] layer : means) {
      for (double[] head : layer) {
        for (int c = 0; c < average.length; c++) {
          average[c] += head[c] / (means.length * layer.length);
        }
      }
    }
    return average;
  }

  /// Heads by the most that they pay one word of content.
  private static List<HeadRef> byLargest(double[][][] means, int[] content) {
    List<HeadRef> all = new ArrayList<>();
    for (int l = 0; l < means.length; l++) {
      for (int h = 0; h < means[l].length; h++) {
        all.add(new HeadRef(l, h));
      }
    }
    all.sort(
        Comparator.comparingDouble(
            head -> -Arrays.stream(at(means[head.layer()][head.head()], content)).max().orElse(0)));
    return all;
  }

  private static List<String> texts(Words words, Side side) {
    return IntStream.of(side.positions)
        .mapToObj(p -> words.text(side.tokens.spots().get(p).id()).strip())
        .toList();
  }
}
