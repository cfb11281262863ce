package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.model.Model;
import dev.lynceus.model.Picture;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tap.TokenMap.Role;
import dev.lynceus.tap.TokenMap.Spot;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.text.ChatTemplate;
import dev.lynceus.text.Content;
import dev.lynceus.text.Encoding;
import dev.lynceus.text.Message;
import dev.lynceus.text.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// Makes prompts: renders the chat template, tokenises, puts one position for each visual token in
/// the place of every placeholder, and writes down what each position is. Checkpoints whose
/// processor expands placeholders and those whose model does give the same positions.
final class PromptBuilder {
  /// Characters that a template may put around a conversation. A shorter question would not help.
  private static final int MOST_AROUND = 100_000;

  private final Model model;
  private final Optional<Passages> passages;
  private final Tokenizer tokenizer;
  private final ChatTemplate template;
  private final Optional<VisionLanguageModel> eyes;
  private final Optional<Tokenizer> instruction;
  private final Optional<Domain> domain;
  private final Optional<ReadingPrompts> reading;

  /// Reads what it needs from the folder of a checkpoint.
  static PromptBuilder of(
      Model model, Tokenizer tokenizer, Optional<VisionLanguageModel> eyes, Checkpoint checkpoint) {
    return new PromptBuilder(
        model,
        tokenizer,
        ChatTemplate.of(checkpoint.folder()),
        eyes,
        eyes.flatMap(VisionLanguageModel::instructionTokenizer)
            .map(folder -> Tokenizer.load(checkpoint.folder().resolve(folder))),
        Domain.of(checkpoint));
  }

  /// @param instruction of the words that are read beside a picture, where there are such
  private PromptBuilder(
      Model model,
      Tokenizer tokenizer,
      ChatTemplate template,
      Optional<VisionLanguageModel> eyes,
      Optional<Tokenizer> instruction,
      Optional<Domain> domain) {
    this.model = model;
    this.passages =
        Passages.are(model) ? Optional.of(new Passages(model, tokenizer)) : Optional.empty();
    this.tokenizer = tokenizer;
    this.template = template;
    this.eyes = eyes;
    this.instruction = instruction;
    this.domain = domain;
    this.reading =
        eyes.filter(sees -> sees.reading().isPresent())
            .map(sees -> new ReadingPrompts(tokenizer, sees));
  }

  /// Whether the model was taught a word, in small letters; true where nobody knows.
  boolean knows(String word) {
    return domain.map(made -> made.knows(word)).orElse(true);
  }

  /// What a model that reads a text whole is asked; empty for one that writes.
  Optional<Passages> passages() {
    return passages;
  }

  /// The chat template.
  ChatTemplate template() {
    return template;
  }

