package dev.lynceus.text;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.text.safe.TokenizerCheck;
import dev.lynceus.text.safe.TokenizerDefect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The tokenizer of a checkpoint: text to token ids and back, as its `tokenizer.json` says.
///
/// The ids are those of the `tokenizers` library on that file. Some Python classes change the
/// file's rules while they load it; docs/reference/text.md names the difference. Immutable and safe
/// for several threads; native memory goes with the object.
public final class Tokenizer {
  /// Texts after which a word is tried as a continuation; the first that merges with nothing is
  /// taken.
  private static final List<String> ANCHORS = List.of(":", "a", ")", "1", ".", "\n");

  private final NativeTokenizer library;
  private final Vocabulary vocabulary;
  private final PieceDecoder decoder;
  private final TextDecoder textDecoder;
  private final SpecialTokens special;
  private final @Nullable Integer addedBos;
  private final Rows rows;

  /// The rows of an embedding.
  ///
  /// @param count number of rows
  /// @param placeholder id of the placeholder of pictures, whose row is never read; -1 without one
  private record Rows(int count, int placeholder) {
    static final Rows ANY = new Rows(Integer.MAX_VALUE, -1);
  }

  private Tokenizer(
      NativeTokenizer library,
      Vocabulary vocabulary,
      PieceDecoder decoder,
      TextDecoder textDecoder,
      SpecialTokens special,
      Rows rows) {
    this.library = library;
    this.vocabulary = vocabulary;
    this.decoder = decoder;
    this.textDecoder = textDecoder;
    this.special = special;
    this.rows = rows;
    this.addedBos = findAddedBos();
  }

  /// Reads the tokenizer of a checkpoint folder.
  ///
  /// @param folder holds `tokenizer.json` and, where present, `tokenizer_config.json`,
  ///   `special_tokens_map.json`, `added_tokens.json` and `generation_config.json`
  /// @throws LynceusException `MODEL_NOT_FOUND` without a `tokenizer.json`, `BAD_CHECKPOINT` if a
  ///   file is broken
  public static Tokenizer load(Path folder) {
    SpecialTokens special = SpecialTokens.read(folder);
    TokenizerJson file = TokenizerJson.read(folder, special);
    String name = folder.resolve("tokenizer.json").toString();
    int longest = file.check().longestText();
    try {
      refuseVanishing(file.check(), name);
      JsonNode decoder = file.root().path("decoder");
      return new Tokenizer(
          NativeTokenizer.of(file.json(), name, longest),
          Vocabulary.of(file.root(), file.check().ids()),
          PieceDecoder.of(decoder),
          TextDecoder.of(decoder, name),
          special,
          Rows.ANY);
    } catch (TokenizerDefect defect) {
      throw NativeTokenizer.unreadable(name, String.valueOf(defect.getMessage()), defect);
    }
  }

  /// Refuses added tokens of which the normaliser leaves nothing: the library would find them
  /// between the bytes of a character, and end the process.
  private static void refuseVanishing(TokenizerCheck check, String name) {
    if (check.normalized().isEmpty()) {
      return;
    }
    ObjectNode probe = check.root().deepCopy();
    probe.putArray("added_tokens");
    probe.putNull("pre_tokenizer");
    probe.putNull("post_processor");
    ObjectNode model = probe.putObject("model");
    model.put("type", "WordLevel").put("unk_token", "?").putObject("vocab").put("?", 0);
    NativeTokenizer normalizer = NativeTokenizer.of(probe.toString(), name, check.longestText());
    for (String content : check.normalized()) {
      if (normalizer.encode(content, null, false).ids().length == 0) {
        throw new TokenizerDefect(
            "its normalizer leaves nothing of the added token '" + content + "'");
      }
    }
  }

  /// The same for a model whose embedding has a row for the first ids only: a text with a token
  /// beyond it is refused.
  ///
  /// @param count rows of the embedding
  /// @param placeholder id of the placeholder of pictures, which needs no row; -1 without one
  public Tokenizer within(int count, int placeholder) {
    return new Tokenizer(
        library, vocabulary, decoder, textDecoder, special, new Rows(count, placeholder));
  }

  /// The same with a name for a token that the model has and the tokenizer's file does not: no text
  /// becomes it, and it becomes no text.
  public Tokenizer naming(int id, String piece) {
    return new Tokenizer(library, vocabulary.with(id, piece), decoder, textDecoder, special, rows);
  }

