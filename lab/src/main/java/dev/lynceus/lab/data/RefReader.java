package dev.lynceus.lab.data;

import dev.lynceus.tensor.file.InputFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// RefCOCO, RefCOCO+ and RefCOCOg, the list of references as JSON. Each expression is a row, and
/// the thing that it means its region, from the file of instances.
final class RefReader {
  private static final String NEXT =
      "Give the references as JSON (ref_id, ann_id, image_id, split, sentences) and instances.json.";

  private final Map<Long, CocoReader.Thing> things;
  private final Map<Long, String> names;
  private final @Nullable CocoReader instances;
  private final PictureFiles files;

  private RefReader(@Nullable CocoReader instances, PictureFiles files) {
    this.instances = instances;
    this.files = files;
    this.things = instances == null ? Map.of() : instances.byId();
    this.names = instances == null ? Map.of() : instances.fileNames();
  }

  static void read(Path file, boolean list, Rows rows) {
    Path beside =
        rows.options().beside().isEmpty()
            ? file.resolveSibling("instances.json")
            : rows.options().beside().getFirst();
    boolean is = !rows.options().beside().isEmpty() || InputFile.isRegular(beside);
    RefReader reader =
        new RefReader(
            is ? CocoReader.instances(beside, rows) : null,
            PictureFiles.besideFile(file, rows.options()));
    Entries.rows(file, list, rows, reader::examples);
  }

  private List<Example> examples(Origin origin, String where, JsonNode ref) {
    JsonNode sentences = ref.path("sentences");
    JsonNode thing = ref.path("ann_id");
    if (!sentences.isArray() || sentences.isEmpty() || !ref.path("image_id").isIntegralNumber()) {
      throw Refusal.bad(where + " lacks " + (sentences.isEmpty() ? "sentences" : "image_id"), NEXT);
    }
    List<LabelledRegion> regions = new ArrayList<>();
    String category = "";
    if (instances != null) {
      CocoReader.Thing found = things.get(thing.asLong(-1));
      if (found == null) {
        throw Refusal.bad(
            where + ": thing " + Refusal.shown(Json.text(thing)) + " is not among the instances",
            NEXT);
      }
      regions.add(instances.region(found));
      category = instances.name(found);
    }
    SequencedMap<String, String> fields = new LinkedHashMap<>();
    for (String name : List.of("ref_id", "ann_id", "image_id", "category_id", Rows.SPLIT)) {
      if (!ref.path(name).isMissingNode()) {
        fields.put(name, Json.text(ref.path(name)));
      }
    }
    ImageSource image = files.either(CocoNames.of(name(ref)), where);
    List<Example> all = new ArrayList<>();
    for (JsonNode sentence : sentences) {
      String text = Json.text(sentence.isObject() ? sentence.path("sent") : sentence);
      String raw = Json.text(sentence.path("raw"));
      if (text.isBlank() && raw.isBlank()) {
        throw Refusal.bad(where + ": one of its sentences is empty", NEXT);
      }
      String id = Json.text(sentence.path("sent_id"));
      all.add(
          new Example(
              id.isEmpty() ? Json.text(ref.path("ref_id")) + "." + all.size() : id,
              origin,
              List.of(image),
              "",
              text.isBlank() ? raw : text,
              List.of(),
              List.of(),
              category,
              regions,
              fields));
    }
    return all;
  }

  /// The picture as the instances call it; else as the reference does, which puts the number of the
  /// thing behind that of the picture.
  private String name(JsonNode ref) {
    String known = names.get(ref.path("image_id").asLong());
    String given =
        Json.text(ref.path("file_name")).replaceFirst("^(COCO_\\w+?_\\d{12})_\\d+", "$1");
    return known != null
        ? known
        : given.isEmpty() ? CocoNames.of("train2014", ref.path("image_id").asLong()) : given;
  }
}