  /// A prompt from a conversation whose last message is the question.
  ///
  /// @param start words that the answer begins with, already given; may be empty
  Prompt chat(List<Message> messages, List<Picture> pictures, String start) {
    if (passages.isPresent()) {
      throw Passages.refused(model);
    }
    String question = messages.getLast().text();
    if (reading.isPresent()) {
      return read(messages, pictures, start);
    }
    if (question.isBlank()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the question is empty",
          "Ask something, for example \"What is in the picture?\".");
    }
    for (Message message : messages) {
      asWords(message.role().equals("user") ? "the question" : "a message", message.text());
    }
    asWords("the beginning of the answer", start);
    String text = template.render(messages, true);
    long said = messages.stream().mapToLong(message -> message.text().length()).sum();
    if (text.length() > MOST_AROUND + 10 * said) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          "%s makes a text of %d characters from a conversation of %d"
              .formatted(template.origin(), text.length(), said),
          "Correct the template, or give the prompt as plain text (--raw).");
    }
    List<RgbImage> seen = pictures.stream().map(Picture::original).toList();
    List<String> outside = domain.map(made -> made.outside(messages, seen)).orElse(List.of());
    String whole = written(text);
    TokenMap beside = pictures.isEmpty() ? TokenMap.NONE : beside(text, question);
    return build(
        whole + separator(whole, start) + start,
        messages.getLast().texts(),
        pictures,
        outside,
        beside);
  }

  /// A question to a model whose decoder reads what left an earlier stack.
  private Prompt read(List<Message> messages, List<Picture> pictures, String start) {
    if (messages.size() > 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "this model answers one question about one picture, and this is a conversation",
          "Ask the question alone.");
    }
    List<RgbImage> seen = pictures.stream().map(Picture::original).toList();
    List<String> outside = domain.map(made -> made.outside(messages, seen)).orElse(List.of());
    return reading.orElseThrow().of(messages.getLast().text(), pictures, start, outside);
  }

  /// Refuses words that hold what stands for a picture: it would be taken for one.
  private void asWords(String what, String words) {
    if (IntStream.of(tokenizer.encode(words, false)).anyMatch(this::isPlaceholder)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          what + " itself holds " + template.imageToken() + ", which stands for a picture",
          "Write it in other words, or give the whole prompt (--raw) with "
              + template.imageToken()
              + " once for each picture.");
    }
  }

  /// A prompt from raw text in which the image token stands for each picture.
  Prompt raw(String text, List<Picture> pictures) {
    if (passages.isPresent()) {
      return passages.get().text(text);
    }
    if (reading.isPresent()) {
      return reading.get().of(text, pictures, "", List.of());
    }
    if (text.isBlank()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the prompt is empty",
          "Give the text that the model shall continue.");
    }
    String whole =
        eyes.map(model -> model.withPlaceholders(text, template.imageToken(), pictures.size()))
            .orElse(text);
    TokenMap beside = pictures.isEmpty() ? TokenMap.NONE : beside(whole, "");
    return build(written(whole), List.of(), pictures, List.of(), beside);
  }

  /// A message of pictures and words.
  static Message user(List<Picture> pictures, String words) {
    List<Content> content = new ArrayList<>();
    for (Picture picture : pictures) {
      content.add(picture.isVideo() ? new Content.Video() : new Content.Image());
    }
    content.add(new Content.Text(words));
    return new Message("user", content);
  }

  private static String separator(String text, String start) {
    boolean joined =
        start.isEmpty() || text.isEmpty() || Character.isWhitespace(text.charAt(text.length() - 1));
    return joined ? "" : " ";
  }

  /// The words of a prompt as they are read beside its pictures.
  private TokenMap beside(String text, String question) {
    if (instruction.isEmpty()) {
      return TokenMap.NONE;
    }
    String words = text.replace(template.imageToken(), "");
    int from = question.isEmpty() ? -1 : words.lastIndexOf(question);
    int until = from + question.length();
    List<Spot> spots = new ArrayList<>();
    int asked = 0;
    int around = 0;
    for (Encoding.Token token : instruction.get().tokenize(words, true).tokens()) {
      spots.add(
          within(token, from, until)
              ? new Spot(token.id(), Role.QUESTION, asked++, -1)
              : new Spot(token.id(), Role.TEMPLATE, around++, -1));
    }
    return new TokenMap(spots, List.of());
  }

  /// Whether a token is part of some words of the text.
  ///
  /// @param from where they begin; below 0 if they are not there
  private static boolean within(Encoding.Token token, int from, int until) {
    return from >= 0 && token.end() > from && token.start() < until && token.end() > token.start();
  }

  /// Where the parts of a question stand in a text: each the last place before that of the next.
  private static List<int[]> places(String text, List<String> parts) {
    List<int[]> places = new ArrayList<>();
    int end = text.length();
    for (String part : parts.reversed()) {
      int from = part.isEmpty() ? -1 : text.lastIndexOf(part, end - part.length());
      if (from >= 0) {
        places.add(new int[] {from, from + part.length()});
        end = from;
      }
    }
    return places;
  }

  /// @param asked the question; in several parts, where pictures stand among its words
  private Prompt build(
      String text, List<String> asked, List<Picture> given, List<String> outside, TokenMap beside) {
    eyes.ifPresent(model -> model.require(given));
    int still = (int) given.stream().filter(picture -> !picture.isVideo()).count();
    List<Picture> pictures =
        given.stream().map(picture -> picture.among(Math.max(1, still))).toList();
    List<TokenMap.ImageGrid> expected =
        pictures.stream().map(picture -> eyes.orElseThrow().grid(picture)).toList();
    String whole = spelled(text, pictures);
    boolean spelled = !whole.equals(text);
    Encoding encoding = tokenized(whole);
    inOrder(encoding, pictures);
    List<int[]> places = places(whole, asked);
    List<TokenMap.ImageGrid> grids = new ArrayList<>();
    List<Spot> spots = new ArrayList<>();
    int words = 0;
    int around = 0;
    int image = 0;
    int slot = 0;
    for (Encoding.Token token : encoding.tokens()) {
      if (isSlot(token.id()) && spelled && image < pictures.size()) {
        spots.add(new Spot(token.id(), Role.IMAGE, slot++, image));
        if (slot == expected.get(image).tokens()) {
          grids.add(expected.get(image++));
          slot = 0;
        }
      } else if (spelled ? isSlot(token.id()) : isPlaceholder(token.id())) {
        if (image < pictures.size()) {
          TokenMap.ImageGrid grid = expected.get(image);
          grids.add(grid);
          for (int p = 0; p < grid.tokens(); p++) {
            spots.add(new Spot(token.id(), Role.IMAGE, p, image));
          }
        }
        image++;
      } else if (places.stream().anyMatch(place -> within(token, place[0], place[1]))) {
        spots.add(new Spot(token.id(), Role.QUESTION, words++, -1));
      } else {
        spots.add(new Spot(token.id(), Role.TEMPLATE, around++, -1));
      }
    }
    if (image != pictures.size()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the prompt has %d image placeholder%s for %d picture%s"
              .formatted(
                  image, image == 1 ? "" : "s", pictures.size(), pictures.size() == 1 ? "" : "s"),
          "Write " + template.imageToken() + " once for each picture, or use the chat template.");
    }
    if (spots.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "the prompt has no tokens", "Give some text.");
    }
    String question = String.join("", new LinkedHashSet<>(asked));
    return new Prompt(question, text, new TokenMap(spots, grids), pictures, outside, beside);
  }

  /// Requires that what stands for a video has one, and what stands for a picture a picture.
  private void inOrder(Encoding encoding, List<Picture> pictures) {
    OptionalInt video = videoToken();
    if (video.isEmpty()) {
      return;
    }
    List<Boolean> marks =
        encoding.tokens().stream()
            .filter(token -> isPlaceholder(token.id()))
            .map(token -> token.id() == video.getAsInt())
            .toList();
    for (int i = 0; i < marks.size(); i++) {
      boolean wanted = marks.get(i);
      if (i < pictures.size() ? pictures.get(i).isVideo() != wanted : wanted) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "the prompt holds %s in place %d of its pictures, and %s there"
                .formatted(
                    wanted ? template.videoToken() : template.imageToken(),
                    i + 1,
                    i >= pictures.size() ? "nothing is" : wanted ? "a picture is" : "a video is"),
            "Write %s for each video and %s for each picture, in their order."
                .formatted(template.videoToken(), template.imageToken()));
      }
    }
  }

  private OptionalInt videoToken() {
    return eyes.map(VisionLanguageModel::videoToken).orElse(OptionalInt.empty());
  }

  /// A text with what the tokenizer puts around it, unless it begins with that already.
  Encoding tokenized(String text) {
    String bos = beginning();
    String words = text;
    while (eyes.isPresent() && words.startsWith(template.imageToken())) {
      words = words.substring(template.imageToken().length());
    }
    boolean begun = !bos.isEmpty() && (text.startsWith(bos) || words.startsWith(bos));
    return tokenizer.tokenize(text, !begun);
  }

  private String beginning() {
    return tokenizer.specialToken("bos_token").orElse("");
  }

  private String written(String text) {
    return eyes.map(model -> model.written(text, template.imageToken(), beginning())).orElse(text);
  }

  /// The text with what the processor writes for each picture, where it writes more than a
  /// placeholder. One picture too many or too few is told by the count of placeholders.
  private String spelled(String text, List<Picture> pictures) {
    String placeholder = template.imageToken();
    StringBuilder whole = new StringBuilder();
    int from = 0;
    for (Picture picture : pictures) {
      String written =
          eyes.orElseThrow().spelled(picture, placeholder, tokenizer::piece).orElse(placeholder);
      int at = text.indexOf(placeholder, from);
      if (at < 0) {
        return text;
      }
      whole.append(text, from, at).append(written);
      from = at + placeholder.length();
    }
    return text.indexOf(placeholder, from) < 0
        ? whole.append(text, from, text.length()).toString()
        : text;
  }

  private boolean isSlot(int id) {
    return eyes.isPresent() && eyes.get().imageToken() == id;
  }

  /// Whether a token stands for a picture, or for a part of one.
  private boolean isPlaceholder(int id) {
    OptionalInt mark = eyes.map(VisionLanguageModel::mark).orElse(OptionalInt.empty());
    OptionalInt video = videoToken();
    return isSlot(id)
        || mark.isPresent() && mark.getAsInt() == id
        || video.isPresent() && video.getAsInt() == id;
  }
}
