package dev.lynceus.image;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How many visual tokens LLaVA-OneVision makes of pictures and videos, and in what grids. Source:
/// LlavaOnevisionProcessor and `pack_image_features` of transformers 5.18.
public final class OneVisionTokens {
  private static final Pattern ASPECT_RATIO = Pattern.compile("anyres_max_([1-9][0-9]{0,5})");
  private static final double UNPOOLED = 1.1;

  private OneVisionTokens() {}

  /// A grid of visual tokens.
  public record Grid(int rows, int columns) {
    /// Tokens of the grid with a line break after each row.
    public int tokens() {
      return rows * (columns + 1);
    }
  }

  /// The number N of `vision_aspect_ratio`, which is written `anyres_max_N`: a picture's tiles are
  /// pooled to about as many tokens as N tiles have.
  ///
  /// @param source what errors call the file
  /// @throws LynceusException `UNSUPPORTED_MODEL` if it is written otherwise
  public static int mostTiles(String aspectRatio, String source) {
    Matcher matcher = ASPECT_RATIO.matcher(aspectRatio);
    if (matcher.matches()) {
      return Integer.parseInt(matcher.group(1));
    }
    throw new LynceusException(
        ErrorCode.UNSUPPORTED_MODEL,
        "%s asks for vision_aspect_ratio %s, which this version does not know"
            .formatted(source, aspectRatio),
        "Known is anyres_max_N, with a number for N.");
  }

  /// The grid that the tiles of a picture are pooled to, once the margins are cut: the grid itself
  /// where it is little larger than `mostTiles` tiles, else one smaller by the root of the ratio of
  /// their areas. Without rows or columns for a picture so elongated that nothing of it is left.
  ///
  /// @param layout tiles of the picture, in patches
  /// @param mostTiles N of `anyres_max_N`
  public static Grid pooled(TileLayout layout, int mostTiles) {
    long rows = layout.rows();
    long columns = layout.columns();
    double tokens = (double) mostTiles * layout.side() * layout.side();
    double ratio = Math.sqrt(rows * columns / tokens);
    return ratio > UNPOOLED
        ? new Grid(wholeTimes(rows, ratio), wholeTimes(columns, ratio))
        : new Grid((int) rows, (int) columns);
  }

  /// How often `ratio` goes into `length`, with the remainder taken first: the quotient alone may
  /// round up to a whole number.
  private static int wholeTimes(long length, double ratio) {
    double quotient = (length - length % ratio) / ratio;
    double floor = Math.floor(quotient);
    return (int) (quotient - floor > 0.5 ? floor + 1 : floor);
  }

  /// Tokens of a picture that is alone in its prompt: the whole picture, then its pooled tiles with
  /// line breaks.
  public static int alone(TileLayout layout, int mostTiles) {
    return layout.side() * layout.side() + pooled(layout, mostTiles).tokens();
  }

  /// Tokens of each of several pictures of one prompt: its patches and one line break.
  ///
  /// @param side rows and columns of patches of a view
  public static int amongOthers(int side) {
    return side * side + 1;
  }

  /// Rows and columns of tokens of one frame of a video: half of its patches, rounded up.
  ///
  /// @param side rows and columns of patches of a frame
  public static int frameSide(int side) {
    return Math.ceilDiv(side, 2);
  }

  /// Tokens of a video: those of all frames and one line break.
  ///
  /// @param side rows and columns of patches of a frame
  public static int video(int frames, int side) {
    return frames * frameSide(side) * frameSide(side) + 1;
  }
}
