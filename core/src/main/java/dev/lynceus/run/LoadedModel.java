package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageProcessor;
import dev.lynceus.image.InPrompt;
import dev.lynceus.image.RgbImage;
import dev.lynceus.model.Checkpoints;
import dev.lynceus.model.Model;
import dev.lynceus.model.Picture;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.model.catalog.Models;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.run.choice.GenerationSettings;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Device;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.text.ChatTemplate;
import dev.lynceus.text.Encoding;
import dev.lynceus.text.Message;
import dev.lynceus.text.Tokenizer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// A checkpoint ready to be asked: model, tokenizer, chat template, image processor.
///
/// ```java
/// try (LoadedModel model = LoadedModel.load("pupil", LoadOptions.DEFAULT)) {
///   Prompt prompt = model.prompt("What is the color of the dog?", model.picture("dog.png", image));
///   try (Generation answer = model.generate(prompt, GenerationOptions.DEFAULT, Capture.NONE)) {
///     System.out.println(answer.answer().text());
///   }
/// }
/// ```
///
/// **Threads.** Several threads may ask one model at the same time, each with runs of its own; a
/// run, a generation and a scope belong to the thread that uses them. Numbers do not depend on who
/// else asks. Threads share the processors, so they gain little where one uses all of them.
///
/// **Closing.** Weights stay where they were opened until this is closed. Then everything that
/// needs them refuses with BAD_REQUEST: runs, replays, sweeps, generations, prompts, pictures, the
/// tokenizer, and tensors that are views of weights. Passes that have begun end well: closing waits
/// for them, at most [#PATIENCE]; those that take longer keep the weights until they end. What a
/// run keeps is its own and stays until the run is closed. Closing twice does nothing.
///
/// **Files.** A weight file that was written to or shortened since it was loaded is refused before
/// a pass begins, and before what a pass gave is handed out, as far as its length and the time of
/// its last write tell; see [WeightStorage] for what that leaves open, and for copies that nobody
/// can reach.
public final class LoadedModel implements AutoCloseable {
  /// How long closing waits for passes that have begun.
  public static final Duration PATIENCE = Held.PATIENCE;

  private final Held<Model> held;
  private final Tokenizer tokenizer;
  private final Optional<ImageProcessor> processor;
  private final PromptBuilder prompts;
  private final Passes passes;
  private final GenerationSettings settings;
  private final LoadOptions.Reach reach;

  private LoadedModel(Held<Model> held, LoadOptions options) {
    this.held = held;
    Checkpoint checkpoint = held.checkpoint();
    Model model = held.model();
    Optional<VisionLanguageModel> eyes =
        model instanceof VisionLanguageModel seeing ? Optional.of(seeing) : Optional.empty();
    this.tokenizer = ModelFiles.tokenizer(checkpoint, model);
    this.processor = eyes.map(seeing -> ImageProcessor.load(checkpoint.folder()));
    this.prompts = PromptBuilder.of(model, tokenizer, eyes, checkpoint);
    this.passes = new Passes(model, held.compute());
    this.settings = ModelFiles.settings(checkpoint, model, options.choice());
    this.reach = options.reach();
  }

  /// Loads a model by the name of a bundled one, a folder, or `org/name[@revision]` in the local
  /// Hugging Face cache.
  ///
  /// @throws LynceusException MODEL_NOT_FOUND, BAD_CHECKPOINT or UNSUPPORTED_MODEL
  public static LoadedModel load(String name, LoadOptions options) {
    return open(name, Checkpoints.locate(name), options);
  }

  /// Loads the checkpoint of a folder.
  public static LoadedModel load(Path folder, LoadOptions options) {
    return open(folder.toString(), folder, options);
  }

  private static LoadedModel open(String name, Path folder, LoadOptions options) {
    return Held.open(
        name,
        folder,
        options,
        (checkpoint, weights) -> Models.build(checkpoint, weights, options.imageScale()),
        held -> new LoadedModel(held, options));
  }

  /// The name that it was loaded by.
  public String name() {
    return held.name();
  }

  /// The files.
  public Checkpoint checkpoint() {
    return held.checkpoint();
  }

  /// What is odd about the files and settings, though it does not stop the model, and what was
  /// chosen for speed where that was asked for: a sentence each, empty for most. Whoever shows
  /// results shows these, too.
  public List<String> notes() {
    return held.notes();
  }

  /// Tower and decoder.
  public Model model() {
    return held.model();
  }

