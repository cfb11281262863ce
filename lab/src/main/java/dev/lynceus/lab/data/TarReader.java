package dev.lynceus.lab.data;

import dev.lynceus.error.LynceusException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// WebDataset: entries that share a name up to the first dot behind the last slash are one sample;
/// what follows says what each is. Pictures are read at their place when they are needed.
final class TarReader {
  private static final int MOST_TEXT = 4 << 20;
  private static final Set<String> PICTURES = Set.of("png", "jpg", "jpeg", "webp", "gif", "bmp");
  private static final Set<String> TEXTS = Set.of("txt", "text", "cls", "cls2", "id", "caption");

  /// A sample that is being gathered.
  private static final class Sample {
    final String key;
    final Origin origin;
    final ObjectNode cells = JsonNodeFactory.instance.objectNode();
    final List<ImageSource> images = new ArrayList<>();
    @Nullable LynceusException fault;

    Sample(String key, Origin origin) {
      this.key = key;
      this.origin = origin;
    }
  }

  private final Path file;
  private final Rows rows;
  private @Nullable Sample sample;
  private long number;

  private TarReader(Path file, Rows rows) {
    this.file = file;
    this.rows = rows;
  }

  static void read(Path file, boolean packed, Rows rows) {
    TarReader reader = new TarReader(file, rows);
    LynceusException broken = null;
    try {
      TarFile.each(file, packed, rows.options().limits(), reader::entry);
    } catch (LynceusException e) {
      if (reader.number == 0) {
        throw e;
      }
      // The samples before the break are whole.
      broken = e;
    }
    reader.give();
    if (broken != null) {
      rows.bad(new Origin(file, reader.number + 1), broken);
    }
  }

  private void entry(Store store, TarFile.Entry entry) {
    if (rows.full()) {
      return;
    }
    String name = entry.name();
    String last = name.substring(name.lastIndexOf('/') + 1);
    int dot = last.indexOf('.');
    // Files of the archive itself, as WebDataset has them, and hidden ones.
    if (dot <= 0 || last.startsWith("__") || last.startsWith("._")) {
      return;
    }
    String key = name.substring(0, name.length() - last.length() + dot);
    Sample current = sample;
    if (current == null || !current.key.equals(key)) {
      give();
      current = new Sample(key, new Origin(file, ++number));
      sample = current;
    }
    try {
      take(current, store, entry, last.substring(dot + 1).toLowerCase(Locale.ROOT));
    } catch (LynceusException e) {
      if (current.fault == null) {
        current.fault = e;
      }
    }
  }

  private void take(Sample current, Store store, TarFile.Entry entry, String ending) {
    String where = "sample " + Refusal.quoted(current.key) + " of " + file;
    if (escapes(entry.name())) {
      throw Refusal.bad(
          "%s: the entry %s leads out of the archive"
              .formatted(where, Refusal.quoted(entry.name())),
          "Write the archive with names that stay inside.");
    }
    if (!TarFile.isPlain(entry.type())) {
      throw Refusal.bad(
          where
              + ": the entry "
              + Refusal.quoted(entry.name())
              + " is a link or a device, not a file",
          "Write the archive with the files themselves (tar --dereference).");
    }
    String kind = ending.substring(ending.lastIndexOf('.') + 1);
    if (PICTURES.contains(kind)) {
      if (entry.size() > rows.options().limits().pictureBytes()) {
        throw Refusal.bad(
            "%s: the picture %s has %d MiB"
                .formatted(where, Refusal.quoted(entry.name()), entry.size() >> 20),
            "Store it smaller.");
      }
      String called = Refusal.shown(entry.name()) + " in " + file;
      current.images.add(
          new StoredImage(
              entry.name(), called, () -> store.read(entry.offset(), (int) entry.size())));
    } else if (kind.equals("json") || TEXTS.contains(kind)) {
      text(current, store, entry, where, ending, kind.equals("json"));
    } else {
      current.cells.put(ending, entry.size() + " bytes");
    }
  }

  private static boolean escapes(String name) {
    return name.startsWith("/")
        || name.indexOf('\\') >= 0
        || name.matches("(?s)(.*/)?\\.\\.(/.*)?")
        || name.matches("(?s)[A-Za-z]:.*");
  }

  private static void text(
      Sample current, Store store, TarFile.Entry entry, String where, String ending, boolean json) {
    if (entry.size() > MOST_TEXT) {
      throw Refusal.bad(
          "%s: the text %s has %d MiB"
              .formatted(where, Refusal.quoted(entry.name()), entry.size() >> 20),
          "Texts of samples have at most 4 MiB.");
    }
    String text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(store.read(entry.offset(), (int) entry.size())))
              .toString();
    } catch (CharacterCodingException e) {
      throw Refusal.bad(
          "%s: %s is not text in UTF-8".formatted(where, Refusal.quoted(entry.name())),
          "Write texts in UTF-8.",
          e);
    }
    if (!json) {
      current.cells.put(ending.equals("cls") ? "label" : ending, text.strip());
      return;
    }
    JsonNode value;
    try {
      value = Json.value(text);
    } catch (JacksonException e) {
      throw Refusal.bad(
          "%s: %s is not valid JSON: %s"
              .formatted(
                  where, Refusal.quoted(entry.name()), Refusal.shown(e.getOriginalMessage())),
          "Write the archive again.",
          e);
    }
    if (value.isObject()) {
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        current.cells.set(field.getKey(), field.getValue());
      }
    } else {
      current.cells.set(ending, value);
    }
  }

  private void give() {
    Sample done = sample;
    sample = null;
    if (done != null) {
      Entries.guarded(done.origin, rows, () -> List.of(example(done)));
    }
  }

  private static Example example(Sample done) {
    LynceusException fault = done.fault;
    if (fault != null) {
      throw fault;
    }
    if (done.images.isEmpty() && !done.cells.has("question")) {
      throw Refusal.bad(
          "sample %s of %s has no picture".formatted(Refusal.quoted(done.key), done.origin.file()),
          "Pictures are entries that end in .jpg, .png, .webp, .gif or .bmp.");
    }
    return Columns.example(done.origin, done.key, done.cells, done.images).withId(done.key);
  }
}
