package dev.lynceus.cli;

import dev.lynceus.image.ImageProcessor;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.model.encoder.TextEncoder;
import dev.lynceus.model.encoder.TextEncoderConfig;
import dev.lynceus.model.mae.MaeConfig;
import dev.lynceus.model.match.Matcher;
import dev.lynceus.model.qformer.QFormerConfig;
import dev.lynceus.model.stack.StackShape;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.model.vit.Vit;
import dev.lynceus.run.LoadedMae;
import dev.lynceus.run.LoadedMatcher;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.text.ChatTemplate;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What `models show` tells.
///
/// @param revision commit of a cached model, else a fingerprint of its weights
/// @param layout how its tensors are named and stored
/// @param decoder null for a model that writes no answers
/// @param tower null for a text-only model
/// @param reader what reads texts in a model for matching, or the question before the decoder
///   answers; null elsewhere
/// @param painter what makes pixels in a masked autoencoder; null elsewhere
/// @param processor what is done to pictures; null for a text-only model
/// @param template file that the chat template came from, or `default`; `none` for a model that is
///   not asked
record ModelFacts(
    String model,
    String folder,
    String family,
    String revision,
    long parameters,
    long bytes,
    String weights,
    String layout,
    @Nullable Decoder decoder,
    @Nullable Tower tower,
    @Nullable Reader reader,
    @Nullable Painter painter,
    @Nullable String processor,
    String template,
    Memory memory,
    List<String> warnings) {

  /// Sizes of the decoder.
  ///
  /// @param window positions that a layer with a sliding window sees; null without one
  record Decoder(
      String family,
      int layers,
      int heads,
      int keyHeads,
      int headWidth,
      int width,
      int inner,
      int vocabulary,
      int maxPositions,
      @Nullable Integer window) {}

  /// Sizes of the vision tower.
  ///
  /// @param patches visual tokens that a picture of one view becomes
  record Tower(
      String family,
      int layers,
      int heads,
      int width,
      int inner,
      @Nullable Integer imageSize,
      int patchSize,
      @Nullable Integer patches) {}

  /// Sizes of what reads texts, and by cross-attention pictures.
  ///
  /// @param kind `text encoder` or `Q-Former`
  /// @param queries of a Q-Former; 0 without
  /// @param shared width of the vectors by which pictures and texts are compared; 0 where they are
  ///   not
  record Reader(
      String kind,
      int layers,
      int heads,
      int width,
      int inner,
      int vocabulary,
      int maxPositions,
      int queries,
      int shared) {}

  /// Sizes of what makes pixels.
  ///
  /// @param ratio share of the patches that are removed
  /// @param normalised whether patches are made without mean and spread of their own
  record Painter(int layers, int heads, int width, int inner, double ratio, boolean normalised) {}

  /// Memory in bytes.
  ///
  /// @param weights mapped from the files
  /// @param perPosition keys and values of one position, all layers
  /// @param largestPrompt keys and values of the longest prompt
  record Memory(long weights, long perPosition, long largestPrompt) {}

  /// What is told of files, whatever the model is for.
  private record Files(String name, Checkpoint checkpoint, List<String> notes) {

    ModelFacts facts(
        String weights,
        @Nullable Decoder decoder,
        @Nullable Tower tower,
        @Nullable Reader reader,
        @Nullable Painter painter,
        @Nullable String processor,
        String template,
        Memory memory) {
      return new ModelFacts(
          name,
          checkpoint.folder().toString(),
          checkpoint.config().path("model_type").asString(""),
          checkpoint
              .revision()
              .orElseGet(() -> "sha256:" + checkpoint.fingerprint().substring(0, 16)),
          checkpoint.parameters(),
          checkpoint.bytes(),
          weights,
          layout(checkpoint),
          decoder,
          tower,
          reader,
          painter,
          processor,
          template,
          memory,
          notes);
    }

    /// Of a model that is not asked, the type of one of its tensors standing for all.
    ModelFacts unasked(
        String tensor,
        Vit tower,
        @Nullable Reader reader,
        @Nullable Painter painter,
        ImageProcessor processor) {
      return facts(
          checkpoint.info(tensor).dtype().toString(),
          null,
          ModelFacts.tower(tower),
          reader,
          painter,
          ProcessorText.of(processor.settings()),
          "none",
          new Memory(checkpoint.bytes(), 0, 0));
    }
  }

  /// Reads the facts of a loaded model.
  static ModelFacts of(LoadedModel model) {
    Checkpoint checkpoint = model.checkpoint();
    TextConfig text = model.model().decoder().config();
    long perPosition =
        2L * text.layers() * text.keyHeads() * text.headWidth() * model.computeType().bytes();
    return new Files(model.name(), checkpoint, model.notes())
        .facts(
            model.weightsType().toString(),
            decoder(text),
            tower(model),
            model.model().textEncoder().map(encoder -> reader(encoder, 0)).orElse(null),
            null,
            model.processor().map(processor -> ProcessorText.of(processor.settings())).orElse(null),
            ChatTemplate.of(checkpoint.folder()).origin(),
            new Memory(checkpoint.bytes(), perPosition, perPosition * text.maxPositions()));
  }

  /// Reads the facts of a model for matching.
  static ModelFacts of(LoadedMatcher model) {
    return new Files(model.name(), model.checkpoint(), model.notes())
        .unasked(
            "itm_head.weight",
            model.model().tower(),
            reader(model.model()),
            null,
            model.processor());
  }

  /// Reads the facts of a masked autoencoder.
  static ModelFacts of(LoadedMae model) {
    MaeConfig c = model.model().config();
    return new Files(model.name(), model.checkpoint(), model.notes())
        .unasked(
            "decoder.decoder_pred.weight",
            model.model().tower(),
            null,
            new Painter(
                c.decoder().layers(),
                c.decoder().heads().count(),
                c.decoder().width(),
                c.decoder().inner(),
                c.ratio(),
                c.normalised()),
            model.processor());
  }

  private static Tower tower(Vit tower) {
    StackShape shape = tower.shape();
    return new Tower(
        tower.family(),
        shape.layers(),
        shape.heads().count(),
        shape.width(),
        shape.inner(),
        tower.config().imageSize(),
        tower.patchSize(),
        tower.config().grid() * tower.config().grid());
  }

  private static Reader reader(Matcher model) {
    if (model.queries().isPresent()) {
      QFormerConfig c = model.queries().get().config();
      return new Reader(
          "Q-Former",
          c.layers(),
          c.heads(),
          c.width(),
          c.inner(),
          c.vocabulary(),
          c.positions(),
          c.queries(),
          model.shared());
    }
    return reader(model.textEncoder().orElseThrow(), model.shared());
  }

  /// @param shared 0 where texts are not compared with pictures
  private static Reader reader(TextEncoder encoder, int shared) {
    TextEncoderConfig c = encoder.config();
    return new Reader(
        "text encoder",
        c.shape().layers(),
        c.shape().heads().count(),
        c.shape().width(),
        c.shape().inner(),
        c.vocabulary(),
        c.positions(),
        0,
        shared);
  }

  private static String layout(Checkpoint checkpoint) {
    boolean sharded =
        checkpoint.file("model.safetensors").isEmpty()
            && checkpoint.file("model.safetensors.index.json").isPresent();
    String example =
        checkpoint.names().stream()
            .filter(name -> name.endsWith("layers.0.self_attn.q_proj.weight"))
            .filter(name -> !name.contains("vision"))
            .findFirst()
            .orElse("");
    return "%d tensors in %s%s"
        .formatted(
            checkpoint.names().size(),
            sharded ? "several files" : "one file",
            example.isEmpty()
                ? ""
                : "; decoder layers named " + example.replaceFirst("0\\.self_attn.*", "N"));
  }

  private static Decoder decoder(TextConfig c) {
    int window = IntStream.of(c.windows()).min().orElse(TextConfig.UNLIMITED);
    return new Decoder(
        c.family(),
        c.layers(),
        c.heads(),
        c.keyHeads(),
        c.headWidth(),
        c.width(),
        c.inner(),
        c.vocabulary(),
        c.maxPositions(),
        window == TextConfig.UNLIMITED ? null : window);
  }

  private static @Nullable Tower tower(LoadedModel model) {
    Optional<dev.lynceus.model.vit.Tower> found = model.model().vision();
    if (found.isEmpty()) {
      return null;
    }
    if (found.get() instanceof Vit vit
        && model.model() instanceof VisionLanguageModel eyes
        && eyes.reading().isPresent()) {
      return tower(vit);
    }
    dev.lynceus.model.vit.Tower tower = found.get();
    StackShape shape = tower.shape();
    int patches = model.model() instanceof VisionLanguageModel eyes ? eyes.viewTokens() : 0;
    return new Tower(
        tower.family(),
        shape.layers(),
        shape.heads().count(),
        shape.width(),
        shape.inner(),
        tower.imageSize().isPresent() ? tower.imageSize().getAsInt() : null,
        tower.patchSize(),
        tower.imageSize().isPresent() ? patches : null);
  }

  /// The facts as lines.
  String text() {
    return ModelText.of(this);
  }
}