  /// The BOS id that has to be put in front because the file's post-processor does not.
  private @Nullable Integer findAddedBos() {
    OptionalInt bos = bosId();
    if (special.beginning() != SpecialTokens.Beginning.ADD || bos.isEmpty()) {
      return null;
    }
    long[] empty = library.encode("", null, true).ids();
    boolean present = Arrays.stream(empty).anyMatch(id -> id == bos.getAsInt());
    return present ? null : bos.getAsInt();
  }

  /// Token ids of a text, with the special tokens that the model expects around it.
  public int[] encode(String text) {
    return encode(text, true);
  }

  /// Token ids of a text.
  ///
  /// @param withSpecialTokens whether to add what the post-processor adds, such as BOS or `[CLS]`;
  ///   special tokens written in the text are recognised in either case
  public int[] encode(String text, boolean withSpecialTokens) {
    return tokenize(text, withSpecialTokens).ids();
  }

  /// Token ids of a text that a chat template rendered: BOS is not added where the text begins with
  /// it.
  public int[] encodeChat(String text) {
    return encode(text, !beginsWithBos(text));
  }

  private boolean beginsWithBos(String text) {
    Optional<String> bos = specialToken("bos_token");
    return bos.isPresent() && !bos.get().isEmpty() && text.startsWith(bos.get());
  }

  /// The tokens of a text with the characters that each stands for.
  public Encoding tokenize(String text, boolean withSpecialTokens) {
    Encoding encoding = convert(library.encode(text, null, withSpecialTokens), text, "");
    if (addedBos == null || !withSpecialTokens) {
      return inRows(encoding);
    }
    List<Encoding.Token> tokens = new ArrayList<>(encoding.tokens());
    tokens.addFirst(new Encoding.Token(addedBos, piece(addedBos), 0, 0, 0));
    return inRows(new Encoding(tokens));
  }

  private Encoding inRows(Encoding encoding) {
    for (Encoding.Token token : encoding.tokens()) {
      if (token.id() >= rows.count && token.id() != rows.placeholder) {
        throw new LynceusException(
            ErrorCode.BAD_CHECKPOINT,
            "token '%s' has id %d, and the model's embedding has rows 0 to %d only"
                .formatted(token.piece(), token.id(), rows.count - 1),
            "Use the tokenizer files that belong to these weights, or leave the token out of the text.");
      }
    }
    return encoding;
  }

  /// The tokens of a pair, such as a question and a passage, as the post-processor joins them.
  public Encoding tokenizePair(String first, String second) {
    return convert(library.encode(first, second, true), first, second);
  }

  /// The library counts offsets in code points; Java counts UTF-16 units.
  private static Encoding convert(NativeTokenizer.Raw raw, String first, String second) {
    int[][] units = {utf16Offsets(first), utf16Offsets(second)};
    List<Encoding.Token> tokens = new ArrayList<>(raw.ids().length);
    for (int i = 0; i < raw.ids().length; i++) {
      int segment = (int) raw.segments()[i];
      int[] unit = units[Math.min(segment, 1)];
      int start = unit[Math.min(raw.starts()[i], unit.length - 1)];
      int end = unit[Math.min(raw.ends()[i], unit.length - 1)];
      tokens.add(
          new Encoding.Token(Math.toIntExact(raw.ids()[i]), raw.pieces()[i], start, end, segment));
    }
    return new Encoding(tokens);
  }

  private static int[] utf16Offsets(String text) {
    int[] offsets = new int[text.codePointCount(0, text.length()) + 1];
    for (int i = 1; i < offsets.length; i++) {
      offsets[i] = text.offsetByCodePoints(offsets[i - 1], 1);
    }
    return offsets;
  }

  /// The text of ids, special tokens included.
  ///
  /// @throws LynceusException `BAD_REQUEST` if an id is no token
  public String decode(int[] ids) {
    return textDecoder.decode(pieces(ids, false));
  }

  /// The text of ids without the special tokens: what an answer reads like.
  ///
  /// @throws LynceusException `BAD_REQUEST` if an id is no token
  public String decodeSkippingSpecial(int[] ids) {
    return textDecoder.decode(pieces(ids, true));
  }

  private List<String> pieces(int[] ids, boolean withoutSpecial) {
    List<String> pieces = new ArrayList<>(ids.length);
    for (int id : ids) {
      String piece = piece(id);
      if (!(withoutSpecial && isSpecial(id))) {
        pieces.add(piece);
      }
    }
    return pieces;
  }

