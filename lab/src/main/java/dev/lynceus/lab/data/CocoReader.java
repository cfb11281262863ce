package dev.lynceus.lab.data;

import dev.lynceus.error.LynceusException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// COCO: a picture is a row, with its captions as answers, its things as regions and their names in
/// the field `present`. Boxes of the files are left, top, width, height; those of regions left,
/// top, right, bottom.
final class CocoReader {
  static final String NEXT =
      "Give annotations as COCO publishes them: images, annotations and, for instances, categories.";

  /// A picture of the list.
  record Picture(Origin origin, long id, String file, String width, String height) {}

  /// A thing, or the fault of one.
  record Thing(long id, long category, double[] box, List<List<Double>> outline, boolean crowd) {}

  private final Path source;
  private final Rows rows;
  private final List<Picture> pictures = new ArrayList<>();
  private final Map<Long, List<Thing>> things = new HashMap<>();
  private final Map<Long, List<String>> captions = new HashMap<>();
  private final Map<Long, String> categories = new HashMap<>();
  private final List<Map.Entry<Origin, LynceusException>> faulty = new ArrayList<>();
  private long numbers;

  private CocoReader(Path source, Rows rows) {
    this.source = source;
    this.rows = rows;
  }

  static void read(Path file, Rows rows) {
    CocoReader reader = new CocoReader(file, rows);
    reader.file(file);
    for (Path more : rows.options().beside()) {
      reader.file(more);
    }
    reader.give();
  }

  /// Things of a file of instances, for those who refer to them.
  static CocoReader instances(Path file, Rows rows) {
    CocoReader reader = new CocoReader(file, rows);
    reader.file(file);
    return reader;
  }

  private void file(Path file) {
    Entries.each(
        file,
        Set.of(),
        (path, number, name, value) -> {
          Origin origin = new Origin(file, number);
          switch (path) {
            case "images" -> picture(origin, value);
            case "annotations" -> annotation(origin, value);
            case "categories" ->
                categories.put(value.path("id").asLong(0), Json.text(value.path("name")).intern());
            default -> {
              // info and licences
            }
          }
          if (pictures.size() > rows.options().limits().rows()
              || numbers > rows.options().limits().textChars()) {
            throw Refusal.bad(
                file + " has more pictures or points of outlines than are kept in memory",
                "Split the file.");
          }
          return true;
        });
  }

  private void picture(Origin origin, JsonNode image) {
    String file = Json.text(image.path("file_name"));
    if (!image.path("id").isIntegralNumber() || file.isBlank()) {
      if (isSource(origin)) {
        pictures.add(new Picture(origin, Long.MIN_VALUE, "", "", ""));
      }
      return;
    }
    if (isSource(origin)) {
      pictures.add(
          new Picture(
              origin,
              image.path("id").asLong(),
              file,
              Json.text(image.path("width")),
              Json.text(image.path("height"))));
    }
  }

  /// Whether pictures of that list are rows: other files of the data set name the same ones.
  private boolean isSource(Origin origin) {
    return origin.file().equals(source);
  }

  private void annotation(Origin origin, JsonNode one) {
    String where = "annotation " + origin.row() + " of " + origin.file();
    try {
      if (!one.path("image_id").isIntegralNumber()) {
        throw Refusal.bad(where + " lacks image_id", NEXT);
      }
      long image = one.path("image_id").asLong();
      if (one.path("caption").isString()) {
        String caption = one.path("caption").asString().strip();
        numbers += caption.length();
        captions.computeIfAbsent(image, id -> new ArrayList<>(5)).add(caption);
        return;
      }
      Thing thing = thing(one, where);
      numbers += 8 + thing.outline().stream().mapToLong(List::size).sum() * 4;
      things.computeIfAbsent(image, id -> new ArrayList<>(4)).add(thing);
    } catch (LynceusException e) {
      if (faulty.size() < 100_000) {
        faulty.add(Map.entry(origin, e));
      }
    }
  }

  private static Thing thing(JsonNode one, String where) {
    double[] box = Json.numbers(one.path("bbox"));
    JsonNode segmentation = one.path("segmentation");
    List<List<Double>> outline = outline(segmentation, where);
    if (box == null || box.length != 4 || box[2] < 0 || box[3] < 0) {
      throw Refusal.bad(
          where + ": its bbox is no box", "Boxes are left, top, width and height in pixels.");
    }
    return new Thing(
        one.path("id").asLong(0),
        one.path("category_id").asLong(0),
        new double[] {box[0], box[1], box[0] + box[2], box[1] + box[3]},
        outline,
        one.path("iscrowd").asInt(0) == 1);
  }

