package dev.lynceus.lab.measure;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.pupil.world.Box;
import dev.lynceus.pupil.world.Colour;
import dev.lynceus.pupil.world.Item;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.Silhouette;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.Progress;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Writes scenes as files that any program reads: `images/000000.png`, `masks/000000-0.png` for
/// each thing, `questions.jsonl` with a [Pointed] for each question whose answer can be seen
/// somewhere, as `lynceus compare` and `lynceus seeing` take them, `labelled.jsonl` with a
/// [Labelled] for each question, as `lynceus calibrate` takes them, and `scenes.jsonl` with a
/// [Line] for each scene. The list comes last, so a folder with a list is complete.
///
/// @param exam scenes and questions
/// @param folder where to; made if absent, and empty
public record WorldFiles(Exam exam, Path folder) {
  /// The list of scenes.
  public static final String LIST = "scenes.jsonl";

  /// The list of questions.
  public static final String QUESTIONS = "questions.jsonl";

  /// The list of questions with what is right.
  public static final String LABELLED = "labelled.jsonl";

  /// A question with what is known of its answer.
  ///
  /// @param expected the right answer; null where the thing that is asked about is not there
  /// @param right false where whatever is answered is wrong; null where `expected` tells it
  /// @param present things of the picture, each after its colour; null for most questions
  /// @param absent things that are not there, and colours that things have not
  /// @param complete whether `present` has all things; null where it is null
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Labelled(
      String image,
      @Nullable String question,
      @Nullable String expected,
      @Nullable Boolean right,
      @Nullable List<String> present,
      @Nullable List<String> absent,
      @Nullable Boolean complete) {}

  /// A question and where its answer can be seen.
  ///
  /// @param kind for example `colour`
  /// @param target the first decisive word of the answer
  /// @param boxes of the things that the answer follows from: left, top, right, bottom in pixels
  /// @param masks files of their masks
  public record Pointed(
      String image,
      String question,
      String kind,
      String target,
      List<int[]> boxes,
      List<String> masks) {}

  /// What the list says of a scene.
  ///
  /// @param number of the scene in its sequence
  /// @param image file of the picture, relative to the list
  /// @param background `plain`, `gradient`, `noise` or `photo`
  /// @param objects what is in the picture
  /// @param questions about the picture, with answers
  public record Line(
      long number, String image, String background, List<Thing> objects, List<Asked> questions) {}

  /// A thing in a picture.
  ///
  /// @param colour the named colour
  /// @param rgb the colour that it has, `#rrggbb`
  /// @param box left, top, right, bottom in pixels; right and bottom are the first outside
  /// @param mask file of a gray picture: how much of each pixel the thing covers, 0 to 255
  /// @param turn degrees clockwise
  /// @param mirrored whether it looks the other way
  public record Thing(
      String noun,
      String colour,
      String rgb,
      int[] box,
      String mask,
      double turn,
      boolean mirrored) {}

  /// A question with its answer.
  ///
  /// @param kind for example `colour`
  /// @param key the decisive words of the answer
  /// @param evidence numbers of the objects that the answer follows from, the asked one first
  public record Asked(
      String kind, String text, String answer, String key, List<Integer> evidence) {}

  /// Writes the scenes 0 to `count - 1`.
  ///
  /// @throws LynceusException NOT_WRITABLE if the folder is not empty or cannot be written
  public void write(int count, Progress progress) {
    try {
      prepare();
      StringBuilder list = new StringBuilder();
      StringBuilder pointed = new StringBuilder();
      StringBuilder labelled = new StringBuilder();
      for (int number = 0; number < count; number++) {
        Line line = write(number);
        list.append(JsonMapper.shared().writeValueAsString(line)).append('\n');
        for (Asked asked : line.questions()) {
          if (!asked.kind().equals(Question.Kind.DESCRIBE.label()) && !asked.evidence().isEmpty()) {
            List<Thing> things = asked.evidence().stream().map(line.objects()::get).toList();
            Pointed one =
                new Pointed(
                    line.image(),
                    asked.text(),
                    asked.kind(),
                    asked.key().split(" ", -1)[0],
                    things.stream().map(Thing::box).toList(),
                    things.stream().map(Thing::mask).toList());
            pointed.append(JsonMapper.shared().writeValueAsString(one)).append('\n');
          }
        }
        for (Labelled one : labelled(line)) {
          labelled.append(JsonMapper.shared().writeValueAsString(one)).append('\n');
        }
        progress.at("scenes", number + 1L, count);
      }
      Files.writeString(folder.resolve(LABELLED), labelled);
      Files.writeString(folder.resolve(QUESTIONS), pointed);
      Path temporary = folder.resolve("." + LIST);
      Files.writeString(temporary, list);
      Files.move(temporary, folder.resolve(LIST));
    } catch (IOException e) {
      throw new LynceusException(
          ErrorCode.NOT_WRITABLE,
          "the scenes could not be written into " + folder + ": " + e.getClass().getSimpleName(),
          "Name a new folder, on a disk with room, that you may write to.",
          e);
    }
  }

