package dev.lynceus.request;

import dev.lynceus.method.Finding;
import dev.lynceus.method.NeuronComparison.Change;
import java.util.List;

/// The neurons that differ most between two runs, or two answers.
///
/// @param start what the answer said before the word
/// @param target the word
/// @param targetId its first token
/// @param compared with what
/// @param conclusion what that shows, in a sentence
/// @param neurons those that differ most first
public record ComparedNeurons(
    String start,
    String target,
    int targetId,
    String compared,
    String conclusion,
    List<Change> neurons)
    implements Finding {
  public ComparedNeurons {
    neurons = List.copyOf(neurons);
  }
}
