package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.Model;
import dev.lynceus.model.reader.TextReader;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tap.TokenMap.Role;
import dev.lynceus.tap.TokenMap.Spot;
import dev.lynceus.text.Encoding;
import dev.lynceus.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// What models that read a text whole are asked: a question beside the passage that holds its
/// answer, or a text of which words were taken out. What the tokenizer puts around and between them
/// has the role of a template.
public final class Passages {
  private static final String GIVE = "Give one with words.";

  private final Model model;
  private final Tokenizer tokenizer;

  /// What a model is asked, also of one that has no checkpoint yet.
  ///
  /// @param tokenizer of the model
  public Passages(Model model, Tokenizer tokenizer) {
    this.model = model;
    this.tokenizer = tokenizer;
  }

  /// A question beside a passage, or beside a part of one that is too long to be read at once.
  ///
  /// @param prompt what is read
  /// @param tokens what each position is: the characters of its own text that it stands for
  /// @param first number of the first token of the passage that is in it
  public record Window(Prompt prompt, List<Encoding.Token> tokens, int first) {
    public Window {
      tokens = List.copyOf(tokens);
    }

    /// The words of a piece, as the passage has them.
    public String text(Piece piece) {
      return prompt
          .text()
          .substring(tokens.get(piece.start()).start(), tokens.get(piece.end()).end());
    }
  }

  /// Whether a model reads, and writes nothing.
  static boolean are(Model model) {
    return model instanceof TextReader;
  }

  /// The refusal of what only a model that writes can do.
  static LynceusException refused(Model model) {
    boolean pieces = model.decoder().config().answers() == TextConfig.Answers.SPANS;
    return new LynceusException(
        ErrorCode.UNSUPPORTED_MODEL,
        pieces
            ? "this model reads: it answers with a piece of a passage, and writes nothing"
            : "this model reads: it says words that were taken out of a text, and writes nothing",
        pieces
            ? "Ask it with `lynceus read`, and give a passage; what looks into it takes one with --passage."
            : "Ask it with `lynceus read --masked`; what looks into it takes the text as it is (--raw).");
  }

  /// The refusal of what only a model that reads can do.
  static LynceusException writing(String name) {
    return new LynceusException(
        ErrorCode.UNSUPPORTED_MODEL,
        name + " is no model that reads a passage, or says words that were taken out of a text",
        "Use a bert, electra or albert checkpoint; ask this one with ask.");
  }

