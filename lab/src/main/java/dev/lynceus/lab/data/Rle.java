package dev.lynceus.lab.data;

import dev.lynceus.error.LynceusException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Masks as COCO stores them where they are no polygons: lengths of runs down the columns, first of
/// what is outside, then inside, in turn; as numbers, or as text in which each length is written
/// with six bits a character, from the third on as the difference to the length before the last
/// (cocoapi, `maskApi.c`, `rleFrString`).
final class Rle {
  private static final int MOST_RUNS = 1_000_000;

  private Rle() {}

  /// The mask as rectangles that do not overlap and cover it, each `x, y, x, y, …` around.
  ///
  /// @throws LynceusException BAD_REQUEST for what is no mask
  static List<List<Double>> outline(JsonNode segmentation, String where) {
    double[] size = Json.numbers(segmentation.path("size"));
    if (size == null
        || size.length != 2
        || !(size[0] >= 1 && size[0] <= 100_000 && size[1] >= 1 && size[1] <= 100_000)) {
      throw no(where, "its size is not [height, width]");
    }
    long height = (long) size[0];
    long all = height * (long) size[1];
    JsonNode counts = segmentation.path("counts");
    List<Long> runs = counts.isArray() ? numbers(counts, where) : text(Json.text(counts), where);
    long total = 0;
    for (long run : runs) {
      if (run < 0 || run > all) {
        throw no(where, "a run of its counts has " + run + " pixels");
      }
      total += run;
    }
    if (total != all) {
      throw no(where, "its counts are of %d pixels, its size of %d".formatted(total, all));
    }
    return rectangles(runs, height, where);
  }

  private static List<Long> numbers(JsonNode counts, String where) {
    List<Long> runs = new ArrayList<>();
    for (JsonNode count : counts) {
      if (!count.isIntegralNumber() || !count.canConvertToLong()) {
        throw no(where, "its counts are no numbers");
      }
      runs.add(count.longValue());
    }
    return runs;
  }

  private static List<Long> text(String counts, String where) {
    List<Long> runs = new ArrayList<>();
    int at = 0;
    while (at < counts.length()) {
      long value = 0;
      int bits = 0;
      boolean more = true;
      while (more) {
        int six = at < counts.length() ? counts.charAt(at++) - 48 : -1;
        if (six < 0 || six > 63 || bits > 50) {
          throw no(where, "its counts are cut short or no run lengths");
        }
        value |= (long) (six & 0x1f) << bits;
        more = (six & 0x20) != 0;
        bits += 5;
        if (!more && (six & 0x10) != 0) {
          value |= -1L << bits;
        }
      }
      runs.add(runs.size() > 2 ? value + runs.get(runs.size() - 2) : value);
    }
    return runs;
  }

  private static List<List<Double>> rectangles(List<Long> runs, long height, String where) {
    Merged columns = new Merged(height);
    long at = 0;
    int count = 0;
    for (int i = 0; i < runs.size(); i++) {
      long end = at + runs.get(i);
      while (i % 2 == 1 && at < end) {
        long top = at % height;
        long bottom = Math.min(height, top + end - at);
        if (++count > MOST_RUNS) {
          throw no(where, "it has more than " + MOST_RUNS + " runs");
        }
        columns.add(at / height, top, bottom);
        at += bottom - top;
      }
      at = end;
    }
    return columns.done();
  }

  /// Runs of one column that go on in the next are one rectangle.
  private static final class Merged {
    private final long height;
    private final List<List<Double>> done = new ArrayList<>();
    private Map<Long, long[]> before = new LinkedHashMap<>(); // left, right, top, bottom
    private Map<Long, long[]> now = new LinkedHashMap<>();
    private long column;

    Merged(long height) {
      this.height = height;
    }

    void add(long x, long top, long bottom) {
      if (x != column) {
        close(before);
        before = now;
        now = new LinkedHashMap<>();
        if (x != column + 1) {
          close(before);
          before = new LinkedHashMap<>();
        }
        column = x;
      }
      long key = top * (height + 1) + bottom;
      long[] rectangle = before.remove(key);
      if (rectangle == null) {
        rectangle = new long[] {x, x, top, bottom};
      }
      rectangle[1] = x + 1;
      now.put(key, rectangle);
    }

    private void close(Map<Long, long[]> rectangles) {
      for (long[] one : rectangles.values()) {
        double left = one[0];
        double right = one[1];
        double top = one[2];
        double bottom = one[3];
        done.add(List.of(left, top, right, top, right, bottom, left, bottom));
      }
    }

    List<List<Double>> done() {
      close(before);
      close(now);
      return done;
    }
  }

  private static LynceusException no(String where, String why) {
    return Refusal.bad(
        "%s: the segmentation is no mask: %s".formatted(where, why),
        "Give polygons, or {\"size\": [height, width], \"counts\": …} as COCO writes it.");
  }
}
