package dev.lynceus.lab.measure;

import dev.lynceus.method.evidence.AskBack;
import dev.lynceus.method.evidence.Evidence;
import dev.lynceus.method.evidence.EvidenceExplainer;
import dev.lynceus.method.evidence.EvidenceOptions;
import dev.lynceus.method.evidence.InternalConfidence;
import dev.lynceus.method.evidence.Score;
import dev.lynceus.method.evidence.StateProbe;
import dev.lynceus.method.evidence.Thresholds;
import dev.lynceus.method.evidence.Verdict;
import dev.lynceus.model.Picture;
import dev.lynceus.pupil.world.Colour;
import dev.lynceus.pupil.world.Item;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Question.Kind;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.Silhouette;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Words of answers about scenes, each with its scores and what the scene says of it.
final class VerdictCases {
  private static final List<String> NUMBERS =
      List.of("zero", "one", "two", "three", "four", "five");

  private final LoadedModel model;
  private final @Nullable Thresholds thresholds;
  private final EvidenceExplainer explainer;
  private final AskBack back;
  private final Progress progress;
  private final List<Case> cases = new ArrayList<>();
  private final List<Premise> premises = new ArrayList<>();
  private List<float[][]> states = List.of();
  private int scene;

  /// A word.
  ///
  /// @param scene number of its scene
  /// @param scores one for each [Score]; NaN where the word has none
  /// @param states of the row that predicts it at every depth; empty for words of a question
  /// @param reliability as evidence tells it; NaN where it tells none
  /// @param verdict as evidence tells it; empty without thresholds
  // Plain numbers of a result; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  record Case(
      Truth truth,
      int scene,
      String word,
      double[] scores,
      float[][] states,
      double reliability,
      String verdict) {
    double score(Score score) {
      return scores[score.ordinal()];
    }

    boolean right() {
      return truth.side() == Truth.Side.RIGHT;
    }

    boolean own() {
      return truth.side() == Truth.Side.RIGHT || truth.side() == Truth.Side.WRONG;
    }
  }

  /// An attribute that a question could grant.
  ///
  /// @param open log odds of the attribute where the model is asked for it
  /// @param closed log odds of yes where the model is asked whether it is so; NaN for counts
  /// @param bare log odds of yes where it is asked for the colour as if it were a thing, `Is there
  ///   a purple?`; NaN for counts
  record Premise(Truth truth, double open, double closed, double bare, double effect) {}

  VerdictCases(
      LoadedModel model,
      InternalConfidence.Reading reading,
      @Nullable Thresholds thresholds,
      Progress progress) {
    this.model = model;
    this.thresholds = thresholds;
    this.explainer =
        new EvidenceExplainer(
            model,
            new EvidenceOptions(reading, 40, thresholds, null, null, null, List.of(), true),
            Progress.NONE,
            (run, words) -> states = words.stream().map(word -> states(run, word)).toList());
    this.back = new AskBack(model);
    this.progress = progress;
  }

  private static float[][] states(Run run, Evidence.Word word) {
    int layers = run.model().model().decoder().config().layers();
    float[][] states = new float[layers + 1][];
    for (int depth = 0; depth <= layers; depth++) {
      states[depth] = StateProbe.state(run, depth, word.position() - 1);
    }
    return states;
  }

  List<Case> cases() {
    return List.copyOf(cases);
  }

  List<Premise> premises() {
    return List.copyOf(premises);
  }

  /// Asks about the first scenes of a seed: a question of every kind, the colour of a thing that is
  /// not there, whether a thing that is there and one that is not are there; gives it a wrong
  /// colour, a wrong number, a false no and a false yes; and asks back about true and false colours
  /// and numbers.
  VerdictCases ask(long seed, int scenes) {
    Exam exam = new Exam(new World(seed, SceneRecipe.FREE));
    for (int number = 0; number < scenes; number++) {
      scene = number;
      Scene one = exam.scene(number);
      Picture picture = model.picture("scene " + number, one.image());
      for (Question question : exam.questions(number, one)) {
        if (question.kind() == Kind.DESCRIBE) {
          described(one, explain(picture, question.text()));
        } else if (question.kind() != Kind.EXISTS) {
          asked(question, explain(picture, question.text()));
        }
      }
      SplittableRandom random = exam.random(number).split();
      Item item = one.items().get(random.nextInt(one.items().size()));
      String there = item.noun();
      String missing = missing(one, random);
      last(Truth.ABSENT, explain(picture, "What is the color of the " + missing + "?"));
      exists(picture, there, true);
      exists(picture, missing, false);
      String other = other(item.colour(), random).word();
      given(picture, one, item, missing, other, random);
      premises(picture, one, item, other, random);
      progress.at("scenes of seed " + seed, number + 1L, scenes);
    }
    return this;
  }

  private static String missing(Scene scene, SplittableRandom random) {
    List<String> absent =
        Silhouette.names().stream()
            .filter(noun -> scene.items().stream().noneMatch(item -> item.noun().equals(noun)))
            .toList();
    return absent.get(random.nextInt(absent.size()));
  }

  private static Colour other(Colour own, SplittableRandom random) {
    Colour[] all = Colour.values();
    return all[(own.ordinal() + 1 + random.nextInt(all.length - 1)) % all.length];
  }

  private static int otherCount(int own, SplittableRandom random) {
    // Two to five, so that the form of the answer is that of the right one.
    int drawn = 2 + random.nextInt(own >= 2 ? 3 : 4);
    return own >= 2 && drawn >= own ? drawn + 1 : drawn;
  }

  private Optional<Evidence> explain(Picture picture, String question) {
    return Optional.of(explainer.explain(model.prompt(question, picture)))
        .filter(evidence -> !evidence.words().isEmpty());
  }

  // ---- answers that are given

  private void given(
      Picture picture,
      Scene one,
      Item item,
      String missing,
      String colour,
      SplittableRandom random) {
    String noun = item.noun();
    given(
        Truth.GIVEN_COLOUR,
        picture,
        "What is the color of the " + noun + "?",
        "The color of the " + noun + " is " + colour + ".",
        6);
    given(
        Truth.GIVEN_NO,
        picture,
        "Is there " + article(noun) + "?",
        "No, there is no " + noun + ".",
        0);
    given(
        Truth.GIVEN_YES,
        picture,
        "Is there " + article(missing) + "?",
        "Yes, there is " + article(missing) + ".",
        0);
    String count = NUMBERS.get(otherCount(one.items().size(), random));
    given(
        Truth.GIVEN_COUNT,
        picture,
        "How many objects are there?",
        "There are " + count + " objects.",
        2);
  }

  private void given(Truth truth, Picture picture, String question, String answer, int word) {
    Prompt prompt = model.prompt(question, picture);
    add(truth, explainer.explain(prompt, answer), word);
  }

  // ---- premises

  private void premises(
      Picture picture, Scene one, Item item, String other, SplittableRandom random) {
    List<Picture> pictures = List.of(picture);
    for (boolean so : new boolean[] {true, false}) {
      String colour = so ? item.colour().word() : other;
      AskBack.Attribute found = back.colour(item.noun(), colour, pictures);
      double closed = back.yes("Is the " + item.noun() + " " + colour + "?", pictures);
      premise(
          so ? Truth.TRUE_COLOUR : Truth.FALSE_COLOUR,
          colour,
          new Premise(
              so ? Truth.TRUE_COLOUR : Truth.FALSE_COLOUR,
              found.odds(),
              closed,
              back.presence(colour, pictures),
              found.effect()));
      int count = so ? one.items().size() : otherCount(one.items().size(), random);
      AskBack.Attribute counted = back.number("objects", NUMBERS.get(count), pictures);
      Truth truth = so ? Truth.TRUE_COUNT : Truth.FALSE_COUNT;
      premise(
          truth,
          NUMBERS.get(count),
          new Premise(truth, counted.odds(), Double.NaN, Double.NaN, counted.effect()));
    }
  }

  private void premise(Truth truth, String word, Premise premise) {
    premises.add(premise);
    double[] none = new double[Score.values().length];
    Arrays.fill(none, Double.NaN);
    String verdict =
        thresholds == null
            ? Verdict.UNCALIBRATED.label()
            : thresholds.premise(premise.open(), premise.effect()).label();
    cases.add(new Case(truth, scene, word, none, new float[0][], Double.NaN, verdict));
  }

  // ---- the model's own answers

  /// A question with one decisive place: the first word that is not that of the right answer, or
  /// else the first decisive one.
  private void asked(Question question, Optional<Evidence> found) {
    found.ifPresent(evidence -> {
      List<String> right = words(question.answer());
      List<String> said = evidence.words().stream().map(Evidence.Word::text).toList();
      int key = words(question.answer().substring(0, question.start())).size();
      int at = 0;
      while (at < Math.min(right.size(), said.size()) && right.get(at).equals(said.get(at))) {
        at++;
      }
      boolean wrong = at < Math.max(right.size(), said.size());
      int judged = wrong ? Math.min(at, said.size() - 1) : key;
      // "There is" has told that it is one; two colours that were said are the same or not.
      boolean concluded = question.kind() == Kind.SAME || question.key().equals("one");
      Truth fine = question.kind() == Kind.COUNT ? Truth.COUNTED : Truth.RIGHT;
      add(wrong ? Truth.WRONG : concluded ? Truth.CONCLUDED : fine, evidence, judged);
      for (int i = 0; i < Math.min(judged, key); i++) {
        // What a question names, an answer repeats; colours and numbers that are said on the way
        // are seen.
        if (!isColour(said.get(i)) && question.kind() != Kind.COUNT) {
          add(Truth.FORM, evidence, i);
        }
      }
    });
  }

  /// A description: things by whether they are there, colours by whether the thing after them has
  /// them.
  private void described(Scene one, Optional<Evidence> found) {
    found.ifPresent(evidence -> {
      List<Evidence.Word> words = evidence.words();
      for (int i = 0; i < words.size(); i++) {
        String word = words.get(i).text().toLowerCase(Locale.ROOT);
        if (Silhouette.names().contains(word)) {
          add(item(one, word).isPresent() ? Truth.DESCRIBED : Truth.INVENTED, evidence, i);
        } else if (isColour(word) && i + 1 < words.size()) {
          boolean so =
              item(one, words.get(i + 1).text())
                  .filter(item -> item.colour().word().equals(word))
                  .isPresent();
          add(so ? Truth.DESCRIBED : Truth.INVENTED, evidence, i);
        }
      }
    });
  }

  private static Optional<Item> item(Scene one, String noun) {
    return one.items().stream().filter(item -> item.noun().equals(noun)).findFirst();
  }

  private static boolean isColour(String word) {
    return Arrays.stream(Colour.values()).anyMatch(colour -> colour.word().equals(word));
  }

  /// The last word of an answer that ends with what is asked for.
  private void last(Truth truth, Optional<Evidence> found) {
    found.ifPresent(evidence -> add(truth, evidence, evidence.words().size() - 1));
  }

  private void exists(Picture picture, String noun, boolean there) {
    explain(picture, "Is there " + article(noun) + "?")
        .ifPresent(evidence -> {
          boolean right = evidence.words().getFirst().text().equals(there ? "Yes" : "No");
          add(!right ? Truth.WRONG : there ? Truth.RIGHT : Truth.DENIED, evidence, 0);
          evidence.asked().stream()
              .filter(one -> one.text().equals(noun))
              .findFirst()
              .ifPresent(one -> {
                double[] scores = new double[Score.values().length];
                Arrays.fill(scores, Double.NaN);
                scores[Score.ASKED.ordinal()] = Score.ASKED.asked(List.of(one));
                scores[Score.PRESENCE.ordinal()] = one.presence();
                cases.add(
                    new Case(
                        there ? Truth.SEEN : Truth.MISSING,
                        scene,
                        noun,
                        scores,
                        new float[0][],
                        Double.NaN,
                        // As it would be judged if it were granted.
                        thresholds == null
                            ? Verdict.UNCALIBRATED.label()
                            : thresholds.asked(one).label()));
              });
        });
  }

  private static String article(String noun) {
    return ("aeiou".indexOf(noun.charAt(0)) >= 0 ? "an " : "a ") + noun;
  }

  private void add(Truth truth, Evidence evidence, int index) {
    Evidence.Word word = evidence.words().get(index);
    List<Evidence.Asked> granted =
        evidence.asked().stream().filter(Evidence.Asked::granted).toList();
    Double reliability = word.reliability();
    cases.add(
        new Case(
            truth,
            scene,
            word.text(),
            Score.all(word, granted),
            truth == Truth.FORM ? new float[0][] : states.get(index),
            reliability == null ? Double.NaN : reliability,
            word.verdict()));
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.split("[^\\p{L}\\p{N}]+")).filter(word -> !word.isEmpty()).toList();
  }
}
