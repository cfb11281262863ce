package dev.lynceus.lab.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where pictures of COCO lie: beside the annotations, or in the folders that they unpack to.
final class CocoNames {
  private static final Pattern OF_2014 =
      Pattern.compile("(?:.*/)?COCO_(train2014|val2014|test2014|test2015)_\\d+\\.jpg");

  private CocoNames() {}

  /// The names that a picture may have.
  static List<String> of(String name) {
    Matcher coco = OF_2014.matcher(name);
    return coco.matches() ? in(coco.group(1), name) : List.of(name, "images/" + name);
  }

  /// The names of a picture that belongs to a part of COCO, such as `val2014`.
  static List<String> in(String part, String name) {
    List<String> names = new ArrayList<>(List.of(name));
    if (!part.isEmpty()) {
      names.add(part + "/" + name);
    }
    names.add("images/" + name);
    if (!part.isEmpty()) {
      names.add("images/" + part + "/" + name);
    }
    return names;
  }

  /// The name of a picture by its number.
  ///
  /// @param part such as `val2014`
  static String of(String part, long number) {
    return String.format(Locale.ROOT, "COCO_%s_%012d.jpg", part, number);
  }
}
