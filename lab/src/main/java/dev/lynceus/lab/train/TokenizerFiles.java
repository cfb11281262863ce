package dev.lynceus.lab.train;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.pupil.world.Colour;
import dev.lynceus.pupil.world.Story;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The tokenizer of the bundled model: byte-pair encoding with byte fallback, in which every word
/// of the world is one token. Its merges only ever add a character to the beginning of a known
/// word, so that a word's tokens do not depend on its neighbours.
///
/// @param further words beyond those of the world; their tokens follow all others but the
///   placeholder and the padding, so that the others keep their ids
/// @param starts further words that come after a line break, after those
record TokenizerFiles(List<String> further, List<String> starts) {
  /// The words of the world.
  static final TokenizerFiles WORLD = new TokenizerFiles(List.of(), List.of());

  /// The words of the world, and those of marks, places in a row, and pictures.
  static final TokenizerFiles SKILLS =
      new TokenizerFiles(
          List.of(
              "in", "ring", "arrow", "mark", "picture", "first", "second", "third", "has", "more",
              "1", "2", "3", "4", "5", "6"),
          List.of());

  // spotless:off: numbers of scales in one line
  /// The words of the world, and those of charts: names, numbers, and what is asked.
  static final TokenizerFiles CHARTS =
      new TokenizerFiles(
          List.of(
              "K", "M", "T", "X", "F", "H", "N", "x", "y", "-",
              "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "12", "14", "15", "16", "18", "20",
              "25", "30", "35", "40", "45", "50", "60", "70", "80", "90", "100",
              "value", "values", "range", "trend", "share", "in", "has", "lowest", "highest", "lower",
              "higher", "than", "much", "larger", "largest", "smallest", "point", "points", "all",
              "lies", "apart", "from", "others", "group", "rising", "falling", "as", "false", "True",
              "False", "Rising", "Falling", "Steady"),
          List.of("True"));
  // spotless:on

  private static final List<String> SPECIAL = List.of("<unk>", "<s>", "</s>");
  static final String IMAGE = "<image>";
  static final String PAD = "<pad>";

  /// Words of the templates. A word that follows a line break has no space before it.
  private static final List<String> WORDS =
      List.of(
          "USER",
          "ASSISTANT",
          "What",
          "is",
          "the",
          "color",
          "of",
          "Which",
          "object",
          "Where",
          "Is",
          "there",
          "a",
          "an",
          "How",
          "many",
          "objects",
          "are",
          "Are",
          "and",
          "same",
          "left",
          "right",
          "Describe",
          "image",
          "The",
          "There",
          "Yes",
          "No",
          "no",
          "so",
          "yes",
          "at",
          "top",
          "bottom",
          "or",
          "zero",
          "one",
          "two",
          "three",
          "four",
          "five",
          "six",
          "shows",
          "A",
          "An");

  private static final List<String> AFTER_LINE_BREAK =
      List.of("What", "Which", "Where", "Is", "How", "Are", "Describe", "ASSISTANT");

  TokenizerFiles {
    further = List.copyOf(further);
    starts = List.copyOf(starts);
  }

  /// Writes `tokenizer.json` and its companions.
  void write(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.writeString(
          folder.resolve("tokenizer.json"),
          JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(json()));
      for (String name :
          List.of(
              "tokenizer_config.json",
              "chat_template.jinja",
              "processor_config.json",
              "preprocessor_config.json")) {
        Files.write(folder.resolve(name), resource(name));
      }
      Files.writeString(
          folder.resolve("generation_config.json"),
          """
          {
            "bos_token_id": 1,
            "do_sample": false,
            "eos_token_id": 2,
            "max_new_tokens": 32,
            "pad_token_id": %d
          }
          """
              .formatted(size() - 1));
    } catch (IOException e) {
      throw new LynceusException(
          ErrorCode.NOT_WRITABLE,
          "the tokenizer could not be written into " + folder + ": " + e.getMessage(),
          "Choose a folder that you may write to.",
          e);
    }
  }

  /// Tokens of the vocabulary, the placeholder and the padding included.
  int size() {
    return vocabulary(new ArrayList<>()).size() + 2;
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = TokenizerFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the jar has no " + name);
      }
      return in.readAllBytes();
    }
  }

  private ObjectNode json() throws IOException {
    ObjectNode root =
        (ObjectNode)
            JsonMapper.shared()
                .readTree(new String(resource("tokenizer_frame.json"), StandardCharsets.UTF_8));
    List<String[]> merges = new ArrayList<>();
    Map<String, Integer> vocabulary = vocabulary(merges);
    int next = vocabulary.size();
    for (String added : List.of(IMAGE, PAD)) {
      ObjectNode token = root.withArray("added_tokens").addObject();
      token.put("id", next++).put("content", added);
      for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
        token.put(flag, false);
      }
      token.put("special", true);
    }
    ObjectNode model = (ObjectNode) root.get("model");
    ObjectNode words = model.putObject("vocab");
    vocabulary.forEach(words::put);
    ArrayNode pairs = model.putArray("merges");
    merges.forEach(pair -> pairs.addArray().add(pair[0]).add(pair[1]));
    return root;
  }

  private Map<String, Integer> vocabulary(List<String[]> merges) {
    Set<String> tokens = new LinkedHashSet<>(SPECIAL);
    for (int b = 0; b < 256; b++) {
      tokens.add("<0x%02X>".formatted(b));
    }
    for (char c = '!'; c <= '~'; c++) {
      tokens.add(String.valueOf(c));
    }
    tokens.add("▁");
    List<String> spaced = new ArrayList<>(WORDS);
    spaced.addAll(Story.nouns());
    for (Colour colour : Colour.values()) {
      spaced.add(colour.word());
    }
    // Merges of words with a space come first: they decide before those of words without one.
    spaced.forEach(word -> grow("▁" + word, tokens, merges));
    AFTER_LINE_BREAK.forEach(word -> grow(word, tokens, merges));
    further.forEach(word -> grow("▁" + word, tokens, merges));
    starts.forEach(word -> grow(word, tokens, merges));
    Map<String, Integer> ids = new LinkedHashMap<>();
    tokens.forEach(token -> ids.put(token, ids.size()));
    return ids;
  }

  private static void grow(String word, Set<String> tokens, List<String[]> merges) {
    for (int end = 2; end <= word.length(); end++) {
      if (tokens.add(word.substring(0, end))) {
        merges.add(new String[] {word.substring(0, end - 1), word.substring(end - 1, end)});
      }
    }
  }
}
