package dev.lynceus.lab.hallucination;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.measure.Exam;
import dev.lynceus.method.evidence.Evidence;
import dev.lynceus.method.evidence.EvidenceExplainer;
import dev.lynceus.method.evidence.EvidenceOptions;
import dev.lynceus.method.evidence.InternalConfidence;
import dev.lynceus.method.evidence.Verdict;
import dev.lynceus.method.score.Auc;
import dev.lynceus.method.score.Share;
import dev.lynceus.model.Picture;
import dev.lynceus.pupil.BundledThresholds;
import dev.lynceus.pupil.world.Colour;
import dev.lynceus.pupil.world.Item;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.Silhouette;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/// Words of a model's own answers about scenes, each with what the scene and what its verdict say
/// of it.
final class JudgedWords {
  /// What is said of a thing that is not there.
  private static final String ABSENT = "absent thing";

  private final LoadedModel model;
  private final Progress progress;
  private final EvidenceExplainer explainer;
  private final Map<String, List<Judged>> judged = new LinkedHashMap<>();

  JudgedWords(LoadedModel model, Progress progress) {
    this.model = model;
    this.progress = progress;
    String revision = model.checkpoint().version();
    this.explainer =
        new EvidenceExplainer(
            model,
            new EvidenceOptions(
                InternalConfidence.Reading.NORMED,
                40,
                BundledThresholds.of(revision).orElse(null),
                null,
                null,
                null,
                List.of(),
                false),
            Progress.NONE);
    for (WordLabel label : WordLabel.values()) {
      judged.put(label.label(), new ArrayList<>());
    }
    judged.put(ABSENT, new ArrayList<>());
  }

  /// A word.
  ///
  /// @param flagged whether its verdict speaks against it
  /// @param reliable probability that it is right, as evidence tells it; NaN for none
  record Judged(boolean right, boolean flagged, double reliable) {}

  /// Rows about all kinds of which there are words.
  List<HallucinationReport.Words> of(World world, int scenes) {
    Exam exam = new Exam(world);
    for (int number = 0; number < scenes; number++) {
      if (progress.cancelled()) {
        throw new LynceusException(
            ErrorCode.CANCELLED, "stopped at scene " + number, "Judge fewer scenes.");
      }
      progress.at("words of answers", number, scenes);
      Scene scene = exam.scene(number);
      Picture picture = model.picture("scene " + number, scene.image());
      for (Question question : exam.questions(number, scene)) {
        Evidence evidence = explainer.explain(model.prompt(question.text(), picture));
        if (question.kind() == Question.Kind.DESCRIBE) {
          described(scene, evidence);
        } else {
          decided(question, evidence);
        }
      }
      absent(scene, picture, world.random(number).split());
    }
    return rows(judged);
  }

  static List<HallucinationReport.Words> rows(Map<String, List<Judged>> judged) {
    List<HallucinationReport.Words> rows = new ArrayList<>();
    judged.forEach((kind, words) -> {
      if (!words.isEmpty()) {
        rows.add(row(kind, words));
      }
    });
    return rows;
  }

  private static HallucinationReport.Words row(String kind, List<Judged> words) {
    List<Judged> wrong = words.stream().filter(word -> !word.right).toList();
    List<Judged> right = words.stream().filter(Judged::right).toList();
    return new HallucinationReport.Words(
        kind,
        Share.of(wrong.size(), words.size()),
        Share.of((int) wrong.stream().filter(Judged::flagged).count(), wrong.size()),
        Share.of((int) right.stream().filter(Judged::flagged).count(), right.size()),
        Auc.of(words.stream().map(word -> new Auc.Case(word.reliable, word.right)).toList()));
  }

  private void add(String kind, Evidence.Word word, boolean right) {
    Verdict verdict = Verdict.labelled(word.verdict());
    Double reliable = word.reliability();
    judged
        .computeIfAbsent(kind, key -> new ArrayList<>())
        .add(
            new Judged(
                right,
                verdict == Verdict.CONTRADICTED || verdict == Verdict.UNSUPPORTED,
                reliable == null ? Double.NaN : reliable));
  }

  /// Every thing of a description, and its colour.
  private void described(Scene scene, Evidence evidence) {
    List<Evidence.Word> words = evidence.words();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i).text().toLowerCase(Locale.ROOT);
      if (Silhouette.names().contains(word)) {
        add(WordLabel.OBJECT.label(), words.get(i), item(scene, word).isPresent());
      } else if (isColour(word) && i + 1 < words.size()) {
        boolean so =
            item(scene, words.get(i + 1).text())
                .filter(item -> item.colour().word().equals(word))
                .isPresent();
        add(WordLabel.ATTRIBUTE.label(), words.get(i), so);
      }
    }
  }

  /// The first word that differs from the right answer, or else the first decisive one.
  private void decided(Question question, Evidence evidence) {
    List<String> right = words(question.answer());
    List<String> said = evidence.words().stream().map(Evidence.Word::text).toList();
    if (said.isEmpty()) {
      return;
    }
    int at = 0;
    while (at < Math.min(right.size(), said.size()) && right.get(at).equals(said.get(at))) {
      at++;
    }
    boolean wrong = at < Math.max(right.size(), said.size());
    int key = words(question.answer().substring(0, question.start())).size();
    int judgedAt = Math.min(wrong ? at : key, said.size() - 1);
    add(WordLabel.of(question.kind()).label(), evidence.words().get(judgedAt), !wrong);
  }

  /// What colour a thing has that is not there: whatever colour is named is wrong.
  private void absent(Scene scene, Picture picture, SplittableRandom random) {
    List<String> absent =
        Silhouette.names().stream().filter(noun -> item(scene, noun).isEmpty()).toList();
    String noun = absent.get(random.nextInt(absent.size()));
    Evidence evidence =
        explainer.explain(model.prompt("What is the color of the " + noun + "?", picture));
    evidence.words().stream()
        .filter(word -> isColour(word.text().toLowerCase(Locale.ROOT)))
        .findFirst()
        .ifPresentOrElse(
            word -> add(ABSENT, word, false),
            () -> {
              if (!evidence.words().isEmpty()) {
                add(ABSENT, evidence.words().getFirst(), true);
              }
            });
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.split("[^\\p{L}\\p{N}]+", -1))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  private static Optional<Item> item(Scene scene, String noun) {
    return scene.items().stream().filter(item -> item.noun().equals(noun)).findFirst();
  }

  private static boolean isColour(String word) {
    return Arrays.stream(Colour.values()).anyMatch(colour -> colour.word().equals(word));
  }
}
