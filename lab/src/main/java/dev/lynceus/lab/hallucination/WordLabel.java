package dev.lynceus.lab.hallucination;

import dev.lynceus.pupil.world.Question;
import java.util.Locale;

/// What a word of an answer claims, after the kinds of hallucinations of HalLoc (arXiv 2506.10286):
/// each such word is right or wrong.
public enum WordLabel {
  /// That a thing is there.
  OBJECT,
  /// A colour.
  ATTRIBUTE,
  /// A place, or a side.
  RELATION,
  /// A number of things.
  COUNT,
  /// Yes or no.
  PRESENCE;

  /// The name in results.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// What the decisive words of an answer claim.
  static WordLabel of(Question.Kind kind) {
    return switch (kind) {
      case COLOUR -> ATTRIBUTE;
      case WHICH, DESCRIBE -> OBJECT;
      case WHERE, SIDE -> RELATION;
      case COUNT -> COUNT;
      case EXISTS, SAME -> PRESENCE;
    };
  }
}
