package dev.lynceus.studio;

import dev.lynceus.lab.picture.Chain;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/// A strategy tried on a bundled picture, to begin with: what is asked, what to look at, and what
/// was found of it. All of them are data, `examples.json`.
///
/// @param strategy which one, as requests call it
/// @param model a bundled model
/// @param sample file name of a bundled picture
/// @param chain operations that change the picture first; none = it is asked about as it is
/// @param question about it
/// @param candidates what is decided among; none = what is said
/// @param box where the strategy looks, pixels of the changed picture; none = where it finds itself
/// @param marks operators of `mark`; none = the usual ones
/// @param rounds of `describe` and `vote`; 0 = the usual number
/// @param look what to look at in what comes of it
/// @param found what was found with many pictures, of docs/how-to/strategies.md
/// @param answers what the ways answer, by their names
record WorkedExample(
    String strategy,
    String model,
    String sample,
    ArrayNode chain,
    String question,
    List<String> candidates,
    List<Integer> box,
    List<String> marks,
    int rounds,
    String look,
    String found,
    Map<String, String> answers) {

  /// An example with its picture.
  ///
  /// @param picture the changed one, which can be asked about
  record Ready(WorkedExample example, PictureInfo picture) {}

  static List<WorkedExample> all() {
    try (InputStream in =
        Objects.requireNonNull(WorkedExample.class.getResourceAsStream("examples.json"))) {
      return List.of(JsonMapper.shared().readValue(in, WorkedExample[].class));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Makes its picture, which is kept: made again it is the same.
  Ready ready(PictureShelf shelf) {
    PictureInfo given = shelf.sample(sample);
    return new Ready(
        this,
        chain.isEmpty()
            ? given
            : shelf.changed(
                given,
                image ->
                    shelf.keep(Chain.parse(chain.toString()).apply(image), "example-" + sample)));
  }
}
