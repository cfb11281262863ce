package dev.lynceus.lab.think;

import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.picture.Mask;
import dev.lynceus.lab.picture.Region;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Things of one flat colour with a sharp edge. Pixels that hang together and differ from the first
/// by no more than a step of a channel are a piece; pieces of one colour that lie close to each
/// other are a thing. What ends softly, as the bands of a graded ground do, is none.
final class FlatPieces {
  /// Steps of a channel that are still one colour.
  private static final int SAME = 1;

  /// Steps of a channel across an edge that is soft.
  private static final int SOFT = 8;

  /// Part of an edge that may be soft.
  private static final double SOFT_PART = .3;

  /// How close pieces of a thing are: this part of the picture's longer side.
  private static final double CLOSE = 1 / 14.0;

  private final byte[] samples;
  private final int width;
  private final int height;
  private final boolean[] seen;

  private FlatPieces(RgbImage image) {
    this.samples = image.toBytes();
    this.width = image.width();
    this.height = image.height();
    this.seen = new boolean[width * height];
  }

  /// Pixels that hang together.
  ///
  /// @param first the pixel whose colour counts
  private record Piece(int first, Mask mask, Region.Box box) {}

  /// The things, the largest first.
  ///
  /// @param least pixels of a piece, as a share of the picture
  /// @param most longer side of a piece, as a share of the picture's
  static List<Region> of(RgbImage image, double least, double most) {
    FlatPieces pieces = new FlatPieces(image);
    List<Mask> things = pieces.joined(pieces.all(least, most));
    things.sort((a, b) -> b.area() - a.area());
    return things.stream().map(mask -> (Region) Region.Painted.of(mask)).toList();
  }

  private List<Piece> all(double least, double most) {
    List<Piece> pieces = new ArrayList<>();
    List<Integer> grounds = new ArrayList<>();
    for (int start = 0; start < seen.length; start++) {
      if (!seen[start]) {
        boolean[] inside = new boolean[seen.length];
        boolean sharp = flood(start, inside);
        Mask mask = Mask.of(width, height, inside);
        Region.Box box = mask.bounds().orElseThrow();
        double side = Math.max(box.x1() - box.x0(), box.y1() - box.y0());
        if (side > most * Math.max(width, height)) {
          grounds.add(start);
        } else if (sharp && mask.area() >= least * seen.length) {
          pieces.add(new Piece(start, mask, box));
        }
      }
    }
    // Ground that a thing encloses is no thing.
    pieces.removeIf(piece -> grounds.stream().anyMatch(one -> apart(one, piece.first) <= SAME));
    return pieces;
  }

  /// Marks a piece, and says whether its edge is sharp.
  private boolean flood(int start, boolean[] inside) {
    Deque<Integer> open = new ArrayDeque<>();
    seen[start] = true;
    open.push(start);
    int edge = 0;
    int soft = 0;
    while (!open.isEmpty()) {
      int at = open.pop();
      inside[at] = true;
      int x = at % width;
      int[] around = {x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1, at - width, at + width};
      for (int next : around) {
        if (next < 0 || next >= seen.length) {
          continue;
        }
        int apart = apart(start, next);
        if (apart > SAME) {
          edge++;
          soft += apart <= SOFT ? 1 : 0;
        } else if (!seen[next]) {
          seen[next] = true;
          open.push(next);
        }
      }
    }
    return soft <= SOFT_PART * edge;
  }

  private int apart(int a, int b) {
    int most = 0;
    for (int c = 0; c < 3; c++) {
      most = Math.max(most, Math.abs((samples[3 * a + c] & 0xff) - (samples[3 * b + c] & 0xff)));
    }
    return most;
  }

  private List<Mask> joined(List<Piece> pieces) {
    List<List<Piece>> things = new ArrayList<>();
    for (Piece piece : pieces) {
      List<Piece> thing = new ArrayList<>(List.of(piece));
      for (List<Piece> other : List.copyOf(things)) {
        if (other.stream().anyMatch(one -> belong(one, piece))) {
          thing.addAll(other);
          things.remove(other);
        }
      }
      things.add(thing);
    }
    List<Mask> masks = new ArrayList<>();
    for (List<Piece> thing : things) {
      masks.add(thing.stream().map(Piece::mask).reduce(Mask::or).orElseThrow());
    }
    return masks;
  }

  private boolean belong(Piece a, Piece b) {
    double close = CLOSE * Math.max(width, height);
    Region.Box near = a.box.grown(close, close);
    return apart(a.first, b.first) <= SAME
        && near.x0() <= b.box.x1()
        && b.box.x0() <= near.x1()
        && near.y0() <= b.box.y1()
        && b.box.y0() <= near.y1();
  }
}
