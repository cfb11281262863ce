package dev.lynceus.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;

/// Files that are small and want to be worked on for long: what is not the picture is not unpacked,
/// and what goes over the picture again and again is refused.
class LaboriousImageTest {
  private static final Duration QUICKLY = Duration.ofSeconds(20);
  private final ImageFileReader reader = new ImageFileReader();

  @Test
  void scansWithoutEndAreRefused() throws IOException {
    byte[] whole = Fixtures.bytes("formats/jpeg-progressive-444.jpg");
    int scan = last(whole, 0xda);
    byte[] repeated = Arrays.copyOfRange(whole, scan, whole.length - 2);

    assertThatThrownBy(() -> read(with(whole, whole.length - 2, repeated, 1000)))
        .hasMessageContaining("bomb would take too long to decode: it goes over its")
        .hasMessageContaining("pixels more than 1000 times");
    // The same few times more is a picture.
    assertThat(read(with(whole, whole.length - 2, repeated, 3)).width()).isPositive();
  }

  @Test
  void scansOfALargePictureAreChargedByItsPixels() throws IOException {
    byte[] whole = Fixtures.bytes("formats/jpeg-progressive-444.jpg");
    int frame = last(whole, 0xc2);
    for (int i = 5; i < 9; i += 2) { // it claims 7936 x 7936 pixels
      whole[frame + i] = 31;
      whole[frame + i + 1] = 0;
    }
    int scan = last(whole, 0xda);
    byte[] repeated = Arrays.copyOfRange(whole, scan, whole.length - 2);

    assertThatThrownBy(() -> read(with(whole, whole.length - 2, repeated, 60)))
        .hasMessageContaining("7936 x 7936 pixels more than");
  }

  @Test
  void partsWithoutEndAreRefusedAndAFewHundredAreNot() throws IOException {
    byte[] whole = Fixtures.bytes("formats/jpeg-420-75.jpg");
    byte[] comment = {(byte) 0xff, (byte) 0xfe, 0, 2};
    RgbImage picture = read(whole);

    assertThat(read(with(whole, 2, comment, 500))).isEqualTo(picture);
    assertThatThrownBy(() -> read(with(whole, 2, comment, 30_000)))
        .hasMessageContaining("it has more than 20000 parts");
  }

  @Test
  void textsAndProfilesOfAPngAreNotUnpacked() throws IOException {
    byte[] whole = Fixtures.bytes("formats/png-adam7.png");
    RgbImage picture = read(whole);
    byte[] zeros = packed(300 << 20);
    byte[] bomb = whole;
    for (String kind : new String[] {"zTXt", "iCCP"}) {
      bomb = with(bomb, 33, chunk(kind, kind.equals("zTXt") ? "a\0\0" : "icc\0\0", zeros), 1);
    }
    byte[] laden = with(bomb, 33, chunk("tEXt", "b\0c", new byte[0]), 20_000);

    assertThat(read(laden)).isEqualTo(picture);
  }

  @Test
  void furtherFramesAndCommentsOfAGifAreNotLookedAt() throws IOException {
    byte[] whole = Fixtures.bytes("formats/gif-plain.gif");
    RgbImage picture = read(whole);
    GifHeader header = GifHeader.of(new ImageBytes("gif", whole));
    byte[] comment = {0x21, (byte) 0xfe, 1, 'x', 0};
    byte[] frame = Arrays.copyOfRange(whole, header.frame(), header.end());
    byte[] commented = with(whole, header.frame(), comment, 100_000);

    assertThat(read(commented)).isEqualTo(picture);
    assertThat(read(with(whole, header.end(), frame, 5_000))).isEqualTo(picture);
  }

  private RgbImage read(byte[] data) {
    return assertTimeoutPreemptively(QUICKLY, () -> reader.read(data, "bomb"));
  }

  /// A file with `times` the same bytes put in.
  private static byte[] with(byte[] whole, int at, byte[] more, int times) {
    byte[] out = new byte[whole.length + times * more.length];
    System.arraycopy(whole, 0, out, 0, at);
    for (int i = 0; i < times; i++) {
      System.arraycopy(more, 0, out, at + i * more.length, more.length);
    }
    System.arraycopy(whole, at, out, at + times * more.length, whole.length - at);
    return out;
  }

  /// Where the last marker of a kind begins.
  private static int last(byte[] jpeg, int marker) {
    int found = -1;
    for (int i = 0; i + 1 < jpeg.length; i++) {
      if (jpeg[i] == (byte) 0xff && (jpeg[i + 1] & 0xff) == marker) {
        found = i;
      }
    }
    return found;
  }

  private static byte[] packed(int zeros) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(bytes)) {
      byte[] block = new byte[1 << 20];
      for (int i = 0; i < zeros >> 20; i++) {
        out.write(block);
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] chunk(String kind, String head, byte[] content) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(kind.getBytes(StandardCharsets.US_ASCII));
    body.write(head.getBytes(StandardCharsets.ISO_8859_1));
    body.write(content);
    CRC32 crc = new CRC32();
    crc.update(body.toByteArray());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(body.size() - 4);
    out.write(body.toByteArray());
    out.writeInt((int) crc.getValue());
    return bytes.toByteArray();
  }
}