  /// A question beside a whole passage.
  ///
  /// @throws LynceusException UNSUPPORTED_MODEL where the model does not answer with a piece of a
  ///   passage; BAD_REQUEST without words, or for more than the model reads at once
  public Prompt prompt(String question, String passage) {
    int most = model.decoder().config().maxPositions();
    List<Window> all = windows(question, passage, most, 0);
    if (all.size() > 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the passage is longer than the %d positions that this model reads at once"
              .formatted(most),
          "Read it in windows (read does), or shorten it.");
    }
    return all.getFirst().prompt();
  }

  /// A question beside a passage, in as many windows as it takes.
  ///
  /// @param length most positions of a window, the question and what is put around it included; cut
  ///   to what the model reads
  /// @param overlap tokens of the passage that a window has in common with the one before it
  /// @throws LynceusException as [#prompt(String, String)]
  public List<Window> windows(String question, String passage, int length, int overlap) {
    if (model.decoder().config().answers() != TextConfig.Answers.SPANS) {
      throw refused(model);
    }
    requireWords("question", question);
    requireWords("passage", passage);
    List<Encoding.Token> before = new ArrayList<>();
    List<Encoding.Token> words = new ArrayList<>();
    List<Encoding.Token> after = new ArrayList<>();
    for (Encoding.Token token : tokenizer.tokenizePair(question, passage).tokens()) {
      if (token.segment() == 0) {
        before.add(token);
      } else if (isAdded(token)) {
        after.add(token);
      } else {
        words.add(token);
      }
    }
    if (words.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          "the tokenizer makes one text of a question and a passage: nothing tells which words are the passage's",
          "Use the tokenizer files that belong to these weights.");
    }
    int most = Math.min(length, model.decoder().config().maxPositions());
    int room = most - before.size() - after.size();
    if (room < 1 || room <= overlap && words.size() > room) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the question leaves room for %d tokens of the passage in a window of %d, of which %d are read twice"
              .formatted(Math.max(0, room), most, overlap),
          "Shorten the question, let windows be longer or have less in common.");
    }
    List<Window> windows = new ArrayList<>();
    int start = 0;
    do {
      int end = Math.min(start + room, words.size());
      windows.add(window(question, passage, before, words.subList(start, end), after, start));
      start = end == words.size() ? end : start + room - overlap;
    } while (start < words.size());
    return windows;
  }

  private static void requireWords(String what, String text) {
    if (text.isBlank()) {
      throw new LynceusException(ErrorCode.BAD_REQUEST, "the " + what + " is empty", GIVE);
    }
  }

  private Window window(
      String question,
      String passage,
      List<Encoding.Token> before,
      List<Encoding.Token> words,
      List<Encoding.Token> after,
      int first) {
    List<Encoding.Token> all = new ArrayList<>(before);
    all.addAll(words);
    all.addAll(after);
    List<Spot> spots = new ArrayList<>();
    int[] counts = new int[Role.values().length];
    for (int p = 0; p < all.size(); p++) {
      Encoding.Token token = all.get(p);
      boolean read = p >= before.size() && p < before.size() + words.size();
      Role role = read ? Role.PASSAGE : isAdded(token) ? Role.TEMPLATE : Role.QUESTION;
      spots.add(new Spot(token.id(), role, counts[role.ordinal()]++, -1, token.segment()));
    }
    TokenMap map = new TokenMap(spots, List.of());
    return new Window(new Prompt(question, passage, map, List.of()), all, first);
  }

  /// Whether a token stands for no characters: the tokenizer put it there.
  private boolean isAdded(Encoding.Token token) {
    return token.start() == token.end() && tokenizer.isSpecial(token.id());
  }

  /// A text of which words may have been taken out.
  ///
  /// @throws LynceusException BAD_REQUEST without words
  public Prompt text(String text) {
    if (model.decoder().config().answers() != TextConfig.Answers.WORDS) {
      throw refused(model);
    }
    requireWords("text", text);
    OptionalInt mask = mask();
    List<Spot> spots = new ArrayList<>();
    int[] counts = new int[Role.values().length];
    for (Encoding.Token token : tokenizer.tokenize(text, true).tokens()) {
      Role role =
          mask.isPresent() && token.id() == mask.getAsInt()
              ? Role.MASK
              : isAdded(token) ? Role.TEMPLATE : Role.QUESTION;
      spots.add(new Spot(token.id(), role, counts[role.ordinal()]++, -1, token.segment()));
    }
    return new Prompt("", text, new TokenMap(spots, List.of()), List.of());
  }

  /// The same prompt with one of its words taken out.
  ///
  /// @throws LynceusException BAD_CHECKPOINT where the tokenizer has nothing that stands for a word
  ///   that was taken out
  public Prompt without(Prompt prompt, int position) {
    int mask =
        mask()
            .orElseThrow(() ->
                new LynceusException(
                    ErrorCode.BAD_CHECKPOINT,
                    "the tokenizer names no mask_token",
                    "Use the tokenizer files that belong to these weights."));
    List<Spot> spots = new ArrayList<>(prompt.tokens().spots());
    spots.set(position, new Spot(mask, Role.MASK, 0, -1, spots.get(position).segment()));
    TokenMap map = new TokenMap(spots, List.of());
    return new Prompt(prompt.question(), prompt.text(), map, List.of());
  }

  /// The token that stands for a word that was taken out.
  public OptionalInt mask() {
    return tokenizer.specialToken("mask_token").map(tokenizer::id).orElseGet(OptionalInt::empty);
  }
}
