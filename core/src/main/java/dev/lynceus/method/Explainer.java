package dev.lynceus.method;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.method.Explanation.Answer;
import dev.lynceus.method.Explanation.AnswerToken;
import dev.lynceus.method.Explanation.ImageView;
import dev.lynceus.method.Explanation.Provenance;
import dev.lynceus.method.Explanation.Token;
import dev.lynceus.method.Explanation.WordExplanation;
import dev.lynceus.model.Picture;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.SeenView;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Torch;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Asks a model and explains its answer: the whole of `explain`, from a question to an
/// [Explanation].
public final class Explainer {
  /// Parameters from which an answer's words are no longer all explained unasked.
  private static final long LARGE = 1_000_000_000L;

  private final LoadedModel model;
  private final ExplainOptions options;
  private final Progress progress;
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private long mark = System.nanoTime();

  public Explainer(LoadedModel model, ExplainOptions options, Progress progress) {
    this.model = model;
    this.options = options;
    this.progress = progress;
  }

  /// Explains the answer to a question about some pictures.
  public Explanation explain(String question, Picture... pictures) {
    return explain(model.prompt(question, List.of(pictures), options.start()));
  }

  /// Explains what the model answers to a prompt.
  public Explanation explain(Prompt prompt) {
    progress.at("answer", 0, 0);
    lap("prepare");
    return switch (options.target()) {
      case TargetSpec.Answer given -> forced(prompt, ids(given.text()), null);
      case TargetSpec.NextToken next -> own(prompt, 1);
      case TargetSpec.OwnAnswer answer -> own(prompt, options.maxTokens());
      case TargetSpec.Word word -> own(prompt, options.maxTokens());
      case TargetSpec.Contrast contrast -> own(prompt, options.maxTokens());
    };
  }

  private int[] ids(String text) {
    return model.tokenizer().wordIds(text).stream().mapToInt(Integer::intValue).toArray();
  }

  /// Generates the answer and explains words of it.
  private Explanation own(Prompt prompt, int maxTokens) {
    int firstRow = prompt.length() - 1;
    try (Generation generation =
        model.generate(
            prompt,
            GenerationOptions.greedy(maxTokens),
            RowTrace.plan(model.model().decoder().config(), firstRow))) {
      lap("answer");
      Run run = generation.run();
      Generation.Answer answer = generation.answer();
      AnswerWords words = new AnswerWords(model.tokenizer(), answer.ids(), firstRow);
      double[][] shares = imageShares(run, words);
      List<Target> targets =
          switch (options.target()) {
            case TargetSpec.Word word -> {
              int[] group = words.find(word.word());
              yield group == null ? List.of() : List.of(words.target(group));
            }
            case TargetSpec.Contrast contrast -> {
              int[] group = words.find(contrast.word());
              int row = group == null ? firstRow : firstRow + group[0];
              yield List.of(
                  AnswerWords.contrast(
                      model.tokenizer(), row, contrast.word(), contrast.against()));
            }
            case TargetSpec.OwnAnswer all -> ranked(words, shares);
            case TargetSpec.NextToken next -> nextToken(run, words, firstRow);
            case TargetSpec.Answer given -> List.of();
          };
      if (targets.isEmpty()) {
        TargetSpec.Word absent = (TargetSpec.Word) options.target();
        return forced(prompt, ids(absent.word()), answer);
      }
      return assemble(
          prompt, run, answer.ids(), answer.logProbabilities(), answer.text(), targets, shares);
    }
  }

  /// The most probable next token, also where it ends the text and so is no part of an answer.
  private List<Target> nextToken(Run run, AnswerWords words, int firstRow) {
    if (!words.groups().isEmpty()) {
      return List.of(words.target(words.groups().getFirst()));
    }
    int id = run.logits().argmax(1).toInts()[0];
    return List.of(Target.token(new Words(model.tokenizer()).text(id).strip(), firstRow, id));
  }