  /// What can be labelled of a scene: its questions, the colour of a thing that is not there, and
  /// what is in it.
  private List<Labelled> labelled(Line line) {
    SplittableRandom random = exam.random(line.number()).split();
    List<String> nouns = line.objects().stream().map(Thing::noun).toList();
    List<String> others =
        Silhouette.names().stream().filter(noun -> !nouns.contains(noun)).toList();
    String missing = others.get(random.nextInt(others.size()));
    Thing one = line.objects().get(random.nextInt(nouns.size()));
    List<String> colours =
        Arrays.stream(Colour.values())
            .map(Colour::word)
            .filter(colour -> !colour.equals(one.colour()))
            .toList();
    String lie = colours.get(random.nextInt(colours.size())) + " " + one.noun();
    List<Labelled> all = new ArrayList<>();
    String describe = Question.Kind.DESCRIBE.label();
    List<String> present =
        line.objects().stream().map(thing -> thing.colour() + " " + thing.noun()).toList();
    for (Asked asked : line.questions()) {
      if (asked.key().equals("one")) {
        continue; // `There is` has told that it is one: the word does not decide
      }
      boolean whole = asked.kind().equals(describe);
      all.add(
          new Labelled(
              line.image(),
              asked.text(),
              whole ? null : asked.answer(),
              null,
              whole ? present : null,
              whole ? List.of(lie) : null,
              whole ? Boolean.TRUE : null));
    }
    all.add(
        new Labelled(
            line.image(),
            "What is the color of the " + missing + "?",
            null,
            false,
            null,
            List.of(missing),
            null));
    return all;
  }

  private void prepare() throws IOException {
    if (Files.exists(folder)) {
      if (!Files.isDirectory(folder)) {
        throw new LynceusException(
            ErrorCode.NOT_WRITABLE, folder + " is a file", "Name a new folder with --out.");
      }
      try (Stream<Path> files = Files.list(folder)) {
        if (files.findAny().isPresent()) {
          throw new LynceusException(
              ErrorCode.NOT_WRITABLE, folder + " is not empty", "Name a new folder with --out.");
        }
      }
    }
    Files.createDirectories(folder.resolve("images"));
    Files.createDirectories(folder.resolve("masks"));
  }

  private Line write(int number) throws IOException {
    Scene scene = exam.scene(number);
    String stem = String.format(Locale.ROOT, "%06d", number);
    String image = "images/" + stem + ".png";
    png(scene.image().toBufferedImage(), image);
    List<Thing> things = new ArrayList<>();
    for (int i = 0; i < scene.items().size(); i++) {
      Item item = scene.items().get(i);
      String mask = "masks/" + stem + "-" + i + ".png";
      png(gray(item.mask()), mask);
      Box box = item.box();
      things.add(
          new Thing(
              item.noun(),
              item.colour().word(),
              String.format(Locale.ROOT, "#%06x", item.rgb()),
              new int[] {box.left(), box.top(), box.right(), box.bottom()},
              mask,
              item.degrees(),
              item.mirrored()));
    }
    List<Asked> questions = exam.questions(number, scene).stream().map(WorldFiles::asked).toList();
    String background = scene.background().name().toLowerCase(Locale.ROOT);
    return new Line(number, image, background, things, questions);
  }

  private static Asked asked(Question question) {
    return new Asked(
        question.kind().label(),
        question.text(),
        question.answer(),
        question.key(),
        question.evidence());
  }

  private void png(BufferedImage image, String name) throws IOException {
    if (!ImageIO.write(image, "png", folder.resolve(name).toFile())) {
      throw new IOException("no writer for PNG");
    }
  }

  private static BufferedImage gray(byte[] mask) {
    BufferedImage image = new BufferedImage(World.SIZE, World.SIZE, BufferedImage.TYPE_BYTE_GRAY);
    byte[] samples = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    System.arraycopy(mask, 0, samples, 0, mask.length);
    return image;
  }
}
