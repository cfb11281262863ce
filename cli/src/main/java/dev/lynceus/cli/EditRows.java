package dev.lynceus.cli;

import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.data.ImageSource;
import dev.lynceus.lab.measure.WorldQuestions;
import dev.lynceus.method.edit.EditTrial.Asked;
import dev.lynceus.method.edit.EditTrial.Group;
import dev.lynceus.method.edit.Place;
import dev.lynceus.model.Picture;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.tensor.file.InputFile;
import dev.lynceus.text.WholeWords;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The questions that an edit is made with and tried on.
///
/// @param contexts the same question elsewhere, for finding the edit
/// @param tried questions that it is tried on
record EditRows(List<Prompt> contexts, List<Asked> tried) {
  /// Scenes of the bundled model's world that questions are taken from.
  private static final int SCENES = 600;

  private record Row(List<RgbImage> images, String question, String answer) {}

  /// The question itself alone.
  static EditRows alone(Prompt asked, String question) {
    return new EditRows(List.of(), List.of(new Asked(Group.ASKED, question, asked)));
  }

  /// Questions of a data set.
  ///
  /// @param most of each group
  /// @param contexts of those with the same words, taken out for finding the edit
  static EditRows of(
      LoadedModel model,
      Prompt asked,
      String subject,
      int contexts,
      int most,
      String dataset,
      DatasetOptions datasets,
      Console console) {
    List<Row> rows = new ArrayList<>();
    for (DatasetRow row :
        DatasetRow.of(datasets.open(InputFile.REQUEST.path(dataset), Integer.MAX_VALUE, console))) {
      Example example = row.example();
      List<RgbImage> images = example.images().stream().map(ImageSource::read).toList();
      String answer = example.answers().isEmpty() ? "" : example.answers().getFirst();
      rows.add(new Row(images, row.question(), answer));
    }
    return of(model, asked, subject, contexts, most, rows);
  }

  /// Questions about scenes of the bundled model's world.
  static EditRows world(LoadedModel model, Prompt asked, String subject, int contexts, int most) {
    return of(
        model,
        asked,
        subject,
        contexts,
        most,
        WorldQuestions.about(asked.question(), subject, SCENES).stream()
            .map(one -> new Row(List.of(one.image()), one.question(), one.answer()))
            .toList());
  }

  private static EditRows of(
      LoadedModel model, Prompt asked, String subject, int contexts, int most, List<Row> rows) {
    List<Prompt> some = new ArrayList<>();
    List<Asked> tried = new ArrayList<>();
    tried.add(new Asked(Group.ASKED, asked.question(), asked));
    Map<Group, Integer> counts = new EnumMap<>(Group.class);
    for (Row row : rows) {
      Group group = group(row, asked.question(), subject);
      boolean context = group == Group.AGAIN && some.size() < contexts;
      if (!context && counts.getOrDefault(group, 0) >= most) {
        continue;
      }
      List<Picture> pictures = new ArrayList<>();
      for (int i = 0; i < row.images.size(); i++) {
        pictures.add(model.picture("picture " + i, row.images.get(i)));
      }
      Prompt prompt = model.prompt(row.question, pictures, "");
      if (context) {
        some.add(prompt);
      } else {
        counts.merge(group, 1, Integer::sum);
        tried.add(new Asked(group, row.question, prompt));
      }
    }
    return new EditRows(some, tried);
  }

  private static Group group(Row row, String asked, String subject) {
    if (row.question.strip().equalsIgnoreCase(asked.strip())) {
      return Group.AGAIN;
    }
    if (names(row.question, subject)) {
      return Group.NAMED;
    }
    return names(row.answer, subject) ? Group.SHOWN : Group.OTHER;
  }

  private static boolean names(String text, String subject) {
    return WholeWords.ofAnyCase(subject.strip()).matcher(text).find();
  }

  /// Texts whose keys are counted: all that is asked.
  List<Prompt> texts() {
    List<Prompt> all = new ArrayList<>(contexts);
    tried.forEach(one -> all.add(one.prompt()));
    return all;
  }

  /// Places of the subject in the contexts.
  List<Place> places(LoadedModel model, String subject, int[] before, String said, int[] ids) {
    return contexts.stream()
        .filter(prompt -> Place.named(model, prompt, subject).isPresent())
        .map(prompt -> Place.of(model, prompt, subject, before, said, ids))
        .toList();
  }
}
