package dev.lynceus.run;

import dev.lynceus.text.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Stop texts of a checkpoint (`stop_strings`). As in the reference, a text counts where its end
/// lies in the last token; its beginning may lie in the prompt.
///
/// @param stops none of them empty
record StopTexts(Tokenizer tokenizer, List<String> stops) {

  /// Whether the last token of a sequence completes one of them.
  boolean end(int[] sequence) {
    if (stops.isEmpty() || sequence.length == 0) {
      return false;
    }
    byte[] last = bytes(sequence[sequence.length - 1]);
    for (String stop : stops) {
      byte[] wanted = stop.getBytes(StandardCharsets.UTF_8);
      byte[] tail = last;
      for (int i = sequence.length - 2; i >= 0 && tail.length < last.length + wanted.length; i--) {
        tail = joined(bytes(sequence[i]), tail);
      }
      if (endsWithin(tail, wanted, tail.length - last.length)) {
        return true;
      }
    }
    return false;
  }

  /// Whether a text occurs so that its end lies behind a place.
  private static boolean endsWithin(byte[] text, byte[] wanted, int place) {
    int first = Math.max(0, place + 1 - wanted.length);
    for (int from = first; from + wanted.length <= text.length; from++) {
      int matched = 0;
      while (matched < wanted.length && text[from + matched] == wanted[matched]) {
        matched++;
      }
      if (matched == wanted.length) {
        return true;
      }
    }
    return false;
  }

  private byte[] bytes(int id) {
    return tokenizer.hasPiece(id) ? tokenizer.bytes(id) : new byte[0];
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] all = new byte[first.length + second.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
