package dev.lynceus.tap;

import dev.lynceus.error.LynceusException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What each position of a sequence is, and the pixels that it stands for. Made by the
/// preprocessor, carried by every result; nothing else knows where the visual tokens lie.
///
/// @param spots one entry per position, in order; grows as an answer is generated
/// @param grids the images, in the order of the prompt
public record TokenMap(List<Spot> spots, List<ImageGrid> grids) {

  /// What a position belongs to.
  public enum Role {
    /// Words around the question: system text, names of speakers, special tokens.
    TEMPLATE,
    /// The user's words.
    QUESTION,
    /// The words of a text that is read to answer.
    PASSAGE,
    /// A word that was taken out, and is to be said.
    MASK,
    /// A visual token.
    IMAGE,
    /// A token of the answer.
    ANSWER,
    /// Padding of a batch.
    PADDING;

    /// What labels call it.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static String words(String between) {
      return Arrays.stream(values()).map(Role::word).collect(Collectors.joining(between));
    }
  }

  /// One position.
  ///
  /// @param id token id
  /// @param role what it belongs to
  /// @param index number within its role; for a visual token its number within its image
  /// @param image number of its image, -1 elsewhere
  /// @param segment number of the text that it belongs to, where a model tells several apart
  public record Spot(int id, Role role, int index, int image, int segment) {

    /// One of the first text.
    public Spot(int id, Role role, int index, int image) {
      this(id, role, index, image, 0);
    }
  }

  /// How the visual tokens of one image lie on it: tiles of patches in the order of the sequence.
  ///
  /// @param name file name or other label
  /// @param width width of the original picture in pixels
  /// @param height height of the original picture in pixels
  /// @param tiles the parts of the picture that were encoded; one for models that see the picture
  ///   once
  public record ImageGrid(String name, int width, int height, List<Tile> tiles) {

    /// Number of visual tokens.
    public int tokens() {
      return tiles.stream().mapToInt(Tile::tokens).sum();
    }

    /// The tile that a token belongs to.
    public Tile tile(int token) {
      int start = 0;
      for (Tile tile : tiles) {
        if (token < start + tile.tokens()) {
          return tile;
        }
        start += tile.tokens();
      }
      throw new IndexOutOfBoundsException(token);
    }

    /// Label of a token, for example `tile[1].row[3].col[7]`, `query[3]`, or `tile[1].row[3].break`
    /// for a line break, `tile[0].break` for the one after the last row, or `tile[0].class` for a
    /// class token; the tile is left out where there is only one.
    public String label(int token) {
      int start = 0;
      for (int t = 0; t < tiles.size(); t++) {
        Tile tile = tiles.get(t);
        if (token < start + tile.tokens()) {
          String cell = tile.label(token - start);
          return tiles.size() == 1 ? cell : "tile[" + t + "]." + cell;
        }
        start += tile.tokens();
      }
      throw new IndexOutOfBoundsException(token);
    }
  }

  /// A rectangle of patches, which may come in blocks.
  ///
  /// @param name what tells it from the other tiles of its image, for example `whole`; may be empty
  /// @param rows rows of patches
  /// @param columns columns of patches
  /// @param breaks tokens after each row that stand for no pixels (a line break; a class token
  ///   where there are no patches), 0 or 1
  /// @param left left edge of the seen rectangle in pixels of the original
  /// @param top top edge
  /// @param seenWidth width of the seen rectangle in pixels of the original
  /// @param seenHeight height of it
  /// @param blockRows rows of a block, where the tokens come block by block, each row by row, and
  ///   not row by row of the whole; `rows` where there is one block
  /// @param blockColumns columns of a block; `columns` where there is one
  /// @param ends tokens after the last row that stand for no pixels: 0 or 1, or all where there are
  ///   no rows
  public record Tile(
      String name,
      int rows,
      int columns,
      int breaks,
      double left,
      double top,
      double seenWidth,
      double seenHeight,
      int blockRows,
      int blockColumns,
      int ends) {

    /// A tile whose tokens come row by row.
    public Tile(
        String name,
        int rows,
        int columns,
        int breaks,
        double left,
        double top,
        double seenWidth,
        double seenHeight) {
      this(name, rows, columns, breaks, left, top, seenWidth, seenHeight, rows, columns, 0);
    }

    /// The same of blocks, without line breaks.
    public Tile inBlocks(int rowsOfOne, int columnsOfOne) {
      return new Tile(
          name, rows, columns, 0, left, top, seenWidth, seenHeight, rowsOfOne, columnsOfOne, 0);
    }

    /// The same with one line break after the last row.
    public Tile ended() {
      return new Tile(
          name,
          rows,
          columns,
          breaks,
          left,
          top,
          seenWidth,
          seenHeight,
          blockRows,
          blockColumns,
          1);
    }

    /// The only tile of an image, which needs no name.
    public Tile(
        int rows,
        int columns,
        int breaks,
        double left,
        double top,
        double seenWidth,
        double seenHeight) {
      this("", rows, columns, breaks, left, top, seenWidth, seenHeight);
    }

    /// Queries that read the whole of what is seen, and stand for no patch of it.
    public static Tile queries(
        int count, double left, double top, double seenWidth, double seenHeight) {
      return new Tile("", 0, 0, 0, left, top, seenWidth, seenHeight, 0, 0, count);
    }

    /// Tokens of this tile.
    public int tokens() {
      return rows * stride() + ends;
    }

    /// Tokens of one row.
    public int stride() {
      return columns + breaks;
    }

    /// Patches of this tile.
    public int patches() {
      return rows * columns;
    }

    /// The patch that a token of this tile is, row by row; -1 for one that stands for no pixels.
    public int patch(int token) {
      if (token >= rows * stride()) {
        return -1;
      }
      if (blockRows < rows || blockColumns < columns) {
        int size = blockRows * blockColumns;
        int block = token / size;
        int within = token % size;
        int across = columns / blockColumns;
        int row = block / across * blockRows + within / blockColumns;
        return row * columns + block % across * blockColumns + within % blockColumns;
      }
      int column = token % stride();
      return column < columns ? token / stride() * columns + column : -1;
    }

    private String label(int token) {
      if (rows == 0) {
        return "query[" + token + "]";
      }
      if (patches() == 0 && tokens() == 1) {
        return "class";
      }
      if (token >= rows * stride()) {
        return "break";
      }
      int patch = patch(token);
      return patch < 0
          ? "row[" + token / stride() + "].break"
          : "row[" + patch / columns + "].col[" + patch % columns + "]";
    }

    /// The pixels of the original that a patch stands for: left, top, width, height.
    public double[] pixels(int row, int column) {
      double w = seenWidth / columns;
      double h = seenHeight / rows;
      return new double[] {left + column * w, top + row * h, w, h};
    }
  }

  /// One tile of one image in this sequence: what a patch map is drawn on. Tokens that stand for no
  /// pixels are none of its patches.
  ///
  /// @param image number of the image
  /// @param tile the tile
  /// @param label name of the image, with the tile's name where it has one, for example `dog.png
  ///   (whole)`
  /// @param tokens positions of all its tokens, ascending
  /// @param positions positions of its patches, row by row
  public record View(int image, Tile tile, String label, int[] tokens, int[] positions) {}

  /// A map that names nothing.
  public static final TokenMap NONE = new TokenMap(List.of(), List.of());

  /// The map of one view of a picture, cut into patches.
  ///
  /// @param before positions before the patches, for example a class token
  /// @param first the first patch that is there, 0 if all are
  public static TokenMap view(int rows, int columns, int before, int first) {
    List<Spot> spots = new ArrayList<>();
    for (int i = 0; i < before; i++) {
      spots.add(new Spot(-1, Role.TEMPLATE, i, -1));
    }
    for (int patch = first; patch < rows * columns; patch++) {
      spots.add(new Spot(-1, Role.IMAGE, patch, 0));
    }
    Tile whole = new Tile(rows, columns, 0, 0, 0, columns, rows);
    return new TokenMap(spots, List.of(new ImageGrid("view", columns, rows, List.of(whole))));
  }

  /// The map of the visual tokens of some pictures alone, one picture after the other.
  public static TokenMap pictures(List<ImageGrid> grids) {
    List<Spot> spots = new ArrayList<>();
    for (int image = 0; image < grids.size(); image++) {
      for (int token = 0; token < grids.get(image).tokens(); token++) {
        spots.add(new Spot(-1, Role.IMAGE, token, image));
      }
    }
    return new TokenMap(spots, grids);
  }

  public TokenMap {
    spots = List.copyOf(spots);
    grids = List.copyOf(grids);
  }

  /// Number of positions.
  public int length() {
    return spots.size();
  }

  /// Token ids of all positions.
  public int[] ids() {
    return spots.stream().mapToInt(Spot::id).toArray();
  }

  /// Positions of one role, ascending.
  public int[] positions(Role role) {
    return IntStream.range(0, spots.size()).filter(p -> spots.get(p).role() == role).toArray();
  }

  /// Positions of the visual tokens of one image, ascending.
  public int[] image(int image) {
    return IntStream.range(0, spots.size())
        .filter(p -> spots.get(p).role() == Role.IMAGE && spots.get(p).image() == image)
        .toArray();
  }

  /// The tiles of all images that have patches, in the order of the sequence: one patch map can be
  /// drawn on each.
  public List<View> views() {
    List<View> views = new ArrayList<>();
    for (int image = 0; image < grids.size(); image++) {
      int[] all = image(image);
      int start = 0;
      for (Tile tile : grids.get(image).tiles()) {
        int[] tokens = Arrays.copyOfRange(all, start, start + tile.tokens());
        start += tokens.length;
        if (tile.patches() > 0) {
          String name = grids.get(image).name();
          String label = tile.name().isEmpty() ? name : name + " (" + tile.name() + ")";
          int[] positions = new int[tile.patches()];
          int least = IntStream.of(tokens).map(p -> spots.get(p).index()).min().orElse(0);
          for (int position : tokens) {
            // The order of a sequence may be another than that of the tile.
            int patch = tile.patch(spots.get(position).index() - least);
            if (patch >= 0) {
              positions[patch] = position;
            }
          }
          views.add(new View(image, tile, label, tokens, positions));
        }
      }
    }
    return views;
  }

  /// The number of a view among [#views()]; its positions tell it from the others.
  ///
  /// @throws java.util.NoSuchElementException if it is none of them
  public int index(View view) {
    List<View> all = views();
    return IntStream.range(0, all.size())
        .filter(i -> Arrays.equals(all.get(i).positions(), view.positions()))
        .findFirst()
        .orElseThrow();
  }

  /// The map with tokens of an answer appended.
  public TokenMap withAnswer(int... ids) {
    List<Spot> all = new ArrayList<>(spots);
    int index = positions(Role.ANSWER).length;
    for (int id : ids) {
      all.add(new Spot(id, Role.ANSWER, index++, -1));
    }
    return new TokenMap(all, grids);
  }

  /// Label of a position, for example `image[0].row[3].col[7]`, `question[2]` or `answer[0]`.
  public String label(int position) {
    Spot spot = spots.get(position);
    return spot.role() == Role.IMAGE
        ? "image[" + spot.image() + "]." + grids.get(spot.image()).label(spot.index())
        : spot.role().word() + "[" + spot.index() + "]";
  }

  /// The positions that a label names: a role (`image`), one of its entries (`answer[2]`,
  /// `image[0]`) or one patch (`image[0].row[3].col[7]`).
  ///
  /// @throws LynceusException if it names nothing in this sequence
  public int[] find(String label) {
    return PositionLabel.find(this, label);
  }
}
