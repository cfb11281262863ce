package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/// The frames of a video, as they stand on the command line.
final class VideoFrames {
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  @Option(
      names = "--video",
      split = ",",
      paramLabel = "FRAMES",
      description = {
        "Frames of a video, all of one size: a folder of pictures, taken in the order of their names, or",
        "files with commas between. For models that read videos; which frames of a film to take is",
        "yours to decide."
      })
  List<String> names = List.of();

  /// The frames of the video in their order.
  List<Path> shots() {
    List<Path> found = new ArrayList<>();
    for (String name : names) {
      Path path = QuestionArguments.path(name);
      if (!Files.isDirectory(path)) {
        found.add(path);
        continue;
      }
      try (Stream<Path> inside = Files.list(path)) {
        found.addAll(inside.filter(VideoFrames::isPicture).sorted(IN_ORDER).toList());
      } catch (IOException e) {
        throw new LynceusException(
            ErrorCode.BAD_IMAGE,
            path + " cannot be read: " + e.getMessage(),
            "Check the rights of the folder and the disk.",
            e);
      }
    }
    if (!names.isEmpty() && found.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_IMAGE,
          String.join(", ", names) + " holds no pictures",
          "Give a folder of PNG, JPEG, WebP, GIF or BMP files: the frames of the video.");
    }
    return found;
  }

  /// By name, numbers in names by their value: frame_2 before frame_10.
  private static final Comparator<Path> IN_ORDER =
      Comparator.comparing((Path file) ->
              NUMBER
                  .matcher(QuestionArguments.name(file))
                  .replaceAll(digits ->
                      "0".repeat(Math.max(0, 20 - digits.group().length())) + digits.group()))
          .thenComparing(QuestionArguments::name);

  private static boolean isPicture(Path file) {
    return Files.isRegularFile(file)
        && QuestionArguments.name(file)
            .toLowerCase(Locale.ROOT)
            .matches(".*\\.(png|jpe?g|webp|gif|bmp)");
  }
}
