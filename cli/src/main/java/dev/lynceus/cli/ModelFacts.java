package dev.lynceus.cli;

import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.model.encoder.TextEncoderConfig;
import dev.lynceus.model.mae.MaeConfig;
import dev.lynceus.model.match.Matcher;
import dev.lynceus.model.qformer.QFormerConfig;
import dev.lynceus.model.stack.StackShape;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.model.vit.Vit;
import dev.lynceus.run.Budgets;
import dev.lynceus.run.LoadedMae;
import dev.lynceus.run.LoadedMatcher;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.text.ChatTemplate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What `models show` tells.
///
/// @param revision commit of a cached model, else a fingerprint of its weights
/// @param layout how its tensors are named and stored
/// @param decoder null for a model that writes no answers
/// @param tower null for a text-only model
/// @param reader what reads texts in a model for matching; null elsewhere
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
  /// @param shared width of the vectors by which pictures and texts are compared
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

  /// Reads the facts of a loaded model.
  static ModelFacts of(LoadedModel model) {
    Checkpoint checkpoint = model.checkpoint();
    TextConfig text = model.model().decoder().config();
    long perPosition =
        2L * text.layers() * text.keyHeads() * text.headWidth() * model.computeType().bytes();
    return new ModelFacts(
        model.name(),
        checkpoint.folder().toString(),
        checkpoint.config().path("model_type").asString(""),
        checkpoint
            .revision()
            .orElseGet(() -> "sha256:" + checkpoint.fingerprint().substring(0, 16)),
        checkpoint.parameters(),
        checkpoint.bytes(),
        model.weightsType().toString(),
        layout(checkpoint),
        decoder(text),
        tower(model),
        null,
        null,
        model.processor().map(processor -> ProcessorText.of(processor.settings())).orElse(null),
        ChatTemplate.of(checkpoint.folder()).origin(),
        new Memory(checkpoint.bytes(), perPosition, perPosition * text.maxPositions()),
        model.notes());
  }

  /// Reads the facts of a model for matching.
  static ModelFacts of(LoadedMatcher model) {
    Checkpoint checkpoint = model.checkpoint();
    Vit tower = model.model().tower();
    return new ModelFacts(
        model.name(),
        checkpoint.folder().toString(),
        checkpoint.config().path("model_type").asString(""),
        checkpoint
            .revision()
            .orElseGet(() -> "sha256:" + checkpoint.fingerprint().substring(0, 16)),
        checkpoint.parameters(),
        checkpoint.bytes(),
        checkpoint.info("itm_head.weight").dtype().toString(),
        layout(checkpoint),
        null,
        tower(tower),
        reader(model.model()),
        null,
        ProcessorText.of(model.processor().settings()),
        "none",
        new Memory(checkpoint.bytes(), 0, 0),
        model.notes());
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

  /// Reads the facts of a masked autoencoder.
  static ModelFacts of(LoadedMae model) {
    Checkpoint checkpoint = model.checkpoint();
    MaeConfig c = model.model().config();
    return new ModelFacts(
        model.name(),
        checkpoint.folder().toString(),
        checkpoint.config().path("model_type").asString(""),
        checkpoint
            .revision()
            .orElseGet(() -> "sha256:" + checkpoint.fingerprint().substring(0, 16)),
        checkpoint.parameters(),
        checkpoint.bytes(),
        checkpoint.info("decoder.decoder_pred.weight").dtype().toString(),
        layout(checkpoint),
        null,
        tower(model.model().tower()),
        null,
        new Painter(
            c.decoder().layers(),
            c.decoder().heads().count(),
            c.decoder().width(),
            c.decoder().inner(),
            c.ratio(),
            c.normalised()),
        ProcessorText.of(model.processor().settings()),
        "none",
        new Memory(checkpoint.bytes(), 0, 0),
        model.notes());
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
    TextEncoderConfig c = model.textEncoder().orElseThrow().config();
    return new Reader(
        "text encoder",
        c.shape().layers(),
        c.shape().heads().count(),
        c.shape().width(),
        c.shape().inner(),
        c.vocabulary(),
        c.positions(),
        0,
        model.shared());
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
    TextTable table = new TextTable();
    table.row("model", model);
    table.row("folder", folder);
    table.row("family", family);
    table.row("revision", revision);
    table.row(
        "weights",
        "%s parameters, %s, %s".formatted(count(parameters), weights, Budgets.human(bytes)));
    table.row("layout", layout);
    if (decoder != null) {
      table.row(
          "decoder",
          "%s: %d layers, %d heads%s of %d, width %d, %d neurons a layer"
              .formatted(
                  decoder.family,
                  decoder.layers,
                  decoder.heads,
                  decoder.keyHeads == decoder.heads
                      ? ""
                      : " over %d key heads".formatted(decoder.keyHeads),
                  decoder.headWidth,
                  decoder.width,
                  decoder.inner));
      table.row(
          "",
          "vocabulary %d, up to %d positions%s"
              .formatted(
                  decoder.vocabulary,
                  decoder.maxPositions,
                  decoder.window == null ? "" : ", sliding window " + decoder.window));
    }
    if (reader != null) {
      table.row(
          reader.kind,
          "%s%d layers, %d heads, width %d, %d neurons a layer"
              .formatted(
                  reader.queries == 0 ? "" : reader.queries + " queries, ",
                  reader.layers,
                  reader.heads,
                  reader.width,
                  reader.inner));
      table.row(
          "",
          "vocabulary %d, up to %d positions; vectors of %d numbers"
              .formatted(reader.vocabulary, reader.maxPositions, reader.shared));
    }
    if (painter != null) {
      table.row(
          "pixel decoder",
          "%d layers, %d heads, width %d, %d neurons a layer"
              .formatted(painter.layers, painter.heads, painter.width, painter.inner));
      table.row(
          "",
          String.format(
              Locale.ROOT,
              "%.0f %% of the patches are removed%s",
              100 * painter.ratio,
              painter.normalised ? "; mean and spread of each are taken out" : ""));
    }
    if (tower != null) {
      table.row(
          "tower",
          "%s: %d layers, %d heads, width %d, %d neurons a layer"
              .formatted(tower.family, tower.layers, tower.heads, tower.width, tower.inner));
      table.row(
          "",
          tower.imageSize == null
              ? "pictures of any size in patches of %d pixels".formatted(tower.patchSize)
              : "pictures of %d x %d in patches of %d: %d %s"
                  .formatted(
                      tower.imageSize,
                      tower.imageSize,
                      tower.patchSize,
                      tower.patches,
                      decoder == null
                          ? "of them"
                          : family.matches("(vip)?llava")
                              ? "visual tokens"
                              : "visual tokens a view"));
    }
    table.row("pictures", processor == null ? "none: this model takes text only" : processor);
    if (decoder == null) {
      table.row(
          "for",
          reader != null
              ? "matching: `lynceus match` scores texts beside pictures"
              : "pixels: `lynceus reconstruct` lets it make what it does not see");
      table.row("memory", Budgets.human(memory.weights) + " of weights, mapped from the files");
      warnings.forEach(warning -> table.row("note", warning));
      return table.toString();
    }
    table.row("template", template);
    table.row(
        "memory",
        "%s of weights, mapped from the files; keys and values take %s a position, %s at most"
            .formatted(
                Budgets.human(memory.weights),
                Budgets.human(memory.perPosition),
                Budgets.human(memory.largestPrompt)));
    warnings.forEach(warning -> table.row("note", warning));
    return table.toString();
  }

  private static String count(long parameters) {
    if (parameters >= 1_000_000_000) {
      return String.format(Locale.ROOT, "%.2f billion", parameters / 1e9);
    }
    return String.format(Locale.ROOT, "%.2f million", parameters / 1e6);
  }
}
