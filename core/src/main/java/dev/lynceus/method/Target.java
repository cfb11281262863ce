package dev.lynceus.method;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.List;
import java.util.OptionalInt;

/// What is explained in a run: log probabilities of tokens at given rows. A single token, a
/// contrast of two, or several tokens of an answer under teacher forcing, whose log probabilities
/// are summed.
///
/// @param text what a reader calls it
/// @param aims at least one
public record Target(String text, List<Aim> aims) {

  /// One token at one row.
  ///
  /// @param row position whose output predicts the token
  /// @param id the token
  /// @param against for a contrast the other token: log p(id) - log p(against)
  public record Aim(int row, int id, OptionalInt against) {}

  public Target {
    aims = List.copyOf(aims);
    if (aims.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "there is nothing to explain",
          "Name a word, or let the model answer.");
    }
  }

  /// A single token.
  public static Target token(String text, int row, int id) {
    return new Target(text, List.of(new Aim(row, id, OptionalInt.empty())));
  }

  /// Two tokens against each other.
  public static Target contrast(String text, int row, int id, int against) {
    return new Target(text, List.of(new Aim(row, id, OptionalInt.of(against))));
  }

  /// `token`, `contrast` or `answer`.
  public String kind() {
    if (aims.size() > 1) {
      return "answer";
    }
    return aims.getFirst().against().isPresent() ? "contrast" : "token";
  }

  /// Token ids: of all aims, or the two of a contrast.
  public int[] ids() {
    Aim first = aims.getFirst();
    return first.against().isPresent() && aims.size() == 1
        ? new int[] {first.id(), first.against().getAsInt()}
        : aims.stream().mapToInt(Aim::id).toArray();
  }
}
