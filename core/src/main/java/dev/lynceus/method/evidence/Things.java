package dev.lynceus.method.evidence;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

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

  /// Questions whether something is there, in small letters.
  private static final Pattern PRESENCE =
      Pattern.compile(
          "(is|are|was|were|isn't|aren't) there .*"
              + "|(can|could|do|did|does) (you|we|i|anybody|anyone) (see|find|spot|notice) (a|an|any|some|the) .*"
              + "|(does|do) (the|this|that) (image|picture|photo|photograph|scene)"
              + " (show|contain|have|include|depict) .*"
              + "|(is|are) (a|an|any|some) .*\\b(visible|present|shown|there|seen"
              + "|in (the|this) (image|picture|photo|photograph|scene)) *\\??"
              + "|any .*"
              + "|.*\\b(whether|if) (there (is|are)|you (can )?see|(the|this) (image|picture|photo) shows) .*");

  /// Words that deny what follows, as they are left when apostrophes part words.
  private static final Set<String> DENIALS =
      Set.of(
          "no", "not", "none", "without", "nothing", "never", "cannot", "can't", "don't", "don",
          "doesn't", "doesn", "isn't", "isn", "aren't", "aren", "neither");

  /// Words before a thing that a denial may stand in.
  private static final int REACH = 6;

  /// Whether a question asks if something is there, so that it does not take it for granted.
  static boolean asksPresence(String question) {
    return PRESENCE.matcher(question.strip().toLowerCase(Locale.ROOT)).matches();
  }

  /// Whether an answer says of a thing that it is not there, so that it does not take it for
  /// granted: a word that denies stands before it.
  ///
  /// @param said words of the answer, in small letters
  static boolean denies(List<String> said, String thing) {
    String one = single(thing);
    for (int i = 0; i < said.size(); i++) {
      if (single(said.get(i)).equals(one)
          && said.subList(Math.max(0, i - REACH), i).stream().anyMatch(DENIALS::contains)) {
        return true;
      }
    }
    return false;
  }

  /// Without the ending of an English plural.
  static String single(String thing) {
    return several(thing) ? thing.substring(0, thing.length() - 1) : thing;
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
