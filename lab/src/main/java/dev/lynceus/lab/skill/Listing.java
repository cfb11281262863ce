package dev.lynceus.lab.skill;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The things that a description names, with their colours, in its order.
///
/// @param things for example `brown dog`
public record Listing(List<String> things) {
  private static final Pattern THING = Pattern.compile("\\b[Aa]n? (\\w+ \\w+)");

  public Listing {
    things = List.copyOf(things);
  }

  /// Those of a description like `A brown car and a red dog.`
  public static Listing of(String description) {
    List<String> things = new ArrayList<>();
    Matcher matcher = THING.matcher(description);
    while (matcher.find()) {
      things.add(matcher.group(1));
    }
    return new Listing(things);
  }

  /// Whether both name the same things as often, in whatever order.
  public boolean sameAs(Listing other) {
    return things.stream().sorted().toList().equals(other.things.stream().sorted().toList());
  }
}
