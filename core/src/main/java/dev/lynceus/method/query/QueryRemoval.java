package dev.lynceus.method.query;

import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;

/// How one query of a Q-Former is taken away. The three ways differ: a query whose embedding is
/// zero still reads the picture, and one whose output is zero still leaves the bias of the
/// projection.
public enum QueryRemoval {
  /// Its row of the learned queries is zero; it still attends, and is attended to.
  EMBEDDING("embedding", "the query begins from nothing, and still reads the picture"),
  /// What leaves the Q-Former for it is zero; the bias of the projection stays.
  OUTPUT("output", "what the query found is gone; the projection's bias stays"),
  /// The visual token that the decoder reads is zero.
  PROJECTED("projected", "the decoder reads nothing in its place");

  private final String title;
  private final String meaning;

  QueryRemoval(String title, String meaning) {
    this.title = title;
    this.meaning = meaning;
  }

  /// How tables call it.
  public String title() {
    return title;
  }

  /// What it does, in a few words.
  public String meaning() {
    return meaning;
  }

  /// The change that takes a query away.
  ///
  /// @param layers layers of the Q-Former
  Intervention of(int query, int layers) {
    Positions at = Positions.of(query);
    return switch (this) {
      case EMBEDDING ->
          Intervention.at(Point.of(Stack.QFORMER, Site.EMBED), 0, new Op.Zero()).at(at);
      case OUTPUT ->
          Intervention.at(Point.of(Stack.QFORMER, Site.RESID_POST), layers - 1, new Op.Zero())
              .at(at);
      case PROJECTED -> Intervention.at(Point.PROJECTOR_OUT, 0, new Op.Zero()).at(at);
    };
  }
}
