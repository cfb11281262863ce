package dev.lynceus.lab.train;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.pupil.world.Colour;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Silhouette;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.text.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The words of a BLIP of the world: a WordPiece tokenizer as BERT's, in which each word of
/// questions and answers is one token, and other words fall into letters.
final class BlipWords {
  static final int PAD = 0;

  /// Ends questions and answers.
  static final int END = 3;

  /// What all that is said comes after; in BLIP `[DEC]`.
  static final int BEGIN = 5;

  private static final List<String> SPECIAL =
      List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[DEC]");

  /// Words of the forms of questions and answers, beside things and colours.
  private static final String WORDS =
      """
      what is the color of which object where there a an how many objects are and same left right
      top bottom or yes no zero one two three four five six\
      """;

  /// All tokens, in the order of their ids.
  static final List<String> VOCABULARY = vocabulary();

  private final Tokenizer tokenizer;
  private final Map<String, int[]> known = new ConcurrentHashMap<>();

  /// @param tokenizer of the files that [#write] wrote
  BlipWords(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /// A question as the encoder reads it.
  TokenMap question(Question question) {
    List<TokenMap.Spot> spots = new ArrayList<>();
    for (int id : ids(question.text(), true)) {
      spots.add(new TokenMap.Spot(id, TokenMap.Role.QUESTION, spots.size(), -1));
    }
    return new TokenMap(spots, List.of());
  }

  /// The id of a word.
  int id(String word) {
    return ids(word, false)[0];
  }

  /// The ids of the answer: the decisive words alone, and the end.
  int[] answer(Question question) {
    int[] words = ids(question.key(), false);
    int[] all = Arrays.copyOf(words, words.length + 1);
    all[words.length] = END;
    return all;
  }

  private int[] ids(String text, boolean around) {
    return known.computeIfAbsent(around + text, key -> tokenizer.encode(text, around));
  }

  private static List<String> vocabulary() {
    Set<String> all = new LinkedHashSet<>(SPECIAL);
    for (char c = '!'; c <= '~'; c++) {
      all.add(String.valueOf(c).toLowerCase(Locale.ROOT));
    }
    for (char c = '0'; c <= '9'; c++) {
      all.add("##" + c);
    }
    for (char c = 'a'; c <= 'z'; c++) {
      all.add("##" + c);
    }
    all.addAll(List.of(WORDS.split("\\s+", -1)));
    all.addAll(Silhouette.names());
    Arrays.stream(Colour.values()).map(Colour::word).forEach(all::add);
    return List.copyOf(all);
  }

  /// Writes `tokenizer.json` and its companions, and the settings of the image processor.
  static void write(Path folder) {
    try {
      Files.createDirectories(folder);
      ObjectNode json =
          (ObjectNode)
              JsonMapper.shared()
                  .readTree(new String(resource("blip_tokenizer.json"), StandardCharsets.UTF_8));
      ObjectNode words = ((ObjectNode) json.get("model")).putObject("vocab");
      for (int id = 0; id < VOCABULARY.size(); id++) {
        words.put(VOCABULARY.get(id), id);
      }
      Files.writeString(
          folder.resolve("tokenizer.json"),
          JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(json));
      Files.writeString(folder.resolve("vocab.txt"), String.join("\n", VOCABULARY) + "\n");
      Files.write(folder.resolve("tokenizer_config.json"), resource("blip_tokenizer_config.json"));
      Files.write(folder.resolve("preprocessor_config.json"), resource("blip_preprocessor.json"));
    } catch (IOException e) {
      throw new LynceusException(
          ErrorCode.NOT_WRITABLE,
          "the tokenizer could not be written into " + folder + ": " + e.getMessage(),
          "Choose a folder that you may write to.",
          e);
    }
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = BlipWords.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the jar has no " + name);
      }
      return in.readAllBytes();
    }
  }
}
