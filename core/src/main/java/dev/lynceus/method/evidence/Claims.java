package dev.lynceus.method.evidence;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What words of an answer claim of the picture: that a thing is there, or that a thing has a
/// colour or a number. English only, by the order of words: a thing is the last of the words that
/// may name one behind an article, a number or a possessive.
///
/// @param word its number in the answer, from 0
/// @param thing that it is about
/// @param attribute that the thing shall have; null where the word names the thing
record Claims(int word, String thing, Premises.@Nullable Attribute attribute) {
  private static final Set<String> BEFORE =
      Set.of(
          ("a an the this that these those its his her their some several many one two three four"
                  + " five six seven eight nine ten")
              .split(" "));

  /// The claims of an answer.
  ///
  /// @param said its words, in small letters
  /// @param things that the question speaks of: that they are there is the question's claim
  static List<Claims> of(List<String> said, List<String> things) {
    Set<String> known = new HashSet<>(things.stream().map(Things::single).toList());
    List<Claims> claims = new ArrayList<>();
    for (int i = 0; i < said.size(); i++) {
      Premises.Attribute attribute = Premises.attribute(said, i);
      if (attribute != null) {
        if (attribute.kind() != Premises.Kind.OTHER && !Things.denies(said, attribute.thing())) {
          claims.add(new Claims(i, attribute.thing(), attribute));
        }
      } else if (isThing(said, i, known)
          && !known.contains(Things.single(said.get(i)))
          && !Things.denies(said, said.get(i))) {
        claims.add(new Claims(i, said.get(i), null));
      }
    }
    return claims;
  }

  private static boolean isThing(List<String> said, int at, Set<String> known) {
    if (!names(said.get(at))) {
      return false;
    }
    int first = at;
    while (first > 0 && (names(said.get(first - 1)) || Premises.describes(said.get(first - 1)))) {
      first--;
      // What follows a thing that is known says something of it.
      if (known.contains(Things.single(said.get(first)))) {
        return false;
      }
    }
    boolean begun = first > 0 && BEFORE.contains(said.get(first - 1));
    // A number is an attribute and begins a thing as well.
    boolean counted = BEFORE.contains(said.get(first));
    boolean last = at + 1 >= said.size() || !names(said.get(at + 1)) || isVerb(said.get(at + 1));
    boolean verb = at > first && isVerb(said.get(at));
    return (begun || counted) && last && !verb;
  }

  private static boolean isVerb(String word) {
    return word.endsWith("ing") || word.endsWith("ed") || word.endsWith("ly");
  }

  private static boolean names(String word) {
    return Things.names(word) && !Premises.describes(word);
  }
}
