package dev.lynceus.model.convert;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.file.FileFault;
import dev.lynceus.tensor.file.InputFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/// The files of a model that lie in a folder, beside a file, or in a zip such as a jar, also in a
/// zip within it. Only those are looked at whose names can be of use. What lies in a zip is
/// unpacked into temporary files, which are mapped and go away with this.
final class Members implements AutoCloseable {
  /// What is looked at, by the ends of names.
  private static final List<String> USEFUL =
      List.of(".onnx", ".index", "tokenizer.json", "vocab.txt");

  private static final String SHARD = ".data-";

  /// How deep zips lie in each other, and files in a folder.
  private static final int DEEPEST = 3;

  private static final byte[] ZIP = {'P', 'K', 3, 4};

  private final Path source;
  private final Arena arena = Arena.ofConfined();
  private final List<Path> temporary = new ArrayList<>();
  private final TreeMap<String, MemorySegment> files = new TreeMap<>();

  private Members(Path source) {
    this.source = source;
  }

  /// Opens what a user names.
  ///
  /// @throws LynceusException MODEL_NOT_FOUND, BAD_CHECKPOINT
  static Members open(Path source) {
    Members members = new Members(source);
    try {
      members.read();
      return members;
    } catch (IOException e) {
      members.close();
      throw members.bad("cannot be read: " + FileFault.reason(e), "Fetch it again.", e);
    } catch (RuntimeException e) {
      members.close();
      throw e;
    }
  }

  private void read() throws IOException {
    if (Files.isDirectory(source)) {
      folder(source);
      return;
    }
    try (InputStream start = Channels.newInputStream(InputFile.WEIGHTS.open(source))) {
      if (isZip(start.readNBytes(ZIP.length))) {
        try (InputStream whole = Channels.newInputStream(InputFile.WEIGHTS.open(source))) {
          zip(whole, "", DEEPEST);
        }
        return;
      }
    }
    Path folder = source.toAbsolutePath().getParent();
    if (isUseful(source.toString()) && folder != null) {
      folder(folder);
      return;
    }
    throw bad(
        "is no jar, zip or folder, and no file of a model that is known (ONNX, TensorFlow)",
        "Give the jar, or the folder that it was unpacked into.",
        null);
  }

  private void folder(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder, DEEPEST)) {
      for (Path file : all.sorted().toList()) {
        if (InputFile.isRegular(file) && isUseful(file.toString())) {
          files.put(folder.relativize(file).toString().replace('\\', '/'), mapped(file));
        }
      }
    }
  }

  private void zip(InputStream in, String above, int depth) throws IOException {
    ZipInputStream zip = new ZipInputStream(in); // closed by who opened the stream
    for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
      String name = above + entry.getName();
      if (entry.isDirectory()) {
        continue;
      }
      if (isUseful(name)) {
        files.put(name, unpacked(zip));
      } else if (depth > 1) {
        PushbackInputStream start = new PushbackInputStream(zip, ZIP.length);
        byte[] first = start.readNBytes(ZIP.length);
        start.unread(first);
        if (isZip(first)) {
          zip(start, name + "/", depth - 1);
        }
      }
    }
  }

  /// A file of a zip. Its name is not used: nothing is written where it says.
  private MemorySegment unpacked(InputStream in) throws IOException {
    Path file = Files.createTempFile("lynceus-import-", ".part");
    temporary.add(file);
    Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
    return mapped(file);
  }

  private MemorySegment mapped(Path file) throws IOException {
    try (FileChannel channel = InputFile.WEIGHTS.open(file)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    }
  }

  private static boolean isZip(byte[] first) {
    return Arrays.equals(first, ZIP);
  }

  private static boolean isUseful(String name) {
    return USEFUL.stream().anyMatch(name::endsWith) || name.contains(SHARD);
  }

  /// What messages call it.
  String description() {
    return source.toString();
  }

  /// The only file whose name has this end, or the one nearest to the top where there are several.
  Optional<String> find(String end) {
    return files.keySet().stream()
        .filter(name -> name.endsWith(end))
        .min(
            Comparator.comparingLong((String name) -> name.chars().filter(c -> c == '/').count())
                .thenComparing(Comparator.naturalOrder()));
  }

  /// The bytes of a file.
  ///
  /// @throws LynceusException BAD_CHECKPOINT if there is none of that name
  MemorySegment bytes(String name) {
    MemorySegment found = files.get(name);
    if (found == null) {
      throw bad("has no " + name, "Fetch it again, whole.", null);
    }
    return found;
  }

  /// A small file as a text.
  String text(String name) {
    MemorySegment bytes = bytes(name);
    if (bytes.byteSize() > InputFile.TOKENIZER.mostBytes()) {
      throw bad("has a " + name + " of " + bytes.byteSize() + " bytes", "Fetch it again.", null);
    }
    return new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  /// The refusal of what lies here.
  LynceusException bad(String what, String nextStep, @Nullable Exception cause) {
    return new LynceusException(ErrorCode.BAD_CHECKPOINT, source + " " + what, nextStep, cause);
  }

  @Override
  public void close() {
    arena.close();
    for (Path file : temporary) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        file.toFile().deleteOnExit();
      }
    }
  }
}