  private static List<List<Double>> outline(JsonNode segmentation, String where) {
    if (segmentation.isObject()) {
      return Rle.outline(segmentation, where);
    }
    List<List<Double>> outline = new ArrayList<>();
    for (JsonNode polygon : segmentation) {
      double[] points = Json.numbers(polygon);
      if (points == null || points.length < 6 || points.length % 2 != 0) {
        throw Refusal.bad(
            where + ": a polygon of its segmentation is no list of x, y, x, y, …",
            "A polygon has at least three points.");
      }
      List<Double> list = new ArrayList<>(points.length);
      for (double point : points) {
        list.add(point);
      }
      outline.add(list);
    }
    return outline;
  }

  private void give() {
    PictureFiles files = PictureFiles.besideFile(source, rows.options());
    Set<Long> known = new LinkedHashSet<>();
    for (Picture picture : pictures) {
      if (rows.full()) {
        return;
      }
      Entries.guarded(
          picture.origin(),
          rows,
          () -> {
            if (picture.file().isEmpty()) {
              throw Refusal.bad(
                  "image %d of %s lacks id or file_name"
                      .formatted(picture.origin().row(), picture.origin().file()),
                  NEXT);
            }
            known.add(picture.id());
            return List.of(example(picture, files));
          });
    }
    faulty.forEach(one -> rows.bad(one.getKey(), one.getValue()));
    Set<Long> strangers = new LinkedHashSet<>(things.keySet());
    strangers.addAll(captions.keySet());
    strangers.removeAll(known);
    for (long image : strangers) {
      rows.bad(
          new Origin(source, 0),
          Refusal.bad(
              "%s: annotations are about image %d, which is not in its list"
                  .formatted(source, image),
              NEXT));
    }
  }

  private Example example(Picture picture, PictureFiles files) {
    List<LabelledRegion> regions = new ArrayList<>();
    Set<String> present = new LinkedHashSet<>();
    for (Thing thing : things.getOrDefault(picture.id(), List.of())) {
      regions.add(region(thing));
      if (!name(thing).isEmpty()) {
        present.add(name(thing));
      }
    }
    SequencedMap<String, String> fields = new LinkedHashMap<>();
    put(fields, "width", picture.width());
    put(fields, "height", picture.height());
    if (!present.isEmpty()) {
      fields.put("present", JsonMapper.shared().writeValueAsString(present));
    }
    return new Example(
        Long.toString(picture.id()),
        picture.origin(),
        List.of(files.either(names(picture.file()), picture.origin().toString())),
        "",
        "",
        captions.getOrDefault(picture.id(), List.of()),
        List.of(),
        "",
        regions,
        fields);
  }

  private static void put(SequencedMap<String, String> fields, String name, String value) {
    if (!value.isEmpty()) {
      fields.put(name, value);
    }
  }

  /// The names that a picture of the list may have; annotations lie in a folder beside those of the
  /// pictures.
  private List<String> names(String file) {
    List<String> names = new ArrayList<>(CocoNames.of(file));
    String annotations = String.valueOf(source.getFileName());
    for (String part : List.of("train2017", "val2017", "train2014", "val2014")) {
      if (annotations.contains(part)) {
        names.addAll(CocoNames.in(part, file));
      }
    }
    return names.stream().distinct().toList();
  }

  LabelledRegion region(Thing thing) {
    double[] box = thing.box();
    return new LabelledRegion(0, name(thing), box[0], box[1], box[2], box[3], thing.outline());
  }

  String name(Thing thing) {
    return categories.getOrDefault(thing.category(), "");
  }

  /// A thing by its number.
  Map<Long, Thing> byId() {
    Map<Long, Thing> all = new HashMap<>();
    things.values().forEach(some -> some.forEach(one -> all.put(one.id(), one)));
    return all;
  }

  /// The files of the pictures by their numbers.
  Map<Long, String> fileNames() {
    Map<Long, String> all = new HashMap<>();
    pictures.forEach(one -> all.put(one.id(), one.file()));
    return all;
  }
}
