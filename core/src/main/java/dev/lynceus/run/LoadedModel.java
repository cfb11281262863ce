package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageProcessor;
import dev.lynceus.image.RgbImage;
import dev.lynceus.model.Checkpoints;
import dev.lynceus.model.Model;
import dev.lynceus.model.Models;
import dev.lynceus.model.Picture;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.model.llama.Llama;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Device;
import dev.lynceus.tensor.NativeMemory;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.text.ChatTemplate;
import dev.lynceus.text.Message;
import dev.lynceus.text.Tokenizer;
import java.nio.file.Path;
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
/// Weights stay mapped from the files until this is closed. One thread at a time.
public final class LoadedModel implements AutoCloseable {
  /// Bytes of weights from which on fresh pages for large blocks cost nothing beside the products.
  private static final long LARGE = 4L << 30;

  private final String name;
  private final Checkpoint checkpoint;
  private final Model model;
  private final Tokenizer tokenizer;
  private final Optional<ImageProcessor> processor;
  private final PromptBuilder prompts;
  private final Passes passes;
  private final Device device;

  private LoadedModel(String name, Checkpoint checkpoint, LoadOptions options) {
    this.name = name;
    this.checkpoint = checkpoint;
    this.device = options.device();
    if (device.kind() != Device.Kind.CPU) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a model on " + device + ": this version computes on the processor only",
          "Load it with Device.CPU.");
    }
    this.model = Models.build(checkpoint, options.imageScale());
    this.tokenizer = Tokenizer.load(checkpoint.folder());
    Optional<VisionLanguageModel> eyes =
        model instanceof VisionLanguageModel seeing ? Optional.of(seeing) : Optional.empty();
    this.processor = eyes.map(seeing -> ImageProcessor.load(checkpoint.folder()));
    this.prompts = new PromptBuilder(tokenizer, ChatTemplate.of(checkpoint.folder()), eyes);
    this.passes = new Passes(model, options.compute().orElse(DType.FLOAT32));
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
    Checkpoint checkpoint = Checkpoint.open(folder);
    try {
      if (checkpoint.bytes() >= LARGE) {
        NativeMemory.returnEarly();
      }
      return new LoadedModel(name, checkpoint, options);
    } catch (RuntimeException failure) {
      checkpoint.close();
      throw failure;
    }
  }

  /// The name that it was loaded by.
  public String name() {
    return name;
  }

  /// The files.
  public Checkpoint checkpoint() {
    return checkpoint;
  }

  /// Tower and decoder.
  public Model model() {
    return model;
  }

  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /// What turns pictures into the tower's input; empty for a text-only model.
  public Optional<ImageProcessor> processor() {
    return processor;
  }

  /// Where it computes.
  public Device device() {
    return device;
  }

  /// Type of the arithmetic.
  public DType computeType() {
    return passes.dtype();
  }

  /// Type of the stored decoder weights.
  public DType weightsType() {
    return model.decoder().weights().embedding().dtype();
  }

  /// Single passes.
  Passes passes() {
    return passes;
  }

  /// The id that fills batches.
  int padId() {
    return tokenizer.padId().orElse(0);
  }

  // ---- prompts
  // -----------------------------------------------------------------------------------------

  /// Processes a picture for this model.
  ///
  /// @throws LynceusException BAD_REQUEST for a text-only model
  public Picture picture(String label, RgbImage image) {
    return Picture.of(
        label,
        image,
        processor.orElseThrow(() ->
            new LynceusException(
                ErrorCode.BAD_REQUEST,
                name + " takes text only, and the question comes with a picture",
                "Leave the picture out, or choose a vision-language model.")));
  }

  /// What was seen of some pictures, in the order of [dev.lynceus.tap.TokenMap#views] and of the
  /// images of an explanation: one for each picture, or several for models that also see tiles of
  /// it.
  public List<SeenView> views(List<Picture> pictures) {
    return pictures.stream()
        .flatMap(picture ->
            ((VisionLanguageModel) model)
                .seen(picture).stream().map(seen -> new SeenView(picture.original(), seen)))
        .toList();
  }

  /// A question about some pictures, in the chat template of the model.
  public Prompt prompt(String question, Picture... pictures) {
    return prompt(List.of(PromptBuilder.user(pictures.length, question)), List.of(pictures), "");
  }

  /// A question whose answer begins with given words.
  public Prompt prompt(String question, List<Picture> pictures, String start) {
    return prompt(List.of(PromptBuilder.user(pictures.size(), question)), pictures, start);
  }

  /// The next turn of a conversation.
  ///
  /// @param pictures of all turns, in order
  /// @param start words that the answer begins with; may be empty
  public Prompt prompt(List<Message> messages, List<Picture> pictures, String start) {
    return prompts.chat(messages, pictures, start);
  }

  /// A prompt of raw text, in which the image token stands for each picture.
  public Prompt raw(String text, Picture... pictures) {
    return prompts.raw(text, List.of(pictures));
  }

  // ---- runs
  // --------------------------------------------------------------------------------------------

  /// One pass over a prompt.
  public Run run(Prompt prompt, Capture capture, Intervention... interventions) {
    return run(Batch.of(prompt), capture, List.of(interventions));
  }

  /// One pass over a batch.
  ///
  /// @throws LynceusException OUT_OF_MEMORY if the capture would pass its budget; BAD_POINT if
  ///   something that was asked for did not occur
  public Run run(Batch batch, Capture capture, List<Intervention> interventions) {
    return new Execution(this, passes, batch, capture, interventions).prompt();
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
    return new Execution(this, passes, left, capture, interventions).generate(options, listener);
  }

  /// See [Run#replay(List, Capture)].
  Run replay(Run run, List<Intervention> changes, Capture capture) {
    return Replays.replay(this, passes, run, changes, capture);
  }

  /// One pass that serves several replays of a run.
  Resumption.Result resume(Run run, Start start, List<Tap> taps, boolean logits) {
    int last = run.batch().length() - 1;
    boolean even =
        IntStream.range(0, run.batch().size()).allMatch(row -> run.batch().last(row) == last);
    Llama.Rows rows = even && logits ? Llama.Rows.LAST_IF_UNSEEN : Llama.Rows.ALL;
    return new Resumption(passes, run, start, rows).run(taps, logits);
  }

  @Override
  public void close() {
    checkpoint.close();
  }
}
