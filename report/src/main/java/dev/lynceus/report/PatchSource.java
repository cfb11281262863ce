package dev.lynceus.report;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One view of a picture and the patches that it was cut into: what figures about patches are drawn
/// on.
///
/// @param image number of the picture
/// @param seen the view, which patches divide evenly
public record PatchSource(int image, int rows, int columns, BufferedImage seen) {
  private static final Pattern LABEL =
      Pattern.compile("image\\[(\\d+)](?:\\.tile\\[(\\d+)])?\\.row\\[(\\d+)]\\.col\\[(\\d+)]");

  /// A patch of one of several views.
  ///
  /// @param source index of the view
  /// @param patch row-major number
  record Found(int source, int patch) {}

  /// The patch that a label of a position names; empty for other positions.
  static Optional<Found> find(List<PatchSource> sources, String label) {
    Matcher named = LABEL.matcher(label);
    if (!named.matches()) {
      return Optional.empty();
    }
    int image = Integer.parseInt(named.group(1));
    int tile = named.group(2) == null ? 0 : Integer.parseInt(named.group(2));
    int seen = 0;
    for (int i = 0; i < sources.size(); i++) {
      PatchSource one = sources.get(i);
      if (one.image == image && seen++ == tile) {
        int row = Integer.parseInt(named.group(3));
        int column = Integer.parseInt(named.group(4));
        return row < one.rows && column < one.columns
            ? Optional.of(new Found(i, row * one.columns + column))
            : Optional.empty();
      }
    }
    return Optional.empty();
  }

  /// The pixels of a patch.
  BufferedImage cut(int patch, int side) {
    BufferedImage cut = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = cut.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    int row = patch / columns;
    int column = patch % columns;
    graphics.drawImage(
        seen,
        0,
        0,
        side,
        side,
        column * seen.getWidth() / columns,
        row * seen.getHeight() / rows,
        (column + 1) * seen.getWidth() / columns,
        (row + 1) * seen.getHeight() / rows,
        null);
    graphics.dispose();
    return cut;
  }
}
