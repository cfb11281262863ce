package dev.lynceus.pupil;

import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// A sample picture with questions that the bundled model answers right.
///
/// @param file file name of the picture, a PNG
/// @param objects what is in it, for example `brown car`
/// @param questions questions about it
public record Sample(String file, List<String> objects, List<Question> questions) {

  /// A question and the model's answer, which is right.
  public record Question(String question, String answer) {}

  public Sample {
    objects = List.copyOf(objects);
    questions = List.copyOf(questions);
  }

  /// All bundled samples.
  public static List<Sample> all() {
    byte[] index = BundledFiles.read("samples/index.json");
    return List.of(JsonMapper.shared().readValue(index, Sample[].class));
  }

  /// The bytes of the picture's file.
  public byte[] bytes() {
    return BundledFiles.read("samples/" + file);
  }
}
