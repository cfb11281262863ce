package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.measure.Exam;
import dev.lynceus.lab.measure.WorldFiles;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.World;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus pupil world`: scenes as pictures, masks and a list.
@Command(
    name = "world",
    header = "Write scenes of the world: pictures, a mask for each object, boxes, questions.",
    sortOptions = false)
final class PupilWorldCommand implements Callable<Integer> {
  private static final int MOST = 6;
  private static final Pattern RANGE = Pattern.compile("(\\d)(?:-(\\d))?");

  private final Console console;

  @Option(names = "--count", required = true, paramLabel = "N", description = "How many scenes.")
  int count;

  @Written(Written.As.FOLDER)
  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "A new folder for them.")
  String out = "";

  @Option(
      names = "--seed",
      defaultValue = "20260",
      paramLabel = "N",
      description = "Which sequence of scenes. Default: ${DEFAULT-VALUE}.")
  long seed = World.HELD_OUT;

  @Option(
      names = "--objects",
      defaultValue = "1-4",
      paramLabel = "N-M",
      description =
          "How many objects a scene has, for example 2 or 1-4. Default: ${DEFAULT-VALUE}.")
  String objects = "1-4";

  @Mixin CommonOptions common = new CommonOptions();

  PupilWorldCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    SceneRecipe recipe = withObjects(SceneRecipe.FREE, objects);
    if (count < 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "--count " + count + " is no number of scenes", "Give 1 or more.");
    }
    try (ProgressLine progress = new ProgressLine(console, common.quiet)) {
      new WorldFiles(new Exam(new World(seed, recipe)), Path.of(out)).write(count, progress);
    }
    console.out().println(Path.of(out).resolve(WorldFiles.LIST));
    if (!common.quiet) {
      console
          .err()
          .println(
              "%d scenes in %s: pictures in images/, where each thing lies in masks/; their questions, answers and boxes in the file above"
                  .formatted(count, Path.of(out)));
    }
    console.out().flush();
    return 0;
  }

  /// A recipe with as many things as an option says.
  static SceneRecipe withObjects(SceneRecipe recipe, String objects) {
    Matcher range = RANGE.matcher(objects);
    if (range.matches()) {
      int least = Integer.parseInt(range.group(1));
      int most = range.group(2) == null ? least : Integer.parseInt(range.group(2));
      if (least >= 1 && most >= least && most <= MOST) {
        return recipe.withItems(least, most);
      }
    }
    throw new LynceusException(
        ErrorCode.BAD_REQUEST,
        "--objects " + objects + " is no number of objects",
        "Give a number or a range from 1 to " + MOST + ", for example 2 or 1-4.");
  }
}
