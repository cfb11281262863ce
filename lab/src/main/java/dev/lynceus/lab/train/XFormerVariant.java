package dev.lynceus.lab.train;

import java.util.Locale;

/// How an X-Former is trained: whole, or with something left out.
public enum XFormerVariant {
  /// All four losses, both towers.
  FULL(XFormerPath.BOTH, true),
  /// Without the loss of pixels.
  NO_PIXELS(XFormerPath.BOTH, false),
  /// Without the autoencoder: a Q-Former.
  NO_DETAIL(XFormerPath.NO_DETAIL, false),
  /// Without the first tower: the queries see by the block alone.
  NO_VIEW(XFormerPath.NO_VIEW, true);

  private final XFormerPath path;
  private final boolean pixels;

  XFormerVariant(XFormerPath path, boolean pixels) {
    this.path = path;
    this.pixels = pixels;
  }

  /// Name on the command line and of its files, for example `no-pixels`.
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Ways that are open.
  public XFormerPath path() {
    return path;
  }

  /// Whether pixels are a loss of the first stage.
  boolean pixels() {
    return pixels;
  }
}
