package dev.lynceus.pupil.measure;

import dev.lynceus.method.Progress;
import dev.lynceus.method.evidence.Evidence;
import dev.lynceus.method.evidence.EvidenceExplainer;
import dev.lynceus.method.evidence.EvidenceOptions;
import dev.lynceus.method.evidence.InternalConfidence;
import dev.lynceus.method.evidence.Score;
import dev.lynceus.method.evidence.Thresholds;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Words of answers about scenes, each with its scores and what the scene says of it.
final class VerdictCases {
  private final LoadedModel model;
  private final EvidenceExplainer explainer;
  private final Progress progress;
  private final List<Case> cases = new ArrayList<>();

  /// What a word is.
  enum Truth {
    /// A word that the form of the answer asks for, such as `The color of the`.
    FORM,
    /// A decisive word that is right.
    RIGHT,
    /// One that follows from earlier words of the answer.
    CONCLUDED,
    /// A right no: the model says it without the picture too.
    DENIED,
    /// A decisive word that is wrong, about things that are there.
    WRONG,
    /// A colour of a thing that is not there.
    ABSENT,
    /// A thing of a description, or its colour, as the scene has it.
    DESCRIBED,
    /// A thing or colour of a description that the scene has not.
    INVENTED,
    /// A thing that a question asks for, and it is there.
    SEEN,
    /// A thing that a question asks for, and it is not there.
    MISSING;

    /// The name in results.
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// A word.
  ///
  /// @param scores one for each [Score]; NaN where the word has none
  /// @param verdict as evidence tells it; empty without thresholds
  // Plain numbers of a result; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  record Case(Truth truth, String word, double[] scores, String verdict) {
    double score(Score score) {
      return scores[score.ordinal()];
    }
  }

  VerdictCases(
      LoadedModel model,
      InternalConfidence.Reading reading,
      @Nullable Thresholds thresholds,
      Progress progress) {
    this.model = model;
    this.explainer =
        new EvidenceExplainer(
            model, new EvidenceOptions(reading, 40, thresholds, null, null), Progress.NONE);
    this.progress = progress;
  }

  /// Asks about the first scenes of a seed: a question of every kind, the colour of a thing that is
  /// not there, and whether a thing that is there and one that is not are there.
  List<Case> of(long seed, int scenes) {
    Exam exam = new Exam(new World(seed, SceneRecipe.FREE));
    for (int number = 0; number < scenes; number++) {
      Scene scene = exam.scene(number);
      Picture picture = model.picture("scene " + number, scene.image());
      for (Question question : exam.questions(number, scene)) {
        if (question.kind() == Kind.DESCRIBE) {
          described(scene, explain(picture, question.text()));
        } else if (question.kind() != Kind.EXISTS) {
          asked(question, explain(picture, question.text()));
        }
      }
      SplittableRandom random = exam.random(number).split();
      String there = scene.items().get(random.nextInt(scene.items().size())).noun();
      String missing = missing(scene, random);
      last(Truth.ABSENT, explain(picture, "What is the color of the " + missing + "?"));
      exists(picture, there, true);
      exists(picture, missing, false);
      progress.at("scenes", number + 1L, scenes);
    }
    return List.copyOf(cases);
  }

  private static String missing(Scene scene, SplittableRandom random) {
    List<String> absent =
        Silhouette.names().stream()
            .filter(noun -> scene.items().stream().noneMatch(item -> item.noun().equals(noun)))
            .toList();
    return absent.get(random.nextInt(absent.size()));
  }

  private Optional<Evidence> explain(Picture picture, String question) {
    return Optional.of(explainer.explain(model.prompt(question, picture)))
        .filter(evidence -> !evidence.words().isEmpty());
  }

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
      add(wrong ? Truth.WRONG : concluded ? Truth.CONCLUDED : Truth.RIGHT, evidence, judged);
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
  private void described(Scene scene, Optional<Evidence> found) {
    found.ifPresent(evidence -> {
      List<Evidence.Word> words = evidence.words();
      for (int i = 0; i < words.size(); i++) {
        String word = words.get(i).text().toLowerCase(Locale.ROOT);
        if (Silhouette.names().contains(word)) {
          add(item(scene, word).isPresent() ? Truth.DESCRIBED : Truth.INVENTED, evidence, i);
        } else if (isColour(word) && i + 1 < words.size()) {
          boolean so =
              item(scene, words.get(i + 1).text())
                  .filter(item -> item.colour().word().equals(word))
                  .isPresent();
          add(so ? Truth.DESCRIBED : Truth.INVENTED, evidence, i);
        }
      }
    });
  }

  private static Optional<Item> item(Scene scene, String noun) {
    return scene.items().stream().filter(item -> item.noun().equals(noun)).findFirst();
  }

  private static boolean isColour(String word) {
    return Arrays.stream(Colour.values()).anyMatch(colour -> colour.word().equals(word));
  }

  /// The last word of an answer that ends with what is asked for.
  private void last(Truth truth, Optional<Evidence> found) {
    found.ifPresent(evidence -> add(truth, evidence, evidence.words().size() - 1));
  }

  private void exists(Picture picture, String noun, boolean there) {
    explain(picture, "Is there " + article(noun) + " " + noun + "?")
        .ifPresent(evidence -> {
          boolean right = evidence.words().getFirst().text().equals(there ? "Yes" : "No");
          add(!right ? Truth.WRONG : there ? Truth.RIGHT : Truth.DENIED, evidence, 0);
          evidence.asked().stream()
              .filter(one -> one.text().equals(noun))
              .findFirst()
              .ifPresent(one -> {
                double[] scores = new double[Score.values().length];
                Arrays.fill(scores, Double.NaN);
                scores[Score.ASKED.ordinal()] = one.held().value();
                scores[Score.PRESENCE.ordinal()] = one.presence();
                cases.add(
                    new Case(there ? Truth.SEEN : Truth.MISSING, noun, scores, one.verdict()));
              });
        });
  }

  private static String article(String noun) {
    return "aeiou".indexOf(noun.charAt(0)) >= 0 ? "an" : "a";
  }

  private void add(Truth truth, Evidence evidence, int index) {
    Evidence.Word word = evidence.words().get(index);
    boolean open = evidence.question().startsWith("Is there");
    List<Evidence.Asked> granted = open ? List.of() : evidence.asked();
    double[] scores =
        Arrays.stream(Score.values()).mapToDouble(score -> score.of(word, granted)).toArray();
    cases.add(new Case(truth, word.text(), scores, word.verdict()));
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.split("[^\\p{L}\\p{N}]+")).filter(word -> !word.isEmpty()).toList();
  }
}