  /// Words of the answer, the one that the image raises most first.
  private List<Target> ranked(AnswerWords words, double[][] shares) {
    int most =
        model.checkpoint().parameters() < LARGE ? options.words() : Math.min(options.words(), 3);
    List<Target> targets = new ArrayList<>();
    words.groups().stream()
        .filter(group -> Character.isLetterOrDigit((words.text(group) + " ").codePointAt(0)))
        .sorted(Comparator.comparingDouble((int[] group) -> -sum(shares, group)))
        .limit(most)
        .forEach(group -> targets.add(words.target(group)));
    if (targets.isEmpty() && !words.groups().isEmpty()) {
      targets.add(words.target(words.groups().getFirst()));
    }
    if (targets.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the model answered nothing, so there is nothing to explain",
          "Explain the next token (--next-token), a word (--target), or begin the answer (--start).");
    }
    return targets;
  }

  private static double sum(double[][] shares, int[] group) {
    double sum = 0;
    for (int i = group[0]; i < group[1]; i++) {
      sum += shares[i][0];
    }
    return sum;
  }

  /// First-order increase from image positions, per token of the answer.
  private double[][] imageShares(Run run, AnswerWords words) {
    int[] image = run.tokens().positions(TokenMap.Role.IMAGE);
    List<double[]> shares = new ArrayList<>();
    for (int[] group : words.groups()) {
      for (Target.Aim aim : words.target(group).aims()) {
        double sum = 0;
        if (image.length > 0) {
          double[] positions = FirstOrder.positions(run, new Target("", List.of(aim)));
          for (int p : image) {
            sum += positions[p];
          }
        }
        shares.add(new double[] {sum});
        progress.at("screen", shares.size(), 0);
      }
    }
    lap("screen");
    return shares.toArray(double[][]::new);
  }

  /// Explains tokens that the model did not choose, by teacher forcing.
  ///
  /// @param own what the model answered instead, or null where it was not asked
  private Explanation forced(
      Prompt prompt, int[] ids, Generation.@org.jspecify.annotations.Nullable Answer own) {
    int firstRow = prompt.length() - 1;
    Prompt longer = prompt.withAnswer(Arrays.copyOf(ids, ids.length - 1));
    try (Run run = model.run(longer, RowTrace.plan(model.model().decoder().config(), firstRow))) {
      lap("forward");
      List<Target.Aim> aims = new ArrayList<>();
      for (int i = 0; i < ids.length; i++) {
        aims.add(new Target.Aim(firstRow + i, ids[i], java.util.OptionalInt.empty()));
      }
      Target target = new Target(model.tokenizer().decode(ids).strip(), aims);
      AnswerWords words = new AnswerWords(model.tokenizer(), ids, firstRow);
      double[] logs = new double[ids.length];
      for (int i = 0; i < ids.length; i++) {
        logs[i] =
            new LogIncrease().explain(run, new Target("", List.of(aims.get(i))), progress).total();
      }
      String text = own == null ? target.text() : own.text().strip();
      return assemble(
          prompt,
          run,
          ids,
          logs,
          text + (own == null ? "" : " (asked about: " + target.text() + ")"),
          List.of(target),
          imageShares(run, words));
    }
  }

  private Explanation assemble(
      Prompt prompt,
      Run run,
      int[] ids,
      double[] logs,
      String text,
      List<Target> targets,
      double[][] shares) {
    List<WordExplanation> words = new ArrayList<>();
    WordExplainer explainer = new WordExplainer(run, options, progress);
    for (Target target : targets) {
      words.add(explainer.explain(target));
    }
    lap("explain");
    // What follows reads the residual stream only, and needs room for the scores of all words.
    run.forgetKeys();
    progress.at("patches", 0, 1);
    List<ImageView> images = images(prompt, run, targets.getFirst().aims().getFirst().row());
    lap("patches");
    List<AnswerToken> tokens = new ArrayList<>();
    for (int i = 0; i < ids.length; i++) {
      tokens.add(
          new AnswerToken(
              prompt.length() + i,
              ids[i],
              shown(ids[i]),
              logs[i],
              shares[i][0],
              explained(targets, prompt.length() - 1 + i)));
    }
    return new Explanation(
        provenance(),
        new Explanation.Prompt(
            prompt.question().isEmpty() ? prompt.text() : prompt.question(),
            prompt.text(),
            model.model().decoder().config().layers(),
            model.model().decoder().config().heads(),
            tokens(prompt.tokens().withAnswer(ids))),
        images,
        new Answer(text.strip(), tokens),
        words);
  }

  private static int explained(List<Target> targets, int row) {
    for (int i = 0; i < targets.size(); i++) {
      if (targets.get(i).aims().stream().anyMatch(aim -> aim.row() == row)) {
        return i;
      }
    }
    return -1;
  }

  /// One view for each picture, or for each of its tiles where the model sees tiles.
  private List<ImageView> images(Prompt prompt, Run run, int row) {
    List<ImageView> images = new ArrayList<>();
    List<SeenView> pixels = model.views(prompt.pictures());
    List<TokenMap.View> views = prompt.tokens().views();
    for (int i = 0; i < views.size(); i++) {
      TokenMap.Tile tile = views.get(i).tile();
      RgbImage original = pixels.get(i).original();
      RgbImage seen = pixels.get(i).seen();
      images.add(
          new ImageView(
              views.get(i).label(),
              original.width(),
              original.height(),
              seen.width(),
              seen.height(),
              tile.rows(),
              tile.columns(),
              new double[] {tile.left(), tile.top(), tile.seenWidth(), tile.seenHeight()},
              VisualWords.of(run, views.get(i).positions(), row, options.listed())));
    }
    return images;
  }

  private List<Token> tokens(TokenMap map) {
    int[] image = new int[map.length()];
    int[] patch = new int[map.length()];
    Arrays.fill(image, -1);
    Arrays.fill(patch, -1);
    List<TokenMap.View> views = map.views();
    for (int v = 0; v < views.size(); v++) {
      int[] positions = views.get(v).tokens();
      for (int token = 0; token < positions.length; token++) {
        image[positions[token]] = v;
        patch[positions[token]] = views.get(v).tile().patch(token);
      }
    }
    List<Token> tokens = new ArrayList<>();
    for (int p = 0; p < map.length(); p++) {
      TokenMap.Spot spot = map.spots().get(p);
      String label = map.label(p);
      boolean visual = spot.role() == TokenMap.Role.IMAGE;
      tokens.add(
          new Token(
              p,
              spot.id(),
              visual ? label : shown(spot.id()),
              spot.role().name().toLowerCase(Locale.ROOT),
              label,
              image[p],
              patch[p]));
    }
    return tokens;
  }

  private String shown(int id) {
    return new Words(model.tokenizer()).text(id);
  }

  private Provenance provenance() {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("libtorch", Torch.version());
    versions.put("java", Runtime.version().toString());
    String version = Explainer.class.getPackage().getImplementationVersion();
    return new Provenance(
        version == null ? "development" : version,
        model.name(),
        model.checkpoint().config().path("model_type").asString(""),
        model.checkpoint().revision().orElse(model.checkpoint().fingerprint()),
        model.checkpoint().parameters(),
        model.weightsType().toString(),
        model.computeType().toString(),
        "cpu",
        Torch.threads(),
        options.seed(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        options.command(),
        new LinkedHashMap<>(seconds),
        versions);
  }

  private void lap(String stage) {
    long now = System.nanoTime();
    seconds.merge(stage, (now - mark) / 1e9, Double::sum);
    mark = now;
  }
}
