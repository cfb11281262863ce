package dev.lynceus.model;

import dev.lynceus.model.encoder.TextEncoder;
import dev.lynceus.model.qformer.QFormer;
import dev.lynceus.model.vit.Tower;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Stack;
import java.util.Optional;

/// The stacks of a model, whatever it is for.
public interface Stacks {

  /// The vision tower; empty for a text-only model.
  Optional<Tower> vision();

  /// The queries that read the tower; empty where there are none.
  Optional<QFormer> queries();

  /// The encoder of words; empty where there is none.
  Optional<TextEncoder> textEncoder();

  /// Number of layers of a stack; 0 where the model has none, or it has no layers.
  int layers(Stack stack);

  /// Whether it has a place.
  boolean has(Point point);
}