  /// A decoder for tokens that come one by one, continuing a text.
  public TextStream stream() {
    return new TextStream(this);
  }

  /// The raw piece of a token, for example `▁brown`, `Ġbrown`, `##ing` or `<0xE2>`.
  ///
  /// @throws LynceusException `BAD_REQUEST` if the id is no token
  public String piece(int id) {
    String piece = vocabulary.piece(id);
    if (piece == null) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "Token id " + id + " is not in the vocabulary of " + vocabularySize() + " tokens",
          "Give an id from 0 to "
              + (vocabularySize() - 1)
              + "; a model may have unused rows above.");
    }
    return piece;
  }

  /// What a reader should see for one token in the middle of a text: a leading space is a space, a
  /// special token its own name, and a byte that is only part of a character `<0xE2>`.
  ///
  /// @throws LynceusException `BAD_REQUEST` if the id is no token
  public String text(int id) {
    return isSpecial(id) ? piece(id) : Utf8.show(bytes(id));
  }

  /// What a reader should see for a row of a model's output layer: the token, or `[59]` for a row
  /// that is none, since models have more rows than tokens.
  public String shown(int id) {
    return hasPiece(id) ? text(id) : "[" + id + "]";
  }

  /// The bytes that a token adds to a running text; they need not be whole characters.
  ///
  /// @throws LynceusException `BAD_REQUEST` if the id is no token
  public byte[] bytes(int id) {
    return decoder.bytes(piece(id));
  }

  /// Number of ids, added tokens included: the largest id plus one. A model may have more rows.
  public int vocabularySize() {
    return vocabulary.size();
  }

  /// Whether an id has a piece; vocabularies may have holes.
  public boolean hasPiece(int id) {
    return vocabulary.piece(id) != null;
  }

  /// The id of a raw piece, empty if the vocabulary lacks it.
  public OptionalInt id(String piece) {
    return vocabulary.id(piece);
  }

  /// Ids of all special tokens, in order.
  public Set<Integer> specialIds() {
    return vocabulary.special();
  }

  /// Whether the id is a special token such as BOS or the image token.
  public boolean isSpecial(int id) {
    return vocabulary.special().contains(id);
  }

  /// The text of a special token by its role, for example `bos_token`, `image_token`.
  public Optional<String> specialToken(String role) {
    return Optional.ofNullable(special.names().get(role));
  }

  /// All special tokens by role, as chat templates see them.
  public Map<String, String> specialTokens() {
    return special.names();
  }

  /// The id that begins a text, empty if this tokenizer has none. Where the folder names no special
  /// token at all, `bos_token_id` of `generation_config.json` is taken.
  public OptionalInt bosId() {
    if (special.names().isEmpty()) {
      return special.generationBos().stream().mapToInt(Integer::intValue).findFirst();
    }
    return specialToken("bos_token").map(this::id).orElseGet(OptionalInt::empty);
  }

  /// The id that fills a batch, from `pad_token`, else from `generation_config.json`.
  public OptionalInt padId() {
    OptionalInt named = specialToken("pad_token").map(this::id).orElseGet(OptionalInt::empty);
    return named.isPresent()
        ? named
        : special.generationPad().stream().mapToInt(Integer::intValue).findFirst();
  }

  /// Ids of a word as it would continue a text after a space: " brown" for `brown`. This is the
  /// form in which a model answers, so it is the form of a target.
  ///
  /// @param word one or several words; spaces around them do not matter
  /// @throws LynceusException `BAD_REQUEST` if the word is blank
  public List<Integer> wordIds(String word) {
    if (word.isBlank()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "The word is empty", "Give a word, for example brown.");
    }
    return continuationIds(" " + word.strip());
  }

  /// Ids of a text exactly as it would continue another one, without a space of its own.
  public List<Integer> continuationIds(String text) {
    for (String anchor : ANCHORS) {
      int[] before = encode(anchor, false);
      int[] whole = encode(anchor + text, false);
      boolean continues =
          before.length > 0
              && whole.length > before.length
              && Arrays.equals(before, Arrays.copyOf(whole, before.length));
      if (continues) {
        return IntStream.of(whole).skip(before.length).boxed().toList();
      }
    }
    return IntStream.of(encode(text, false)).boxed().toList();
  }
}
