package dev.lynceus.text.safe;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;
import java.util.Deque;

/// The table of a `Precompiled` normaliser: a double-array trie from UTF-8 bytes to places in a row
/// of replacements that end with a zero byte.
///
/// The library follows the trie without looking where it leads. Here every unit that any text can
/// reach is visited once, so a table that passes cannot lead outside of itself.
///
/// Layout: four bytes with the size of the trie in bytes, little end first; the trie, in units of
/// 32 bits; the replacements. Of a unit, bit 31 and the low byte are the label, bit 8 says that a
/// value follows, and bits 10 and up, shifted by 8 where bit 9 is set, are the way to the children;
/// of a value unit, the low 31 bits are the place of the replacement.
final class CharacterMap {
  private static final int LARGEST = 16 << 20;
  private static final int LONGEST = 1000;
  private static final int ROOT = 0;
  private static final int MASK = 0x7FFF_FFFF;

  private final int[] units;
  private final byte[] replacements;
  private int longest = 1;

  private CharacterMap(int[] units, byte[] replacements) {
    this.units = units;
    this.replacements = replacements;
  }

  /// Checks a table.
  ///
  /// @return characters of the longest replacement that a text can reach
  static int longestReplacement(String base64) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw defect("is not base 64");
    }
    if (bytes.length < 4 || bytes.length > LARGEST) {
      throw defect("has " + bytes.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long size = Integer.toUnsignedLong(in.getInt());
    if (size % 4 != 0 || size == 0 || size > bytes.length - 4) {
      throw defect(
          "says that its trie has " + size + " bytes, and has " + bytes.length + " in all");
    }
    int[] units = new int[(int) (size / 4)];
    in.asIntBuffer().get(units);
    byte[] replacements = new byte[bytes.length - 4 - (int) size];
    in.position(4 + (int) size).get(replacements);
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(replacements));
    } catch (CharacterCodingException e) {
      throw defect("has replacements that are not UTF-8");
    }
    CharacterMap map = new CharacterMap(units, replacements);
    map.walk();
    return map.longest;
  }

  private static TokenizerDefect defect(String what) {
    return new TokenizerDefect("the character map of a Precompiled normalizer " + what);
  }

  private static int children(int unit) {
    return (unit >>> 10) << ((unit & (1 << 9)) >>> 6);
  }

  private int unit(long at) {
    if (at < 0 || at >= units.length) {
      throw defect("leads outside of itself, to unit " + at + " of " + units.length);
    }
    return units[(int) at];
  }

  private void walk() {
    BitSet seen = new BitSet(units.length);
    Deque<Integer> open = new ArrayDeque<>();
    int first = ROOT ^ children(unit(ROOT));
    open.add(first);
    while (!open.isEmpty()) {
      int base = open.removeLast();
      if (base >= 0 && base < units.length) {
        if (seen.get(base)) {
          continue;
        }
        seen.set(base);
      }
      for (int label = 1; label < 256; label++) {
        int at = base ^ label;
        int unit = unit(at);
        if ((unit & (0x8000_0000 | 0xFF)) != label) {
          continue;
        }
        int next = at ^ children(unit);
        if ((unit >>> 8 & 1) == 1) {
          replacement(unit(next) & MASK);
        }
        open.add(next);
      }
    }
  }

  private void replacement(int place) {
    if (place > replacements.length
        || place < replacements.length && (replacements[place] & 0xC0) == 0x80) {
      throw defect("names place " + place + " of " + replacements.length + " as a replacement");
    }
    int end = place;
    while (end < replacements.length && replacements[end] != 0) {
      end++;
      if (end - place > LONGEST) {
        throw defect("has a replacement of more than " + LONGEST + " bytes");
      }
    }
    CharBuffer text =
        StandardCharsets.UTF_8.decode(ByteBuffer.wrap(replacements, place, end - place));
    longest = Math.max(longest, Character.codePointCount(text, 0, text.length()));
  }
}
