package dev.lynceus.method.evidence;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What somebody knows of a picture, and of an answer about it.
///
/// @param group number of the picture: what is of one picture is never on both sides of a split
/// @param question that is asked; null for none
/// @param answer that is judged; null for the model's own
/// @param expected the right answer, or its decisive words; null where it is not known
/// @param right whether the answer is right; null where that is not known
/// @param present things of the picture, each with one attribute before it or without, such as
///   `brown car`
/// @param absent things and attributes that it has not
/// @param complete whether `present` names every thing of the picture
public record Labels(
    int group,
    @Nullable String question,
    @Nullable String answer,
    @Nullable String expected,
    @Nullable Boolean right,
    List<String> present,
    List<String> absent,
    boolean complete) {
  public Labels {
    present = List.copyOf(present);
    absent = List.copyOf(absent);
  }
}
