package dev.lynceus.lab.vote;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What an explanation is weighed by. Several are multiplied.
public enum Weight {
  /// The probability of Yes beside No when the model, with the picture, is asked whether the
  /// explanation is good.
  SCORE,
  /// That, less the same of a picture of the same size on which there is nothing; at least 0: what
  /// the picture says for the explanation.
  IMAGE,
  /// How much the maps of the things that the explanation names are like the map of the answer: the
  /// largest cosine of one of them.
  MAP;

  /// What commands call it.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Weights by their names; `none` for equal ones.
  ///
  /// @param names with commas between
  /// @throws LynceusException BAD_REQUEST for one that there is not
  public static List<Weight> named(String names) {
    if (names.equals("none")) {
      return List.of();
    }
    List<Weight> found = new ArrayList<>();
    for (String name : names.split(",", -1)) {
      Weight weight =
          Arrays.stream(values())
              .filter(one -> one.label().equals(name.strip()))
              .findFirst()
              .orElseThrow(() ->
                  new LynceusException(
                      ErrorCode.BAD_REQUEST,
                      "there is no weight '%s'".formatted(name),
                      "Use "
                          + Arrays.stream(values())
                              .map(Weight::label)
                              .collect(Collectors.joining(", "))
                          + ", with commas between, or none."));
      if (!found.contains(weight)) {
        found.add(weight);
      }
    }
    return found;
  }
}
