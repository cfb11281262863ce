package dev.lynceus.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/// Every command that asks a model something, run on a small checkpoint of every family.
final class FamilyTable {
  static final Path GOLDENS = Path.of("../core/src/test/resources/goldens");
  private static final String PICTURE = GOLDENS.resolve("images/photo.png").toString();

  /// What the picture shows, as a description begins.
  private static final String BEGINS = "a picture of";

  private static final String PASSAGE = "The frog is green. The color of the car is brown.";
  private static final String MASKED = "The color of the car is [MASK].";

  /// What a checkpoint takes.
  enum Kind {
    /// Pictures and a question.
    SEES,
    /// A picture, and words that a description begins with.
    SAYS,
    /// A question alone.
    WRITES,
    /// A question and a passage.
    READS,
    /// A text with words taken out.
    FILLS,
    /// Pictures and texts that may fit them.
    MATCHES,
    /// Pictures alone.
    MAKES
  }

  /// A family by one of its small checkpoints.
  ///
  /// @param folder of the checkpoint among the goldens
  /// @param title as users know it
  record Family(String folder, Kind kind, String title) {
    String model() {
      return GOLDENS.resolve(folder).resolve("hub").toString();
    }
  }

  static final List<Family> FAMILIES =
      List.of(
          new Family("llava-llama", Kind.SEES, "LLaVA, Llama"),
          new Family("llava-llama-bf16", Kind.SEES, "LLaVA, bfloat16"),
          new Family("llava-llama-fp16", Kind.SEES, "LLaVA, float16"),
          new Family("llava-mistral-gqa", Kind.SEES, "LLaVA, Mistral"),
          new Family("llava-gemma", Kind.SEES, "LLaVA, Gemma"),
          new Family("llava-qwen2-siglip", Kind.SEES, "LLaVA, Qwen2 and SigLIP"),
          new Family("vipllava", Kind.SEES, "VipLLaVA"),
          new Family("llava-next", Kind.SEES, "LLaVA-NeXT"),
          new Family("llava-onevision", Kind.SEES, "LLaVA-OneVision"),
          new Family("idefics3", Kind.SEES, "Idefics3"),
          new Family("smolvlm", Kind.SEES, "SmolVLM"),
          new Family("internvl", Kind.SEES, "InternVL"),
          new Family("paligemma", Kind.SEES, "PaliGemma"),
          new Family("gemma3", Kind.SEES, "Gemma 3"),
          new Family("qwen2-vl", Kind.SEES, "Qwen2-VL"),
          new Family("qwen2.5-vl", Kind.SEES, "Qwen2.5-VL"),
          new Family("qwen3-vl", Kind.SEES, "Qwen3-VL"),
          new Family("blip2-opt", Kind.SEES, "BLIP-2"),
          new Family("instructblip-vicuna", Kind.SEES, "InstructBLIP"),
          new Family("blip-vqa", Kind.SEES, "BLIP for questions"),
          new Family("blip-caption", Kind.SAYS, "BLIP for captions"),
          new Family("vicuna", Kind.WRITES, "Llama"),
          new Family("qwen3", Kind.WRITES, "Qwen3"),
          new Family("phi3", Kind.WRITES, "Phi-3"),
          new Family("gemma3-text", Kind.WRITES, "Gemma 3, text alone"),
          new Family("opt", Kind.WRITES, "OPT"),
          new Family("opt-narrow", Kind.WRITES, "OPT, narrow embedding"),
          new Family("bert-qa", Kind.READS, "BERT for questions"),
          new Family("electra-qa", Kind.READS, "ELECTRA for questions"),
          new Family("albert-qa", Kind.READS, "ALBERT for questions"),
          new Family("bert-mlm", Kind.FILLS, "BERT for masked words"),
          new Family("blip-itm", Kind.MATCHES, "BLIP for matching"),
          new Family("blip2-itm", Kind.MATCHES, "BLIP-2 for matching"),
          new Family("vit-mae", Kind.MAKES, "ViT-MAE"));

  /// Families that read pictures by cross-attention.
  private static final List<String> CROSSED = List.of("blip-vqa", "blip-caption");

  /// Families whose small checkpoint reads so few tokens that prompts of strategies are cut short.
  private static final List<String> SHORT =
      List.of("blip2-opt", "instructblip-vicuna", "blip-vqa", "blip-caption");

  private final Path folder;

  /// Why no autoencoder was fitted.
  private Optional<Cell> unfitted = Optional.empty();

