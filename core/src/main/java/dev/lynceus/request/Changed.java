package dev.lynceus.request;

import dev.lynceus.method.Finding;
import java.util.List;

/// What came of changing a model while it runs.
///
/// @param start what the answer said before the word
/// @param why how the word was chosen; empty where it was named
/// @param target the word, or the answer, that was measured
/// @param targetId its token, or the first one
/// @param answer tokens of the whole answer that was measured; empty where a word was
/// @param against the other word of the logit difference
/// @param conclusions what each map shows, in a sentence or two; empty where the numbers must speak
/// @param maps what was found
/// @param <M> what a map is
// Plain numbers of a result; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
public record Changed<M>(
    String start,
    String why,
    String target,
    int targetId,
    int[] answer,
    String against,
    int againstId,
    List<String> conclusions,
    List<M> maps)
    implements Finding {
  public Changed {
    conclusions = List.copyOf(conclusions);
    maps = List.copyOf(maps);
  }
}
