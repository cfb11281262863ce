package dev.lynceus.text.safe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatternCostTest {
  /// Patterns of published tokenizers: a false refusal would shut a model out.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
        "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
            + "(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+"
            + "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
        "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
            + "| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
        "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+",
        " ?[^(\\s|[.,!?…。，、।۔،])]+",
        "[0-9][0-9][0-9]",
        " {2,}",
        "\\s?\\p{L}+",
        "[一-龥ࠀ-一가-퟿]+",
        "\\n|[^\\w\\s]",
        // As tiktoken writes them, with what is never given back.
        "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}{1,3}"
            + "| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+",
        "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
            + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*"
            + "|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
        "[\\p{Han}]+|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}&&[^\\p{Han}]]*"
            + "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}&&[^\\p{Han}]]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
            + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}&&[^\\p{Han}]]+"
            + "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}&&[^\\p{Han}]]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
        "(?:'[sS]|'[tT]|'(?:[rR][eE])|'(?:[vV][eE])|'[mM]|'(?:[lL][lL])|'[dD])"
            + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+"
            + "|\\s+(?!\\S)|\\s+",
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}"
            + "| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
        "\\p{N}{1,3}",
        "[一-龥\\u3040-ゟ゠-ヿ]+",
        "[\\r\\n]",
        "\\s?\\p{P}+",
        "\\s?[A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-Ֆ]+",
        "\\s?[!-/:-~！-／：-～‘-‟　-。]+",
        "[^\\p{L}\\s]|\\p{L}+",
      })
  void patternsOfPublishedTokenizersAreLinear(String pattern) {
    assertThat(PatternCost.of(pattern).time()).isEqualTo(PatternCost.Time.LINEAR);
  }

  /// Each is safe on a text of bounded length; taken for linear it could run for hours on a long
  /// one.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\s+x",
        "\\s+$",
        "(a|b)+c",
        "a++b",
        "(?>a+)b",
        "(?=a+)b",
        "[a-z]+@[a-z]+",
        "\\s+x|\\S+",
        "'(?:[sdmt]|ll|ve|re)| ?\\p{L}++| ?\\p{N}++| ?[^\\s\\p{L}\\p{N}]++|\\s++$|\\s+(?!\\S)|\\s"
      })
  void patternsThatGoOverATextFromEachPlaceAreQuadratic(String pattern) {
    assertThat(PatternCost.of(pattern).time()).isEqualTo(PatternCost.Time.QUADRATIC);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(.+)+(?!.|$)", "(.*)*(?!.|$)", "(?:.|.)+(?!.|$)", "(a|a)*b", "(x+x+)+y", "a*a*b",
            "(a?){30}a{30}",
        "(\\w|\\d)+!", "((a)|(a))+b", "(a(?=b*c))+d", "(?:ab|a)+x", ".*.*.*x", "(?:a{1,9}){9}b",
            "(a*)*",
        "(?:[ab]|[bc])+d", "(?i:[ßs])+x", "(?:(?:(?:a{1,99}){1,99}){1,99})x"
      })
  void patternsWhoseChoicesMultiplyAreRefused(String pattern) {
    assertThatThrownBy(() -> PatternCost.of(pattern)).isInstanceOf(TokenizerDefect.class);
  }

  /// Syntax that Java reads otherwise, or not at all, and what is broken.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "a*", "(?:)", "^", "(?<n>a)\\g<n>", "(a)\\1", "\\h", "[[:alpha:]]", "(?~ab)", "\\K",
            "\\X", "(?#x)a", "(?m:a)",
        "(", "a)", "[a", "a{", "*a", "a**", "a{3,1}", "a{2000}", "\\x{110000}", "\\ud800", "\\p{",
            "(?<=a+)b", "a+?",
        "(*FAIL)", "(?(1)a|b)"
      })
  void whatIsNotKnownIsRefused(String pattern) {
    assertThatThrownBy(() -> PatternCost.of(pattern)).isInstanceOf(TokenizerDefect.class);
  }
}
