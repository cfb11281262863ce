package dev.lynceus.text;

/// Turns tokens into text as they come: push an id, print what it returns.
///
/// A character whose bytes are spread over several tokens appears with its last byte, never in
/// parts. The stream continues a text, so the space before its first word is kept; the text of a
/// whole answer is [Tokenizer#decodeSkippingSpecial]. Special tokens give no text. Bytes that never
/// become a character are U+FFFD, one for each broken sequence. One stream serves one thread.
public final class TextStream {
  private final Tokenizer tokenizer;
  private byte[] pending = new byte[0];

  TextStream(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /// Takes the next token.
  ///
  /// @param id token id
  /// @return the text that can be printed now, maybe empty
  public String push(int id) {
    if (tokenizer.isSpecial(id)) {
      return finish();
    }
    byte[] added = tokenizer.bytes(id);
    byte[] all = new byte[pending.length + added.length];
    System.arraycopy(pending, 0, all, 0, pending.length);
    System.arraycopy(added, 0, all, pending.length, added.length);
    Utf8.Partial partial = Utf8.decode(all);
    pending = partial.rest();
    return partial.text();
  }

  /// Ends the text: bytes that still wait for the rest of their character come out as U+FFFD.
  public String finish() {
    String rest = pending.length == 0 ? "" : "\uFFFD";
    pending = new byte[0];
    return rest;
  }
}
