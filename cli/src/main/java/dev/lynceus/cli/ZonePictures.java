package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.data.PictureFiles;
import dev.lynceus.method.KeyWord;
import dev.lynceus.method.TargetSpec;
import dev.lynceus.method.score.Truth;
import dev.lynceus.method.zone.PictureZones;
import dev.lynceus.method.zone.ZoneOrder;
import dev.lynceus.request.Pictures;
import dev.lynceus.request.Question;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Questions about pictures whose zones are studied.
final class ZonePictures {
  private static final Pattern PICTURE =
      Pattern.compile(".*\\.(png|jpe?g|webp|gif|bmp)", Pattern.CASE_INSENSITIVE);

  @Option(
      names = "--order",
      defaultValue = "picture",
      paramLabel = "ORDER",
      description = {
        "Of pictures: picture, before the question; question, before the picture; both, the question on",
        "both sides. Default: ${DEFAULT-VALUE}."
      })
  String order = "picture";

  @Option(
      names = "--box",
      split = ",",
      paramLabel = "L,T,R,B",
      description = "A region of the first picture, in its pixels: a zone of its own, R.")
  int @Nullable [] box;

  @Option(
      names = "--regions",
      description = "With --dataset: the boxes of its rows are such regions.")
  boolean regions;

  @Mixin KeyWordOptions about = new KeyWordOptions();
  @Mixin AnswerLength length = new AnswerLength();

  /// Whether some texts of the command line are pictures and a question about them.
  static boolean are(List<String> texts) {
    return texts.size() > 1
        && (QuestionArguments.isFile(texts.getFirst())
            || PICTURE.matcher(texts.getFirst()).matches());
  }

  /// Whether a row of a data set asks about pictures.
  static boolean is(DatasetRow row) {
    return !row.example().images().isEmpty() && row.example().passage().isBlank();
  }

  /// The order.
  ///
  /// @throws LynceusException BAD_REQUEST
  ZoneOrder order() {
    return CausalOptions.choice("--order", order, ZoneOrder.class);
  }

  /// A question, and the pictures that it names.
  record Posed(Question question, Pictures from) {}

  /// The question of the command line.
  ///
  /// @throws LynceusException BAD_REQUEST, BAD_IMAGE
  Posed question(List<String> texts) {
    QuestionArguments arguments = new QuestionArguments();
    arguments.words = texts;
    QuestionArguments.Asked asked = arguments.read();
    if (box != null) {
      var unused = CompareQuestion.region(box, "--box", asked.images().getFirst());
    }
    return new Posed(arguments.question(asked), asked.from());
  }

  /// Questions of a data set.
  ///
  /// @throws LynceusException BAD_REQUEST, BAD_IMAGE
  List<CompareQuestion> questions(List<DatasetRow> rows, Path file, DatasetOptions datasets) {
    if (box != null) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--box is a region of one picture, and --dataset has many",
          "Leave it out; --regions takes the boxes of the rows.");
    }
    PictureFiles files = PictureFiles.besideFile(file, datasets.data());
    List<CompareQuestion> questions = new ArrayList<>();
    for (DatasetRow row : rows) {
      questions.add(CompareQuestion.question(row, files));
    }
    return questions;
  }

  /// Asks the model, and finds the word of each answer.
  List<PictureZones.Asked> ask(
      LoadedModel model, List<CompareQuestion> questions, Progress progress) {
    ZoneOrder chosen = order();
    List<PictureZones.Asked> all = new ArrayList<>();
    for (CompareQuestion one : questions) {
      progress.step("asking", all.size(), questions.size());
      Prompt prompt = chosen.prompt(model, one.asked().question(), one.asked().pictures(model));
      TargetSpec spec = one.target() == null ? about.spec() : new TargetSpec.Word(one.target());
      KeyWord word = KeyWord.find(model, prompt, spec, length.of(model, prompt));
      all.add(
          new PictureZones.Asked(
              word.prompt(), word.target(), word.answer(), regions ? one.truth() : Truth.NONE));
    }
    return all;
  }
}
