package dev.lynceus.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Bad input is refused with the file's name and a next step, and never half decoded.
class BadImageTest {
  private final ImageFileReader reader = new ImageFileReader();

  @TempDir Path folder;

  @Test
  void missingFile() {
    requireRefused(folder.resolve("no.png"), "no.png does not exist", "Check the path");
  }

  @Test
  void folderInPlaceOfAFile() {
    requireRefused(folder, "is a folder, not an image file", "Name one file");
  }

  @Test
  void emptyFile() throws IOException {
    requireRefused(Files.createFile(folder.resolve("empty.jpg")), "empty.jpg is empty", "again");
  }

  @Test
  void fileThatIsNoImage() throws IOException {
    Path text = Files.writeString(folder.resolve("notes.png"), "These are notes.");
    requireRefused(text, "notes.png is not an image of a known format", "Give a PNG, JPEG");
    Path letters =
        Files.writeString(folder.resolve("bm.txt"), "BM is how this text begins, no more.");
    requireRefused(letters, "bm.txt is not an image", "Give a PNG");
  }

  @Test
  void formatsThatAreKnownButNotRead() throws IOException {
    Path tiff = Files.write(folder.resolve("scan.tif"), new byte[] {'I', 'I', '*', 0, 8, 0, 0, 0});
    requireRefused(tiff, "scan.tif is a TIFF image", "Convert");
    byte[] avif = "\0\0\0 ftypavif".getBytes(StandardCharsets.ISO_8859_1);
    requireRefused(Files.write(folder.resolve("a.avif"), avif), "AVIF", "Convert");
    byte[] jpeg = Fixtures.bytes("formats/jpeg-444-75.jpg");
    for (int i = 0; i + 3 < jpeg.length; i++) {
      if (jpeg[i] == (byte) 0xff && jpeg[i + 1] == (byte) 0xc0 && jpeg[i + 2] == 0) {
        jpeg[i + 1] = (byte) 0xc9;
      }
    }
    requireRefused(Files.write(folder.resolve("a.jpg"), jpeg), "arithmetic coding", "Convert");
  }

  @Test
  void pictureOverTheLimitIsRefusedFromItsHeader() throws IOException {
    // 20,000 x 20,000 pixels in a file of a few bytes: decoding it would take over a gigabyte.
    Path bomb = Files.write(folder.resolve("bomb.png"), png(20_000, 20_000, new byte[10]));
    requireRefused(
        bomb,
        "bomb.png has 20000 x 20000 = 400.0 megapixels, more than the limit of 64.0",
        "Scale the image down");
    Path photo = Fixtures.file("golden/photo.png");
    assertThat(new ImageFileReader(200 * 130).read(photo).width()).isEqualTo(200);
    Throwable refused = catchThrowable(() -> new ImageFileReader(200 * 130 - 1).read(photo));
    assertThat(refused).isInstanceOf(LynceusException.class).hasMessageContaining("200 x 130");
  }

  @Test
  void pixelLimitsOutOfRangeAreRefused() {
    for (long limit : new long[] {0, -5, Integer.MAX_VALUE}) {
      Throwable refused = catchThrowable(() -> new ImageFileReader(limit));
      assertThat(((LynceusException) refused).code()).isEqualTo(ErrorCode.BAD_REQUEST);
    }
  }

  @Test
  void photoCutAnywhereIsRefused() throws IOException {
    for (String name : List.of("golden/photo.jpg", "golden/photo.png", "formats/gif-plain.gif")) {
      byte[] whole = Fixtures.bytes(name);
      for (double part : new double[] {0.3, 0.5, 0.9, 0.99}) {
        byte[] cut = Arrays.copyOf(whole, (int) (whole.length * part));
        requireRefused(Files.write(folder.resolve("cut"), cut), "cut is cut short", "again");
      }
    }
  }

  @Test
  void jpegWithoutItsEndMarkerIsRefused() throws IOException {
    byte[] whole = Fixtures.bytes("golden/photo.jpg");
    byte[] cut = Arrays.copyOf(whole, whole.length - 2);
    requireRefused(Files.write(folder.resolve("cut.jpg"), cut), "cut short", "again");
  }

