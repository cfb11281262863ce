package dev.lynceus.run;

import dev.lynceus.model.Flow;
import dev.lynceus.model.Picture;

/// A picture that passed the tower of a model for matching, so that many texts can be held against
/// it. It lives until it is closed.
public final class Sight implements AutoCloseable {
  private final Picture picture;
  private final Flow flow;

  Sight(Picture picture, Flow flow) {
    this.picture = picture;
    this.flow = flow;
  }

  /// The picture.
  public Picture picture() {
    return picture;
  }

  /// What left the tower, for another pass; the tower is passed again only where the pass looks
  /// into it or changes it.
  public Flow flow() {
    return flow.again();
  }

  @Override
  public void close() {
    flow.close();
  }
}
