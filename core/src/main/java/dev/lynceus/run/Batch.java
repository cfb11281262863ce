package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.Attends;
import dev.lynceus.model.Model;
import dev.lynceus.model.Picture;
import dev.lynceus.tap.Labels;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.TokenMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Prompts that run side by side, padded to one length.
///
/// @param prompts one per row
/// @param ids `[row][position]`, padded
/// @param valid `[row][position]` whether a position is a real token
public record Batch(List<Prompt> prompts, int[][] ids, boolean[][] valid) {

  /// The side on which shorter prompts are filled up.
  public enum Padding {
    LEFT,
    RIGHT
  }

  /// A batch of one.
  public static Batch of(Prompt prompt) {
    return of(List.of(prompt), Padding.LEFT, 0);
  }

  /// A padded batch.
  ///
  /// @param padId token id of the padding; its value does not matter to the numbers of real tokens
  public static Batch of(List<Prompt> prompts, Padding padding, int padId) {
    if (prompts.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "the batch is empty", "Give at least one prompt.");
    }
    int length = prompts.stream().mapToInt(Prompt::length).max().orElseThrow();
    int[][] ids = new int[prompts.size()][length];
    boolean[][] valid = new boolean[prompts.size()][length];
    for (int row = 0; row < ids.length; row++) {
      int[] own = prompts.get(row).ids();
      int start =
          switch (padding) {
            case LEFT -> length - own.length;
            case RIGHT -> 0;
          };
      Arrays.fill(ids[row], padId);
      System.arraycopy(own, 0, ids[row], start, own.length);
      Arrays.fill(valid[row], start, start + own.length, true);
    }
    return new Batch(List.copyOf(prompts), ids, valid);
  }

  /// All rows, several times one after the other.
  Batch repeated(int copies) {
    if (copies == 1) {
      return this;
    }
    List<Prompt> all = new ArrayList<>();
    int[][] allIds = new int[copies * ids.length][];
    boolean[][] allValid = new boolean[allIds.length][];
    for (int row = 0; row < allIds.length; row++) {
      all.add(prompts.get(row % ids.length));
      allIds[row] = ids[row % ids.length];
      allValid[row] = valid[row % ids.length];
    }
    return new Batch(List.copyOf(all), allIds, allValid);
  }

  /// Rows.
  public int size() {
    return ids.length;
  }

  /// Positions of each row, padding included.
  public int length() {
    return ids[0].length;
  }

  /// Whether no row is padded.
  public boolean isPlain() {
    for (boolean[] row : valid) {
      for (boolean real : row) {
        if (!real) {
          return false;
        }
      }
    }
    return true;
  }

  /// Pictures of all rows, in order.
  public List<Picture> pictures() {
    List<Picture> all = new ArrayList<>();
    prompts.forEach(prompt -> all.addAll(prompt.pictures()));
    return all;
  }

  /// The words that are read beside each picture, in the order of the pictures.
  List<TokenMap> beside() {
    List<TokenMap> all = new ArrayList<>();
    prompts.forEach(prompt -> prompt.pictures().forEach(picture -> all.add(prompt.beside())));
    return all.stream().allMatch(words -> words.length() == 0) ? List.of() : all;
  }

  /// Last real position of a row.
  public int last(int row) {
    int position = length() - 1;
    while (!valid[row][position]) {
      position--;
    }
    return position;
  }

  /// The position of a row that answers: the first word that was taken out, else the last real one.
  public int answering(int row) {
    int[] masks = tokens(row).positions(TokenMap.Role.MASK);
    return masks.length > 0 ? masks[0] : last(row);
  }

  /// The number of the text that each position belongs to, `[row][position]`; 0 for padding.
  int[][] segments() {
    return IntStream.range(0, size())
        .mapToObj(row -> tokens(row).spots().stream().mapToInt(TokenMap.Spot::segment).toArray())
        .toArray(int[][]::new);
  }

  /// What each position of a row is, padding included.
  public TokenMap tokens(int row) {
    List<TokenMap.Spot> spots = new ArrayList<>();
    List<TokenMap.Spot> own = prompts.get(row).tokens().spots();
    int next = 0;
    for (int position = 0; position < length(); position++) {
      spots.add(
          valid[row][position]
              ? own.get(next++)
              : new TokenMap.Spot(ids[row][position], TokenMap.Role.PADDING, position, -1));
    }
    return new TokenMap(spots, prompts.get(row).tokens().grids());
  }

  /// The positions that see each other in both directions: per row and position the number of its
  /// block, -1 for none.
  ///
  /// @return null where there are none
  int @Nullable [][] blocks(Attends attends) {
    if (attends == Attends.CAUSAL) {
      return null;
    }
    return IntStream.range(0, size())
        .mapToObj(row -> blocks(attends, tokens(row).spots()))
        .toArray(int[][]::new);
  }

  private static int[] blocks(Attends attends, List<TokenMap.Spot> spots) {
    int[] numbers = new int[spots.size()];
    int pictures = -1;
    for (int p = 0; p < numbers.length; p++) {
      TokenMap.Role role = spots.get(p).role();
      boolean image = role == TokenMap.Role.IMAGE;
      if (image && (p == 0 || spots.get(p - 1).role() != role)) {
        pictures++;
      }
      numbers[p] =
          switch (attends) {
            case CAUSAL -> -1;
            case PICTURES -> image ? pictures : -1;
            case ALL -> role == TokenMap.Role.PADDING ? -1 : 0;
            case PREFIX ->
                switch (role) {
                  case TEMPLATE, QUESTION, PASSAGE, MASK, IMAGE -> 0;
                  case ANSWER, PADDING -> -1;
                };
          };
    }
    return numbers;
  }

  /// What the positions of every point of a pass over this batch are.
  public Labels labels(Model model) {
    TokenMap tokens = commonTokens();
    List<Picture> all = pictures();
    List<TokenMap> beside = beside();
    Function<Point, TokenMap> rows =
        point -> point.stack() == Stack.DECODER ? tokens : model.labels(point, all, beside);
    return new Labels(
        rows, point -> model.memory(point, beside).orElseGet(() -> rows.apply(point)));
  }

  /// What each position is in every row; empty where rows differ in what lies where, so that a
  /// label would mean other positions in each.
  public TokenMap commonTokens() {
    TokenMap first = tokens(0);
    for (int row = 1; row < size(); row++) {
      if (!sameLayout(first, tokens(row))) {
        return TokenMap.NONE;
      }
    }
    return first;
  }

  private static boolean sameLayout(TokenMap first, TokenMap other) {
    for (int position = 0; position < first.length(); position++) {
      TokenMap.Spot a = first.spots().get(position);
      TokenMap.Spot b = other.spots().get(position);
      if (a.role() != b.role() || a.index() != b.index() || a.image() != b.image()) {
        return false;
      }
    }
    return true;
  }
}
