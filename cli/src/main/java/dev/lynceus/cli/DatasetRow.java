package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.data.DataFormat;
import dev.lynceus.lab.data.DataSet;
import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.data.ImageSource;
import dev.lynceus.lab.data.Item;
import dev.lynceus.lab.data.Origin;
import dev.lynceus.model.Picture;
import dev.lynceus.run.LoadedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A row of a data set as commands use it: what is asked about which pictures, the answer to judge,
/// and what is known of it. What only lines of our own can tell, as the answer to judge, is told by
/// them alone.
///
/// @param number of the row: where it stands, unless that is not one place for each row
/// @param ours whether it is a line of our own format
record DatasetRow(int number, Item item, boolean ours) {

  static final String EXAMPLE =
      "Write one JSON object a line, for example {\"image\": \"cat.png\", \"question\": \"What is this?\"}.";

  /// The rows of a data set; those that are broken have a fault.
  static List<DatasetRow> of(DataSet data) {
    boolean ours = data.format().equals(DataFormat.LINES.label());
    Set<Long> numbers = new HashSet<>();
    boolean apart = true;
    for (Item item : data.items()) {
      long number = item.origin().row();
      apart &= number > 0 && number <= Integer.MAX_VALUE && numbers.add(number);
    }
    List<DatasetRow> rows = new ArrayList<>();
    for (Item item : data.items()) {
      rows.add(new DatasetRow(apart ? (int) item.origin().row() : rows.size() + 1, item, ours));
    }
    return rows;
  }

  /// What messages call it.
  String where() {
    Origin origin = item.origin();
    return ours ? "line " + origin.row() + " of " + origin.file() : origin.toString();
  }

  /// The example.
  ///
  /// @throws LynceusException what is wrong with the row
  Example example() {
    return switch (item) {
      case Item.Good(Example one) -> one;
      case Item.Bad(Origin _, Item.Told _, LynceusException fault) -> throw fault;
    };
  }

  private String field(String name) {
    return item instanceof Item.Good(Example one) ? one.fields().getOrDefault(name, "") : "";
  }

  static LynceusException lacking(String where, String what) {
    return new LynceusException(ErrorCode.BAD_REQUEST, where + " lacks " + what, EXAMPLE);
  }

  /// The data set's own name of the row; empty for none.
  String id() {
    return switch (item) {
      case Item.Good(Example one) -> ours ? field("id") : one.id();
      case Item.Bad(Origin _, Item.Told told, LynceusException _) -> told.id();
    };
  }

  /// Its pictures, as it names them.
  String image() {
    return switch (item) {
      case Item.Good(Example one) ->
          String.join(", ", one.images().stream().map(ImageSource::name).toList());
      case Item.Bad(Origin _, Item.Told told, LynceusException _) -> told.image();
    };
  }

  /// The question; null where it has none.
  @Nullable String asked() {
    String question =
        switch (item) {
          case Item.Good(Example one) -> one.question();
          case Item.Bad(Origin _, Item.Told told, LynceusException _) -> told.question();
        };
    return question.isBlank() ? null : question;
  }

  /// The question.
  ///
  /// @throws LynceusException BAD_REQUEST where the row is broken or has none
  String question() {
    example();
    String question = asked();
    if (question == null) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, where() + " has no question, or an empty one", EXAMPLE);
    }
    return question;
  }

  /// An answer to judge; null for the model's own.
  @Nullable String answer() {
    String answer = ours ? field("answer") : "";
    return answer.isEmpty() ? null : answer;
  }

  /// The right answer, or its decisive words; null where it is not known.
  @Nullable String expected() {
    List<String> answers = example().answers();
    return answers.isEmpty() || asked() == null && !ours ? null : answers.getFirst();
  }

  /// Whether the answer is right; null where that is not known.
  ///
  /// @throws LynceusException BAD_REQUEST for another word
  @Nullable Boolean right() {
    return truth("right");
  }

  /// Whether what is present is all that there is.
  boolean complete() {
    return Boolean.TRUE.equals(truth("complete"));
  }

  private @Nullable Boolean truth(String name) {
    String value = ours ? field(name) : "";
    return switch (value) {
      case "" -> null;
      case "true" -> Boolean.TRUE;
      case "false" -> Boolean.FALSE;
      default ->
          throw new LynceusException(
              ErrorCode.BAD_REQUEST,
              where() + " is no question: " + name + " is neither true nor false",
              EXAMPLE);
    };
  }

  /// Things of the picture, or things and attributes that it has not.
  ///
  /// @param name `present` or `absent`
  List<String> things(String name) {
    List<String> things = new ArrayList<>();
    for (JsonNode one : list(name)) {
      if (one.isValueNode() && !one.asString("").isBlank()) {
        things.add(one.asString(""));
      }
    }
    return things;
  }

  /// The elements of a field that is a list; none where there is none.
  ///
  /// @throws LynceusException BAD_REQUEST where it is something else
  List<JsonNode> list(String name) {
    String value = field(name);
    if (value.isEmpty()) {
      return List.of();
    }
    try {
      JsonNode node = JsonMapper.shared().readTree(value);
      if (node.isArray()) {
        return node.valueStream().toList();
      }
    } catch (JacksonException e) {
      // Told below.
    }
    throw new LynceusException(
        ErrorCode.BAD_REQUEST, where() + " is no question: " + name + " is no list", EXAMPLE);
  }

  /// The pictures, as a model takes them.
  ///
  /// @throws LynceusException BAD_IMAGE
  List<Picture> pictures(LoadedModel model) {
    List<Picture> pictures = new ArrayList<>();
    for (ImageSource one : example().images()) {
      pictures.add(model.picture(called(one), one.read()));
    }
    return pictures;
  }

  /// What a picture is called in results.
  static String called(ImageSource image) {
    return image.file().map(QuestionArguments::name).orElse(image.name());
  }

  /// A path that stands for a picture: its file, else its name.
  static Path path(ImageSource image) {
    return image
        .file()
        .orElseGet(() -> Path.of(image.name().replaceAll("[\\x00-\\x1f/\\\\:]", "_")));
  }

  /// What tells its pictures from those of other rows.
  List<String> sources() {
    return example().images().stream()
        .map(one -> one.file().map(Path::toString).orElseGet(one::digest))
        .toList();
  }
}
