package dev.lynceus.lab.train;

import dev.lynceus.method.reader.Squad;
import java.util.List;

/// A question of a data set of the kind of SQuAD, with where its answers stand.
///
/// @param article that the passage is of: articles are held out whole
/// @param item question, passage and right answers
/// @param places where answers stand, at least one; the first is the one that is taught
public record PassageQuestion(String article, Squad.Item item, List<Place> places) {
  /// An answer in a passage.
  ///
  /// @param start its first character, counted as in Java
  public record Place(String text, int start) {
    int end() {
      return start + text.length();
    }
  }

  public PassageQuestion {
    places = List.copyOf(places);
  }

  Place taught() {
    return places.getFirst();
  }
}