  /// @param folder for what is written
  FamilyTable(Path folder) throws IOException {
    this.folder = folder;
    Files.copy(Path.of(PICTURE), folder.resolve("one.png"));
    ImageIO.write(mirrored(ImageIO.read(Path.of(PICTURE).toFile())), "png", other().toFile());
    rows("seen.jsonl", "\"image\": \"one.png\", ", "What is the color of the %s?");
    rows("other.jsonl", "\"image\": \"other.png\", ", "What is the color of the %s?");
    rows("begun.jsonl", "\"image\": \"one.png\", ", BEGINS);
    rows("passage.jsonl", "\"passage\": \"" + PASSAGE + "\", ", "What is the color of the %s?");
    Files.writeString(
        folder.resolve("yesno.jsonl"),
        """
        {"image": "one.png", "question": "Is there a car?", "expected": "yes"}
        {"image": "one.png", "question": "Is there a dog?", "expected": "no"}
        """);
    Files.writeString(
        folder.resolve("probed.jsonl"),
        """
        {"image": "one.png", "question": "Is there a car?", "kind": "there"}
        {"image": "other.png", "question": "Is there a car?", "kind": "there"}
        {"image": "one.png", "question": "Is there a dog?", "kind": "not"}
        {"image": "other.png", "question": "Is there a dog?", "kind": "not"}
        """);
    Files.writeString(
        folder.resolve("texts.txt"),
        "The frog is green.\nThe car is brown.\nThe horse is red.\nThe dove is blue.\nThe cat is white.\nThe star is grey.\n");
  }

  /// A picture of the same size.
  private Path other() {
    return folder.resolve("other.png");
  }

  private static BufferedImage mirrored(BufferedImage image) {
    BufferedImage other =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
    for (int x = 0; x < image.getWidth(); x++) {
      for (int y = 0; y < image.getHeight(); y++) {
        other.setRGB(image.getWidth() - 1 - x, y, image.getRGB(x, y));
      }
    }
    return other;
  }

