package dev.lynceus.studio;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageFileReader;
import dev.lynceus.image.RgbImage;
import dev.lynceus.pupil.Sample;
import dev.lynceus.request.PictureRef;
import dev.lynceus.request.Pictures;
import dev.lynceus.tensor.file.ContentDigest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.imageio.ImageIO;

/// Pictures that are sent, kept and asked about. Two are decoded at a time, so that a crowd of
/// large ones takes no more memory than two.
final class PictureShelf {
  private static final int LONGEST_NAME = 120;
  private static final int AT_A_TIME = 2;

  private final Library library;
  private final StudioOptions.Limits limits;
  private final Semaphore decoding = new Semaphore(AT_A_TIME, true);
  private final Semaphore changing = new Semaphore(AT_A_TIME, true);
  private final List<SampleInfo> samples = new ArrayList<>();
  private final Map<String, PictureInfo> byFile = new LinkedHashMap<>();

  PictureShelf(Library library, StudioOptions.Limits limits) {
    this.library = library;
    this.limits = limits;
    for (Sample sample : Sample.all()) {
      PictureInfo picture = keep(sample.bytes(), "samples/" + sample.file());
      byFile.put(sample.file(), picture);
      samples.add(
          new SampleInfo(
              picture,
              sample.objects(),
              sample.questions().stream().map(Sample.Question::question).toList()));
    }
  }

  /// A bundled picture.
  ///
  /// @param picture the picture
  /// @param objects what is in it
  /// @param questions that the bundled model answers right
  record SampleInfo(PictureInfo picture, List<String> objects, List<String> questions) {}

  List<SampleInfo> samples() {
    return samples;
  }

  /// The bundled picture of a file.
  PictureInfo sample(String file) {
    return Objects.requireNonNull(byFile.get(file), file);
  }

  /// Keeps a picture that can be read.
  ///
  /// @param name as its user knows it
  /// @throws LynceusException BAD_IMAGE; NOT_WRITABLE where the library is full
  PictureInfo keep(byte[] data, String name) {
    String sum = ContentDigest.of(data);
    return library
        .picture(sum)
        .orElseGet(() -> {
          if (library.pictureBytes() + data.length > limits.libraryBytes()) {
            throw new LynceusException(
                ErrorCode.NOT_WRITABLE,
                "the library holds as many pictures as it may",
                "Start the studio with another --store.");
          }
          String called = name(name);
          RgbImage image = decoded(data, called);
          PictureInfo info =
              new PictureInfo(sum, called, type(data), image.width(), image.height());
          library.add(info, data);
          return info;
        });
  }

  /// Keeps a picture that was made here.
  PictureInfo keep(RgbImage image, String name) {
    return keep(png(image), name);
  }

  static byte[] png(RgbImage image) {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(image.toBufferedImage(), "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return png.toByteArray();
  }

  /// What is made of a picture, decoded; as many are held at a time as are decoded.
  <T> T changed(PictureInfo info, Function<RgbImage, T> making) {
    byte[] data = library.data(info.sha256()).orElseThrow();
    return made(() -> making.apply(decoded(data, info.name())));
  }

  /// What is made of pictures; as many are in the making at a time as are decoded.
  <T> T made(Supplier<T> making) {
    changing.acquireUninterruptibly();
    try {
      return making.get();
    } finally {
      changing.release();
    }
  }

  private RgbImage decoded(byte[] data, String name) {
    decoding.acquireUninterruptibly();
    try {
      return new ImageFileReader(limits.pixels()).read(data, name);
    } finally {
      decoding.release();
    }
  }

  /// A name that can be shown and written behind a command.
  private static String name(String given) {
    String plain = given.replaceAll("[\\p{Cntrl}\\p{Cf}]", "").strip();
    String shown = plain.isEmpty() ? "picture" : plain;
    return shown.substring(0, Math.min(LONGEST_NAME, shown.length()));
  }

  /// What a file is, by how it begins; it has been read as one of these.
  private static String type(byte[] data) {
    return switch (data[0]) {
      case (byte) 0x89 -> "image/png";
      case (byte) 0xFF -> "image/jpeg";
      case 'G' -> "image/gif";
      case 'B' -> "image/bmp";
      default -> "image/webp";
    };
  }

  /// The pictures that a request names, decoded.
  ///
  /// @throws LynceusException BAD_REQUEST for one that was not sent
  Pictures of(List<PictureRef.Stored> refs) {
    Map<String, RgbImage> read = new LinkedHashMap<>();
    for (PictureRef.Stored ref : refs) {
      if (!read.containsKey(ref.sha256())) {
        PictureInfo info = info(ref.sha256());
        byte[] data = library.data(ref.sha256()).orElseThrow();
        read.put(ref.sha256(), decoded(data, info.name()));
      }
    }
    return Pictures.only(List.of(), read);
  }

  /// What is known of a picture.
  ///
  /// @throws LynceusException BAD_REQUEST for one that was not sent
  PictureInfo info(String sum) {
    return library
        .picture(sum)
        .orElseThrow(() ->
            new LynceusException(
                ErrorCode.BAD_REQUEST,
                "there is no picture with the sum " + sum.substring(0, Math.min(64, sum.length())),
                "Send the picture first: POST /api/pictures."));
  }
}
