package dev.lynceus.lab.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// One example of a data set, whatever format that has.
///
/// @param id its name in the data set; unique there
/// @param origin where it stands
/// @param images its pictures, in the order of the question
/// @param passage a text that the question is about; empty for none
/// @param question what is asked; empty where nothing is
/// @param answers that count as right, the most wanted first; of several annotators all of them, so
///   that one may come more than once
/// @param choices what may be answered, where the question offers a choice
/// @param kind of the question, as the data set calls it; empty where it does not
/// @param regions that matter
/// @param fields everything else that the data set tells, by name
public record Example(
    String id,
    Origin origin,
    List<ImageSource> images,
    String passage,
    String question,
    List<String> answers,
    List<String> choices,
    String kind,
    List<LabelledRegion> regions,
    SequencedMap<String, String> fields) {
  public Example {
    images = List.copyOf(images);
    answers = List.copyOf(answers);
    choices = List.copyOf(choices);
    regions = List.copyOf(regions);
    fields = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(fields));
  }

  /// The same example under another name.
  public Example withId(String other) {
    return new Example(
        other, origin, images, passage, question, answers, choices, kind, regions, fields);
  }
}