  @Test
  void jpegWithAnEndMarkerButMissingPixelsIsRefused() throws IOException {
    byte[] whole = Fixtures.bytes("golden/photo.jpg");
    byte[] cut = Arrays.copyOf(whole, whole.length / 2);
    cut[cut.length - 3] = 0; // no marker may be split by the cut
    cut[cut.length - 2] = (byte) 0xff;
    cut[cut.length - 1] = (byte) 0xd9;
    requireRefused(Files.write(folder.resolve("cut.jpg"), cut), "cut short", "again");
  }

  @Test
  void pngWithAllChunksButMissingPixelsIsRefused() throws IOException {
    Path file = Files.write(folder.resolve("short.png"), png(40, 40, new byte[40 * 121 / 2]));
    requireRefused(file, "short.png", "again");
  }

  @Test
  void pngWithAWrongChecksumIsRefused() throws IOException {
    byte[] data = Fixtures.bytes("golden/photo.png");
    data[data.length / 2] ^= 1;
    requireRefused(Files.write(folder.resolve("flip.png"), data), "checksum", "again");
  }

  /// No prefix of a file may be read as another picture: it is refused, or equal because only an
  /// end without meaning is missing.
  @Test
  void noPrefixOfAnyFileIsReadAsAnotherPicture() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (String[] row : Fixtures.table("decoded.txt", 4)) {
      byte[] whole = Fixtures.bytes(row[0]);
      for (int i = 0; i < 24; i++) {
        int length = (int) (whole.length * (i / 24.0));
        readEqualOrRefused(Arrays.copyOf(whole, length), row[3], row[0] + " to " + length, wrong);
      }
      readEqualOrRefused(Arrays.copyOf(whole, whole.length - 1), row[3], row[0] + " - 1", wrong);
    }
    assertThat(wrong).isEmpty();
  }

  private void readEqualOrRefused(byte[] data, String hash, String what, List<String> wrong) {
    try {
      if (!Fixtures.sha256(reader.read(data, what).toBytes()).equals(hash)) {
        wrong.add(what);
      }
    } catch (LynceusException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.BAD_IMAGE);
    }
  }

  @Test
  void damagedBytesNeverEscapeAsAnotherException() throws IOException {
    Random random = new Random(11);
    ImageFileReader limited = new ImageFileReader(1_000_000);
    for (String[] row : Fixtures.table("decoded.txt", 4)) {
      byte[] whole = Fixtures.bytes(row[0]);
      for (int round = 0; round < 30; round++) {
        byte[] data = whole.clone();
        for (int flips = 0; flips < 3; flips++) {
          int reach = round % 2 == 0 ? data.length : Math.min(data.length, 60);
          data[random.nextInt(reach)] = (byte) random.nextInt(256);
        }
        Throwable thrown = catchThrowable(() -> limited.read(data, row[0]));
        if (thrown != null) {
          assertThat(thrown).as(row[0]).isInstanceOf(LynceusException.class);
        }
      }
    }
  }

  private void requireRefused(Path file, String message, String nextStep) {
    Throwable thrown = catchThrowable(() -> reader.read(file));
    assertThat(thrown).isInstanceOf(LynceusException.class).hasMessageContaining(message);
    LynceusException refused = (LynceusException) thrown;
    assertThat(refused.code()).isEqualTo(ErrorCode.BAD_IMAGE);
    assertThat(refused).hasMessageContaining(file.getFileName().toString());
    assertThat(refused.nextStep()).contains(nextStep);
  }

  /// A PNG of 8-bit RGB that claims a size and holds `rows`, whatever their length.
  private static byte[] png(int width, int height, byte[] rows) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeLong(0x89504e470d0a1a0aL);
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    DataOutputStream header = new DataOutputStream(head);
    header.writeInt(width);
    header.writeInt(height);
    header.write(new byte[] {8, 2, 0, 0, 0});
    chunk(out, "IHDR", head.toByteArray());
    Deflater deflater = new Deflater();
    deflater.setInput(rows);
    deflater.finish();
    byte[] packed = new byte[rows.length + 100];
    chunk(out, "IDAT", Arrays.copyOf(packed, deflater.deflate(packed)));
    deflater.end();
    chunk(out, "IEND", new byte[0]);
    return bytes.toByteArray();
  }

  private static void chunk(DataOutputStream out, String type, byte[] data) throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    out.writeInt(data.length);
    out.write(name);
    out.write(data);
    out.writeInt((int) crc.getValue());
  }
}
