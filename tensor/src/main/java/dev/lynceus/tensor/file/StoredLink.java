package dev.lynceus.tensor.file;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/// Symbolic links that lie in a folder as small files which hold the name of what they lead to:
/// version control without support for links, archives and shares of other systems leave them so. A
/// cache of models is made of links, so all files of a model become such texts at once.
final class StoredLink {
  /// No path is longer.
  static final int LONGEST = 4096;

  /// What leads out of the folder of a snapshot, or into a folder of blobs. No JSON text, template
  /// or header begins so.
  private static final Pattern TARGET =
      Pattern.compile(
          "(?:\\.{1,2}[/\\\\]|(?:[^\\p{Cntrl}]*[/\\\\])?blobs[/\\\\])[^\\p{Cntrl}{}\"<>]+");

  /// As shares of other systems write a link: a mark, the length, a sum, the target, blanks.
  private static final String SHARED = "XSym\n";

  /// As environments of Unix on Windows write one: a mark, then UTF-16 or UTF-8.
  private static final String MARKED = "!<symlink>";

  private static final int LINES_BEFORE = 3;

  private StoredLink() {}

  /// What a link leads to that was stored as a text; empty for any other content.
  static Optional<String> target(byte[] content) {
    if (content.length == 0 || content.length > LONGEST) {
      return Optional.empty();
    }
    String text = new String(content, StandardCharsets.UTF_8);
    if (text.startsWith(SHARED)) {
      return Optional.of(
          text.lines().skip(LINES_BEFORE).findFirst().orElse("").strip().replace("\0", ""));
    }
    if (text.startsWith(MARKED)) {
      return Optional.of(
          new String(
                  content,
                  MARKED.length(),
                  content.length - MARKED.length(),
                  StandardCharsets.ISO_8859_1)
              .replaceAll("[^ -~]", ""));
    }
    String line = text.strip();
    return TARGET.matcher(line).matches() ? Optional.of(line) : Optional.empty();
  }
}