  public Tokenizer tokenizer() {
    held.requireOpen();
    return tokenizer;
  }

  /// What turns pictures into the tower's input; empty for a text-only model.
  public Optional<ImageProcessor> processor() {
    held.requireOpen();
    return processor;
  }

  /// Where it computes.
  public Device device() {
    return held.device();
  }

  /// Type of the arithmetic.
  public DType computeType() {
    return passes.dtype();
  }

  /// Type of the decoder weights as they are held; those that were widened once are float32.
  public DType weightsType() {
    return model().decoder().weights().layers().getFirst().attention().query().weight().dtype();
  }

  /// What the checkpoint says about generating; only its end tokens where the most probable token
  /// is always taken.
  public GenerationSettings settings() {
    return settings;
  }

  /// What a reader should know about how this model answers, one sentence each: settings that
  /// decide or are left out, and where `asks` is true the lack of a chat template.
  ///
  /// @param drawn whether tokens are drawn
  /// @param asks whether questions are asked, not raw prompts continued
  public List<String> notes(boolean drawn, boolean asks) {
    if (Passages.are(model())) {
      return List.of();
    }
    List<String> notes = new ArrayList<>(settings.notes(drawn));
    if (asks) {
      notes.addAll(ChoiceNotes.template(this));
    }
    return notes;
  }

  /// The same about a greedy answer, with what lies outside of what the model was made for, and the
  /// tokens that a setting chose, not the model alone.
  public List<String> notes(Prompt prompt, Generation.Answer answer) {
    return ChoiceNotes.of(this, prompt, answer);
  }

  /// Which tokens of a greedy answer a setting chose, not the model alone; empty if none.
  public List<String> overruled(Generation.Answer answer) {
    return ChoiceNotes.overruled(tokenizer, answer);
  }

  /// The chat template.
  public ChatTemplate template() {
    return prompts.template();
  }

  /// How long a sequence may become.
  LoadOptions.Reach reach() {
    return reach;
  }

  /// Single passes.
  Passes passes() {
    return passes;
  }

  /// The id that fills batches.
  int padId() {
    return tokenizer.padId().orElse(0);
  }

  /// Processes a picture for this model.
  ///
  /// @throws LynceusException UNSUPPORTED_MODEL for a text-only model
  public Picture picture(String label, RgbImage image) {
    return Picture.of(label, image, sight());
  }

  /// The same of a picture that is seen in one way, whether or not others are in its prompt.
  public Picture picture(String label, RgbImage image, InPrompt place) {
    return Picture.of(label, image, sight(), place);
  }

  private ImageProcessor sight() {
    held.requireOpen();
    return processor.orElseThrow(() ->
        new LynceusException(
            ErrorCode.UNSUPPORTED_MODEL,
            name() + " takes text only, and the question comes with a picture",
            Passages.are(model())
                ? "Ask it with `lynceus read`, or choose a vision-language model."
                : "Leave the picture out, or choose a vision-language model."));
  }

  /// What was seen of all pictures of a prompt, in the order of [dev.lynceus.tap.TokenMap#views]
  /// and of the images of an explanation: one for each picture, or several for models that also see
  /// tiles of it.
  public List<SeenView> views(List<Picture> pictures) {
    held.requireOpen();
    return pictures.stream()
        .map(picture -> picture.among(pictures.size()))
        .flatMap(picture -> SeenView.of((VisionLanguageModel) model(), picture))
        .toList();
  }

  /// Whether the model was taught a word, in small letters; true where nobody knows what it was
  /// taught.
  public boolean knows(String word) {
    return prompts.knows(word);
  }

  /// A question about some pictures, in the chat template of the model.
  public Prompt prompt(String question, Picture... pictures) {
    return prompt(List.of(PromptBuilder.user(List.of(pictures), question)), List.of(pictures), "");
  }

  /// A question whose answer begins with given words.
  public Prompt prompt(String question, List<Picture> pictures, String start) {
    return prompt(List.of(PromptBuilder.user(pictures, question)), pictures, start);
  }

  /// A message of somebody who shows some pictures and asks about them.
  public static Message message(List<Picture> pictures, String words) {
    return PromptBuilder.user(pictures, words);
  }

  /// The next turn of a conversation.
  ///
  /// @param pictures of all turns, in order
  /// @param start words that the answer begins with; may be empty
  public Prompt prompt(List<Message> messages, List<Picture> pictures, String start) {
    held.requireOpen();
    return prompts.chat(messages, pictures, start);
  }

