package dev.lynceus.method.evidence;

import java.util.Locale;
import java.util.Set;

/// Words that may name something seen. English only: what is left when articles, pronouns, verbs of
/// questions, numbers and words about pictures are taken away.
final class Things {
  private static final Set<String> OTHERS =
      Set.of(
          ("a an the this that these those it its he she they them his her their i we you your my"
                  + " our is are was were be been being am do does did done has have had can could"
                  + " will would should may might must not no yes and or but nor so if than then as"
                  + " at by for from in into of off on onto out over to up with without within"
                  + " about above below under behind beside between near next there here what which"
                  + " who whom whose where when why how many much some any each every all both one"
                  + " two three four five six seven eight nine ten zero more most less least very"
                  + " also just only same other another image picture photo photograph scene object"
                  + " objects thing things color colors colour colours kind type number describe"
                  + " name tell say show shows shown see seen left right top bottom middle center"
                  + " centre side upper lower  doing wearing holding"
                  + " sitting standing looking look lying riding eating")
              .split(" "));

  private Things() {}

  /// Whether a question asks if something is there, so that it does not take it for granted.
  static boolean asksPresence(String question) {
    return question.strip().toLowerCase(Locale.ROOT).matches("(is|are) there .*");
  }

  /// The question whether a thing is there.
  static String question(String thing) {
    if (several(thing)) {
      return "Are there " + thing + "?";
    }
    return "Is there " + ("aeiou".indexOf(thing.charAt(0)) >= 0 ? "an " : "a ") + thing + "?";
  }

  /// Whether a word reads like a plural.
  static boolean several(String thing) {
    return thing.endsWith("s") && !thing.endsWith("ss");
  }

  /// Whether a word may name something seen.
  static boolean names(String word) {
    String plain = word.strip().toLowerCase(Locale.ROOT);
    return plain.length() > 1
        && plain.chars().allMatch(c -> Character.isLetter(c) || c == '-' || c == '\'')
        && !OTHERS.contains(plain);
  }
}
