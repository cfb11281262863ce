package dev.lynceus.bench.fuzz;

import dev.lynceus.cli.Main;
import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Command lines with options of every command, which `--help` tells, and values that are right,
/// wrong and absurd. They run in the worker, with a tiny model, and without training.
final class OptionFuzz implements FuzzKind {
  private static final Pattern OPTION =
      Pattern.compile("^\\s+(?:-\\w, )?(--[a-z-]+)(?:=(\\S+))?", Pattern.MULTILINE);
  private static final Pattern COMMAND = Pattern.compile("^  ([a-z][a-z-]+)  ", Pattern.MULTILINE);
  private static final Pattern GROUP = Pattern.compile("^Usage: .* COMMAND$", Pattern.MULTILINE);
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}&&[^\n\t]]");

  /// Commands that measure or train for minutes.
  private static final Set<String> LONG =
      Set.of("pupil", "models verify", "tune-lens", "tune-words", "tune-sae", "tune-reader");

  /// Serves until it is stopped; `HostileTest` of the studio has its calls.
  private static final String SERVER = "studio";

  private static final List<String> VALUES =
      List.of(
          "0",
          "1",
          "2",
          "3",
          "-1",
          "9",
          "0.5",
          "1.0",
          "-0.1",
          "100",
          "99999",
          "2147483647",
          "-2147483648",
          "9223372036854775807",
          "1e999",
          "NaN",
          "Infinity",
          "",
          " ",
          "all",
          "last",
          "image",
          "question",
          "0.0",
          "1.1",
          "9.9",
          "-1.0",
          "0,1",
          "1-2",
          "red",
          "red,brown",
          "a=b",
          "last:image",
          "image:last",
          "a:",
          ":b",
          "\u0000",
          "\u001b[2J",
          "\u202e",
          "none",
          "zero",
          "mean",
          "noise",
          "layer",
          "head",
          "mlp",
          "attn",
          "float64",
          "bfloat16",
          "probability",
          "/dev/null",
          "/dev/zero",
          "/",
          ".",
          "none/such",
          "tuned=none",
          "10,20,30,40",
          "5,5,1,1",
          "resid_post",
          "blocks.0.hook_resid_post",
          "blocks.99999999999999999999.hook_z",
          "é漢🏴",
          "x".repeat(5000));

  private static final List<String> PROCEDURES =
      List.of("answer", "choose", "heads", "maps", "evidence", "none");

  private static final List<String> DATA = List.of("world:7:1", "world:7:1", "world:0:0", "none");

  private static final List<String> RUNS = List.of("a", "", "\u001b[2J", "..", "x".repeat(5000));

  private static final List<String> TABLES = List.of("examples", "units", "maps", "none");

  private static final List<String> QUERIES =
      List.of("SELECT 1", "SELECT 1", "SELECT '\u001b[2J'", "SELECT * FROM read_csv('/')", "DROP");

  private static final List<String> FILES =
      List.of(
          "lab/src/test/resources/dev/lynceus/lab/data/vlat/mini-vlat.json",
          "lab/src/test/resources/dev/lynceus/lab/data/vlat",
          "samples",
          "README.md",
          "none");

  private final Path root = Fuzz.repository();
  private final Map<String, Map<String, String>> commands = new LinkedHashMap<>();

  /// Those whose output is a page; others refuse to write text into a file that is named as one.
  private final Set<String> pages = new HashSet<>();

  OptionFuzz() {
    collect("");
  }

  private void collect(String command) {
    List<String> words =
        new ArrayList<>(command.isEmpty() ? List.of() : List.of(command.split(" ")));
    words.add("--help");
    Result told = run(words);
    if (told.status() != 0) {
      throw new IllegalStateException(words + ": " + told.err());
    }
    String help = told.out();
    boolean group = GROUP.matcher(help).find();
    Matcher names = COMMAND.matcher(help);
    while (group && names.find()) {
      String name = (command + " " + names.group(1)).strip();
      if (!LONG.contains(name) && !name.equals(SERVER)) {
        collect(name);
      }
    }
    if (!group) {
      Map<String, String> options = new LinkedHashMap<>();
      Matcher found = OPTION.matcher(help);
      while (found.find()) {
        options.put(found.group(1), found.group(2) == null ? "" : found.group(2));
      }
      options.remove("--help");
      options.remove("--stacktrace");
      commands.put(command, options);
      if (help.contains("The page. Default:")) {
        pages.add(command);
      }
    }
  }

  @Override
  public String name() {
    return "options";
  }

  @Override
  public String about() {
    return "command lines of every command, values right, wrong and absurd";
  }

  @Override
  public Set<ErrorCode> refusals() {
    return EnumSet.complementOf(
        EnumSet.of(ErrorCode.INTERNAL, ErrorCode.MISMATCH, ErrorCode.CANCELLED));
  }

  @Override
  public int seconds() {
    return 60;
  }

  @Override
  public FuzzCase make(long seed, int index, Path folder) {
    RandomGenerator random = Fuzz.random(name(), seed, index);
    String command = Fuzz.pick(random, List.copyOf(commands.keySet()));
    Map<String, String> options = Objects.requireNonNull(commands.get(command));
    List<String> words = new ArrayList<>(List.of(command.split(" ")));
    // One line in four has nothing but what its command cannot do without, so that not all are
    // refused at once.
    boolean plain = random.nextInt(4) == 0;
    if (options.containsKey("--model") && (plain || random.nextInt(8) > 0)) {
      words.add("--model=" + (plain ? known() : model(random)));
    }
    if (command.equals("compare")) {
      words.add("--methods=top-heads,random"); // all of them take minutes
    }
    if (options.containsKey("--output")) {
      words.add("--output=" + folder.resolve(pages.contains(command) ? "page.html" : "told.txt"));
    }
    if (options.containsKey("--store")) {
      words.add("--store=" + folder.resolve("runs")); // never that of the user who fuzzes
    }
    for (int i = plain || options.isEmpty() ? 0 : random.nextInt(4); i > 0; i--) {
      String option = Fuzz.pick(random, List.copyOf(options.keySet()));
      if (option.equals("--output") || option.equals("--store")) {
        words.add("--force");
      } else if (options.getOrDefault(option, "").isEmpty()) {
        words.add(option);
      } else {
        words.add(option + "=" + value(random, option, folder));
      }
    }
    positional(random, plain, command, words, folder);
    return new FuzzCase(
        String.join(" ", words.stream().map(OptionFuzz::shown).toList()), () -> judge(words));
  }

  private String known() {
    return root.resolve("core/src/test/resources/goldens/llava-llama/hub").toString();
  }

  private String model(RandomGenerator random) {
    return root.resolve("core/src/test/resources/goldens")
        .resolve(Fuzz.pick(random, List.of("llava-llama/hub", "llava-llama/hub", "none")))
        .toString();
  }

  private String value(RandomGenerator random, String option, Path folder) {
    return switch (option) {
      case "--model" -> model(random);
      case "--ledger", "--figure", "--save", "--sheet", "--page", "--request", "--save-scorer" ->
          folder.resolve("own" + random.nextInt(2)) + "";
      // Right values of these make work without end.
      case "--randoms", "--repeats", "--samples", "--noises", "--steps", "--trials", "--sample" ->
          Fuzz.pick(random, List.of("0", "1", "2", "-1", "NaN", "x", "2147483647"));
      default -> Fuzz.pick(random, VALUES);
    };
  }

  private void positional(
      RandomGenerator random, boolean plain, String command, List<String> words, Path folder) {
    switch (command) {
      case "samples" -> words.add(folder.resolve("samples").toString());
      case "heads", "models show", "models taps" -> words.add(model(random));
      case "models list", "lab runs" -> {}
      case "lab run" -> {
        words.add(Fuzz.pick(random, PROCEDURES));
        words.add(Fuzz.pick(random, DATA));
      }
      case "run" -> words.add(root.resolve(Fuzz.pick(random, FILES)).toString());
      case "lab show", "lab label", "lab delete" -> words.add(Fuzz.pick(random, RUNS));
      case "lab compare" -> {
        words.add(Fuzz.pick(random, RUNS));
        words.add(Fuzz.pick(random, RUNS));
      }
      case "lab export" -> {
        words.add(Fuzz.pick(random, RUNS));
        words.add(Fuzz.pick(random, TABLES));
      }
      case "lab sql" -> words.add(Fuzz.pick(random, QUERIES));
      case "data show" -> words.add(root.resolve(Fuzz.pick(random, FILES)).toString());
      default -> {
        if (plain || random.nextInt(8) > 0) {
          words.add(root.resolve("samples/frog-umbrella-car.png").toString());
        }
        if (plain) {
          words.add("What is it?");
        } else if (random.nextInt(10) > 0) {
          words.add(Fuzz.pick(random, List.of("What is it?", "", "@x", "a\u0000b", "\u001b[2J?")));
        }
      }
    }
  }

  private static String shown(String word) {
    return word.length() > 80 ? word.substring(0, 80) + "…" : word;
  }

  private record Result(int status, String out, String err) {}

  private static Result run(List<String> words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    InputStream in = new ByteArrayInputStream("And now?\n".getBytes(StandardCharsets.UTF_8));
    int status =
        Main.run(
            words,
            in,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Result(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static void judge(List<String> words) {
    Result result = run(words);
    String said = result.err() + result.out();
    if (CONTROL.matcher(said).find()) {
      throw new IllegalStateException("control characters were printed");
    }
    if (result.status() == 0) {
      return;
    }
    String[] lines = result.err().strip().split("\n");
    int last = lines.length - 1;
    String next = last >= 1 && lines[last].startsWith("  ") ? lines[last].strip() : "";
    String message = next.isEmpty() ? lines[last] : lines[last - 1];
    ErrorCode code =
        switch (result.status()) {
          case 2 -> ErrorCode.BAD_REQUEST;
          case 3 -> ErrorCode.MODEL_NOT_FOUND;
          case 4 -> ErrorCode.BAD_CHECKPOINT;
          case 5 -> ErrorCode.UNSUPPORTED_MODEL;
          case 6 -> ErrorCode.BAD_IMAGE;
          case 7 -> ErrorCode.OUT_OF_MEMORY;
          case 8 -> ErrorCode.NOT_WRITABLE;
          default -> ErrorCode.INTERNAL;
        };
    throw new LynceusException(code, message, next);
  }
}