  /// A prompt of raw text, in which the image token stands for each picture.
  public Prompt raw(String text, Picture... pictures) {
    held.requireOpen();
    return prompts.raw(text, List.of(pictures));
  }

  /// What a model that reads a text whole is asked: a passage, or a text with words taken out.
  ///
  /// @throws LynceusException UNSUPPORTED_MODEL for a model that writes
  public Passages passages() {
    held.requireOpen();
    return prompts.passages().orElseThrow(() -> Passages.writing(name()));
  }

  /// Token ids of the text of a prompt, in which a placeholder still stands for each picture.
  public int[] textIds(String text) {
    held.requireOpen();
    return prompts.tokenized(text).tokens().stream().mapToInt(Encoding.Token::id).toArray();
  }

  /// Leave to use this model until it is given back: calls inside it do not fail because another
  /// thread closes the model between them.
  ///
  /// @throws LynceusException BAD_REQUEST where the model was closed
  public Lease lease() {
    return held.lease();
  }

  /// One pass over a prompt.
  public Run run(Prompt prompt, Capture capture, Intervention... interventions) {
    return run(Batch.of(prompt), capture, List.of(interventions));
  }

  /// One pass over a batch.
  ///
  /// @throws LynceusException OUT_OF_MEMORY if the capture would pass its budget; BAD_POINT if
  ///   something that was asked for did not occur
  public Run run(Batch batch, Capture capture, List<Intervention> interventions) {
    return held.leased(
        () -> new Execution(this, passes, batch, capture, interventions).prompt(), Run::close);
  }

  /// Generates an answer, greedily up to 64 tokens by default.
  public Generation generate(Prompt prompt, GenerationOptions options, Capture capture) {
    return generate(prompt, options, capture, AnswerListener.NONE);
  }

  /// The same, with somebody who is told of it, and may end it after every pass.
  public Generation generate(
      Prompt prompt, GenerationOptions options, Capture capture, AnswerListener listener) {
    return generate(Batch.of(prompt), options, capture, List.of(), listener);
  }

  /// Generates an answer against a second prompt; see [Contrast]. Log probabilities of the answer
  /// are those of the contrasted logits, and the run is that of the first prompt.
  public Generation generate(Prompt prompt, Contrast contrast, GenerationOptions options) {
    return held.leased(
        () ->
            new Execution(this, passes, Batch.of(prompt), Capture.NONE, List.of())
                .generate(options, AnswerListener.NONE, contrast),
        Generation::close);
  }

  /// Generates an answer, and tells of each token what it is to the same model under changes; see
  /// [Altered].
  public Generation generate(
      Prompt prompt, GenerationOptions options, AnswerListener listener, Altered altered) {
    return held.leased(
        () ->
            new Execution(this, passes, Batch.of(prompt), Capture.NONE, List.of())
                .generate(options, listener, altered),
        Generation::close);
  }

  /// Generates answers for a batch. Captures and interventions hold for the prompt and for every
  /// decoding step; positions are those of the left-padded sequence.
  ///
  /// @param listener told the text of the first answer as it comes, and of every pass
  public Generation generate(
      Batch batch,
      GenerationOptions options,
      Capture capture,
      List<Intervention> interventions,
      AnswerListener listener) {
    Batch left = batch.isPlain() ? batch : Batch.of(batch.prompts(), Batch.Padding.LEFT, padId());
    return held.leased(
        () -> new Execution(this, passes, left, capture, interventions).generate(options, listener),
        Generation::close);
  }

  /// See [Run#replay(List, Capture)].
  Run replay(Run run, List<Intervention> changes, Capture capture) {
    return held.leased(() -> Replays.replay(this, passes, run, changes, capture), Run::close);
  }

  /// One pass that serves several replays of a run.
  Resumption.Result resume(Run run, Start start, List<Tap> taps, boolean logits) {
    int last = run.batch().length() - 1;
    boolean even =
        IntStream.range(0, run.batch().size()).allMatch(row -> run.batch().answering(row) == last);
    TextStack.Rows rows = even && logits ? TextStack.Rows.LAST_IF_UNSEEN : TextStack.Rows.ALL;
    // What it gives belongs to the scope of the caller.
    return held.leased(() -> new Resumption(passes, run, start, rows).run(taps, logits));
  }

  /// Closes, once the passes that have begun have ended; see the class.
  @Override
  public void close() {
    held.close();
  }
}
