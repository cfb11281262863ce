package dev.lynceus.tap;

import java.util.Locale;

/// A part of a model through which activations flow: a pile of layers with a residual stream, or
/// what lies between two of them. In the order of the flow; the decoder, which is what most points
/// belong to, is written without a prefix.
public enum Stack {
  /// The language model.
  DECODER("", "Language model"),
  /// The vision tower.
  VISION("vision.", "Vision tower"),
  /// Queries that read the tower by cross-attention (BLIP-2).
  QFORMER("qformer.", "Q-Former"),
  /// Words that all see each other, and may read the tower by cross-attention (BLIP).
  ENCODER("encoder.", "Text encoder"),
  /// What makes the pixels of patches that a tower did not see (ViT-MAE).
  PIXELS("pixels.", "Pixel decoder"),
  /// What makes visual tokens of the tower's features.
  PROJECTOR("projector.", "Projector");

  private final String prefix;
  private final String title;

  Stack(String prefix, String title) {
    this.prefix = prefix;
    this.title = title;
  }

  /// What names of its points begin with; empty for the decoder.
  public String prefix() {
    return prefix;
  }

  /// How a sentence calls it.
  public String spoken() {
    return switch (this) {
      case DECODER -> "decoder";
      case QFORMER -> title;
      default -> title.toLowerCase(Locale.ROOT);
    };
  }

  /// How headings call it.
  public String title() {
    return title;
  }
}
