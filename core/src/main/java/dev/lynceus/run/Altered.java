package dev.lynceus.run;

import dev.lynceus.tap.Intervention;
import java.util.List;

/// Tells of each token of an answer, as it is chosen, how probable it is to the same model under
/// changes: the same prompt is passed a second time, with the changes, and continued by the same
/// tokens. It costs as much as the answer itself; the answer stays what it is.
///
/// @param changes that hold for the prompt and for every token; positions are those of prompt and
///   answer
/// @param listener told of every token
public record Altered(List<Intervention> changes, Listener listener) implements Beside {
  public Altered {
    changes = List.copyOf(changes);
  }

  /// Told of tokens.
  @FunctionalInterface
  public interface Listener {
    /// A token of the answer was chosen; its text has been told if it can be.
    ///
    /// @param logProbability of it, natural logarithm
    /// @param altered the same under the changes
    void chosen(int id, double logProbability, double altered);
  }

  @Override
  public Prompt prompt(Prompt own) {
    return own;
  }
}