  private void rows(String name, String begins, String question) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String thing : List.of("car", "frog", "umbrella", "car", "frog", "umbrella")) {
      lines.append(
          "{%s\"question\": \"%s\", \"expected\": \"brown\", \"choices\": [\"brown\", \"red\"]}%n"
              .formatted(begins, question.formatted(thing)));
    }
    Files.writeString(folder.resolve(name), lines);
  }

  /// What became of a command.
  ///
  /// @param status exit status
  /// @param reason why it was refused; empty where it ran
  /// @param advice what to do instead
  record Cell(int status, String reason, String advice) {
    boolean runs() {
      return status == 0;
    }

    /// Why not, and what to do instead.
    String note() {
      String why = reason.substring(0, 1).toUpperCase(Locale.ROOT) + reason.substring(1);
      return advice.isEmpty() ? why : why + ". " + advice;
    }
  }

  private static final Cell RUNS = new Cell(0, "", "");
  private static final String ERROR = "lynceus: ";

  /// All rows of an experiment failed.
  private static final Pattern FAILED =
      Pattern.compile("(\\d+) of \\1 rows, \\1 failed[\\s\\S]*?failed: (.*)");

  /// Runs a line on a family. Where no autoencoder could be fitted, there are no features of one.
  Cell run(Family family, String line) throws IOException {
    if (line.startsWith("features") && unfitted.isPresent()) {
      return unfitted.get();
    }
    Cell cell = ran(family, line);
    if (line.startsWith("tune-sae")) {
      unfitted = cell.runs() ? Optional.empty() : Optional.of(cell);
    }
    return cell;
  }

  private Cell ran(Family family, String line) {
    List<String> words = new ArrayList<>();
    for (String word : Shell.words(line)) {
      switch (word) {
        case "ASKED" -> words.addAll(asked(family.kind()));
        case "PASSAGED" -> words.addAll(List.of(Fixtures.QUESTION, PASSAGE));
        case "ZONED" ->
            words.addAll(
                family.kind() == Kind.SEES || family.kind() == Kind.SAYS
                    ? List.of(
                        "--next-token",
                        PICTURE,
                        family.kind() == Kind.SAYS ? BEGINS : Fixtures.QUESTION)
                    : List.of(Fixtures.QUESTION, PASSAGE));
        case "MASKED" -> words.add(MASKED);
        case "PICTURE" -> words.add(PICTURE);
        case "CORRUPT" -> words.addAll(corrupt(family.kind()));
        case "SEEN" -> words.addAll(asked(family.kind() == Kind.SAYS ? Kind.SAYS : Kind.SEES));
        case "NEXT" -> {
          if (family.kind() != Kind.MATCHES) {
            words.add("--next-token");
          }
        }
        case "PLACES" -> words.addAll(places(family));
        case "STATES" -> {
          words.add(fitted(family));
          words.addAll(places(family));
        }
        case "TERSE" -> {
          if (SHORT.contains(family.folder())) {
            words.addAll(terse(words.getFirst()));
          }
        }
        case "TUNED" -> words.add(fitted(family));
        case "MODEL" -> words.add(family.model());
        default ->
            words.add(
                word.replace("OUT", folder.resolve("out").toString())
                    .replace("YESNOROWS", folder.resolve("yesno.jsonl").toString())
                    .replace("SEENROWS", folder.resolve("seen.jsonl").toString())
                    .replace("PROBED", folder.resolve("probed.jsonl").toString())
                    .replace("OTHERROWS", folder.resolve("other.jsonl").toString())
                    .replace("ROWS", rows(family.kind()).toString())
                    .replace("OTHER", other().toString()));
      }
    }
    if (!words.contains(family.model())) {
      words.add("--model=" + family.model());
    }
    if (!words.getFirst().equals("heads")) {
      words.add("--threads=1");
    }
    Shell.Result result = Shell.lynceus(words.toArray(String[]::new));
    return cell(family, folder, result);
  }

  /// What something is fitted on.
  private String fitted(Family family) {
    return family.kind() == Kind.SEES || family.kind() == Kind.SAYS
        ? "--dataset=" + rows(family.kind())
        : "--texts=" + folder.resolve("texts.txt");
  }

  /// States of words, where no patches are among them.
  private static List<String> places(Family family) {
    boolean patches = family.kind() == Kind.SEES || family.kind() == Kind.SAYS;
    return patches && !CROSSED.contains(family.folder()) ? List.of() : List.of("--positions=all");
  }

  private static Cell cell(Family family, Path folder, Shell.Result result) {
    if (result.status() == 0) {
      // Experiments go on where a row fails.
      Matcher failed = FAILED.matcher(result.out());
      return failed.find() ? new Cell(2, told(family, folder, failed.group(2)), "") : RUNS;
    }
    List<String> lines = result.err().lines().toList();
    int at =
        IntStream.range(0, lines.size()).filter(i -> isError(lines.get(i))).findFirst().orElse(-1);
    if (at < 0) {
      return new Cell(result.status(), result.err(), "");
    }
    String next = at + 1 < lines.size() ? lines.get(at + 1).strip() : "";
    return new Cell(
        result.status(),
        told(family, folder, lines.get(at).substring(ERROR.length())),
        told(family, folder, next));
  }

  private static boolean isError(String line) {
    return line.startsWith(ERROR) && !line.startsWith(ERROR + "about ");
  }

  /// A message without what is of one checkpoint.
  private static String told(Family family, Path folder, String line) {
    return line.replace(family.model(), "the model")
        .replace(Path.of(family.model()).toAbsolutePath().normalize().toString(), "the model")
        .replace(folder + "/", "")
        .replaceAll(" \\(\\w+For\\w+\\)", "");
  }

  private static List<String> asked(Kind kind) {
    return switch (kind) {
      case SEES, MATCHES, MAKES -> List.of(PICTURE, Fixtures.QUESTION);
      case SAYS -> List.of(PICTURE, BEGINS);
      case WRITES -> List.of(Fixtures.QUESTION);
      case READS -> List.of(Fixtures.QUESTION, "--passage=" + PASSAGE);
      case FILLS -> List.of("--raw", MASKED);
    };
  }

  /// Prompts of a strategy, of the question alone.
  private static List<String> terse(String strategy) {
    List<String> names =
        switch (strategy) {
          case "vote" -> List.of("direct", "explain", "answer", "score");
          case "describe" -> List.of("caption", "ask", "refine", "answer", "seen");
          case "literacy" -> List.of("letters");
          default -> List.of("direct", "chain", "chained", "read", "answer");
        };
    return names.stream().map(name -> "--prompt=" + name + "={question}").toList();
  }

  private static List<String> corrupt(Kind kind) {
    return switch (kind) {
      case SEES, SAYS, MATCHES, MAKES -> List.of("--corrupt=mean");
      case WRITES -> List.of("--corrupt=replace", "--replace=is=of");
      case READS, FILLS -> List.of("--corrupt=replace", "--replace=car=dog");
    };
  }

  private Path rows(Kind kind) {
    return folder.resolve(
        switch (kind) {
          case SEES, MATCHES, MAKES -> "seen.jsonl";
          case SAYS -> "begun.jsonl";
          case WRITES, READS, FILLS -> "passage.jsonl";
        });
  }
}
