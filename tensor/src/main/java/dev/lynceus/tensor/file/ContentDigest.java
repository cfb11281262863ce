package dev.lynceus.tensor.file;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/// SHA-256 of contents: of texts and small files, and of weights in a way that sees every changed
/// byte. A weight file's digest is the SHA-256 of the SHA-256 of its pieces of 16 MiB, so that all
/// processors take part.
///
/// The digest of a weight file is remembered in the Lynceus cache, beside what the file system said
/// about the file: its number, length, and times of the last write and of the last change of any
/// kind, which nobody can set. A file that was written within the last seconds is not remembered,
/// since the clock may not tell the next write. Where the cache cannot be written, nothing is
/// remembered.
public final class ContentDigest {
  private static final long PIECE = 16L << 20;
  private static final Duration YOUNG = Duration.ofSeconds(3);

  private ContentDigest() {}

  /// Of bytes, in 64 hexadecimal digits.
  public static String of(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  /// Of a text, in UTF-8.
  public static String of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Of a file that was or will be read whole.
  ///
  /// @throws LynceusException BAD_REQUEST where it is no regular file or cannot be read
  public static String of(Path file) {
    try (var stream = Channels.newInputStream(InputFile.ANY.open(file))) {
      MessageDigest digest = sha256();
      byte[] buffer = new byte[1 << 16];
      for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          file
              + " cannot be read: "
              + (e instanceof AccessDeniedException ? "no permission" : e.getMessage()),
          "Name a file that is there and that you may read.",
          e);
    }
  }

  /// Of weights, and of other files of their model.
  ///
  /// @throws LynceusException BAD_CHECKPOINT where a weight file changed since it was opened
  static String of(List<Safetensors> weights, List<Path> others) {
    StringBuilder all = new StringBuilder();
    for (Safetensors file : weights) {
      all.append(whole(file)).append('\n');
    }
    others.forEach(
        file -> all.append(file.getFileName()).append(' ').append(of(file)).append('\n'));
    return of(all.toString());
  }

  private static String whole(Safetensors file) {
    Optional<Record> record = Record.of(file.state());
    Optional<String> known = record.flatMap(Record::known);
    if (known.isPresent()) {
      return known.get();
    }
    file.requireUnchanged();
    String digest;
    try {
      digest = tree(file.contents());
    } catch (InternalError unreadable) {
      // What Java makes of a page that a shortened file no longer has.
      file.requireUnchanged();
      throw unreadable;
    }
    // What was read must be what was opened.
    file.requireUnchanged();
    record.ifPresent(r -> r.remember(digest));
    return digest;
  }

  /// The digest of the digests of the pieces.
  static String tree(MemorySegment contents) {
    int pieces = Math.toIntExact((contents.byteSize() + PIECE - 1) / PIECE);
    byte[][] digests =
        IntStream.range(0, pieces)
            .parallel()
            .mapToObj(i -> {
              long start = i * PIECE;
              MessageDigest digest = sha256();
              digest.update(
                  contents
                      .asSlice(start, Math.min(PIECE, contents.byteSize() - start))
                      .asByteBuffer());
              return digest.digest();
            })
            .toArray(byte[][]::new);
    MessageDigest digest = sha256();
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(contents.byteSize()).flip());
    for (byte[] piece : digests) {
      digest.update(piece);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// What is remembered of a file, in a file of the cache.
  ///
  /// @param state what the digest is good for
  private record Record(Path place, String state) {

    /// Empty where the system does not number files, or the file has changed since it was opened.
    static Optional<Record> of(FileState opened) {
      try {
        Path path = opened.path().toRealPath();
        FileState now = FileState.of(path);
        Object changed = Files.getAttribute(path, "unix:ctime");
        boolean young =
            now.written().toInstant().isAfter(Instant.now().minus(YOUNG))
                || changed instanceof FileTime time
                    && time.toInstant().isAfter(Instant.now().minus(YOUNG));
        if (young
            || now.size() != opened.size()
            || !now.written().equals(opened.written())
            || now.identity() == null
            || !now.identity().equals(opened.identity())) {
          return Optional.empty();
        }
        String state =
            "lynceus-digest-1 %s %d %s %s"
                .formatted(now.identity(), now.size(), now.written(), changed);
        return Optional.of(
            new Record(
                CacheFolder.ofProcess()
                    .root()
                    .resolve("digests")
                    .resolve(ContentDigest.of(path.toString())),
                state));
      } catch (IOException
          | UnsupportedOperationException
          | IllegalArgumentException
          | LynceusException e) {
        return Optional.empty();
      }
    }

    Optional<String> known() {
      try {
        List<String> lines =
            InputFile.isRegular(place) ? InputFile.REQUEST.lines(place) : List.of();
        return lines.size() == 2 && lines.getFirst().equals(state)
            ? Optional.of(lines.getLast()).filter(digest -> digest.matches("[0-9a-f]{64}"))
            : Optional.empty();
      } catch (LynceusException e) {
        return Optional.empty();
      }
    }

    void remember(String digest) {
      Path temporary = place.resolveSibling("." + UUID.randomUUID());
      try {
        Files.createDirectories(place.getParent());
        Files.writeString(temporary, state + "\n" + digest + "\n");
        Files.move(temporary, place, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        // The next one computes it again.
      } finally {
        try {
          Files.deleteIfExists(temporary);
        } catch (IOException e) {
          // It is tiny.
        }
      }
    }
  }
}
