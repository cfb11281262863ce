package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.pupil.Sample;
import dev.lynceus.tensor.file.AtomicFile;
import dev.lynceus.tensor.file.InputFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `lynceus samples`: pictures to begin with.
@Command(
    name = "samples",
    header = "Write the sample pictures into a folder, and say what to ask about them.",
    sortOptions = false)
final class SamplesCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      arity = "0..1",
      defaultValue = "lynceus-samples",
      paramLabel = "FOLDER",
      description = "Default: ${DEFAULT-VALUE}.")
  String folder = "lynceus-samples";

  @Mixin CommonOptions common = new CommonOptions();

  SamplesCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    OutputFile.checkFolder(folder);
    Path target = Path.of(folder);
    List<Sample> samples = Sample.all();
    try {
      Files.createDirectories(target);
      for (Sample sample : samples) {
        Path file = target.resolve(sample.file());
        if (InputFile.isThere(file)
            && !Arrays.equals(InputFile.PICTURE.bytes(file), sample.bytes())) {
          throw new LynceusException(
              ErrorCode.NOT_WRITABLE,
              file + " exists and is another picture",
              "Name another folder.");
        }
        AtomicFile.write(file, sample.bytes());
      }
    } catch (IOException e) {
      throw new LynceusException(
          ErrorCode.NOT_WRITABLE,
          "the samples could not be written into " + target,
          "Name a folder that you may write to.",
          e);
    }
    console
        .err()
        .println("%d pictures are in %s; ask, for example:".formatted(samples.size(), target));
    for (Sample sample : samples) {
      for (Sample.Question question : sample.questions()) {
        console
            .out()
            .println(
                "%s explain %s \"%s\""
                    .formatted(
                        Console.launcher(),
                        Console.quoted(target.resolve(sample.file()).toString()),
                        question.question()));
      }
    }
    console.out().flush();
    return 0;
  }
}
