package dev.lynceus.text;

import java.util.List;

/// A text cut into tokens, with the characters that each token stands for.
///
/// @param tokens in order, tokens added by the post-processor included
public record Encoding(List<Token> tokens) {
  public Encoding {
    tokens = List.copyOf(tokens);
  }

  /// One token of an encoded text.
  ///
  /// @param id token id
  /// @param piece its raw piece in the vocabulary, for example `▁brown`
  /// @param start index of its first character in its own text (UTF-16, as [String#charAt] counts)
  /// @param end index after its last character; `start == end` for an added token
  /// @param segment 0 for the first text, 1 for the second text of a pair (token type id)
  public record Token(int id, String piece, int start, int end, int segment) {}

  /// The token ids, `[tokens]`.
  public int[] ids() {
    return tokens.stream().mapToInt(Token::id).toArray();
  }
}
