package dev.lynceus.method.features;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.features.SparseAutoencoder.Activation;
import dev.lynceus.method.features.SparseAutoencoder.Centred;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.GivenTensor;
import dev.lynceus.tensor.file.InputFile;
import dev.lynceus.tensor.file.Safetensors;
import dev.lynceus.tensor.file.SafetensorsWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A sparse autoencoder with what its file says of where it belongs.
///
/// Read are the layouts of SAELens (`W_enc`, `W_dec`, `b_enc`, `b_dec`, with jump ReLU `threshold`;
/// `cfg.json` beside it) and of sparsify (`encoder.weight`, `encoder.bias`, `W_dec`, `b_dec`), the
/// latter being what multimodal autoencoders of LLaVA are published in. Written is the first, with
/// what `cfg.json` would say in the metadata as well.
///
/// @param layer that its states leave; empty where the file does not say
/// @param revision of the model that it was fitted for; empty where the file does not say
public record SaeFile(SparseAutoencoder sae, OptionalInt layer, String revision)
    implements AutoCloseable {
  private static final String NEXT =
      "Name a safetensors file of SAELens or sparsify, or one that `lynceus tune-sae` wrote.";

  private static final Pattern LAYER = Pattern.compile("(?:layers|blocks|layer)[._](\\d{1,4})");
  private static final String CONFIG = "cfg.json";

  /// Reads a file, or a folder with one beside a `cfg.json`.
  ///
  /// @throws LynceusException BAD_REQUEST if it holds no autoencoder, one of an architecture that
  ///   is not known, or numbers that do not belong together or are not finite
  public static SaeFile load(Path path) {
    Path file = Files.isDirectory(path) ? inside(path) : path;
    try (Safetensors opened = Safetensors.open(file);
        Scope scope = Scope.open()) {
      JsonNode config = config(file, opened.metadata());
      boolean sparsify = opened.names().contains("encoder.weight");
      String first = sparsify ? "encoder.weight" : "W_enc";
      if (!opened.names().contains(first) || !opened.names().contains("W_dec")) {
        throw refused(file + " holds no sparse autoencoder");
      }
      long[] shape = opened.info(first).shape();
      if (shape.length != 2) {
        throw refused("%s: %s is no matrix".formatted(file, first));
      }
      long features = sparsify ? shape[0] : shape[1];
      long width = sparsify ? shape[1] : shape[0];
      Tensor encoder = GivenTensor.of(opened, first, NEXT, shape).to(DType.FLOAT32);
      Tensor decoder = GivenTensor.of(opened, "W_dec", NEXT, features, width).to(DType.FLOAT32);
      Tensor encoderBias =
          GivenTensor.of(opened, sparsify ? "encoder.bias" : "b_enc", NEXT, features);
      Tensor decoderBias = GivenTensor.of(opened, "b_dec", NEXT, width);
      Activation activation = activation(file, opened, config, features, sparsify);
      return new SaeFile(
          new SparseAutoencoder(
              (sparsify ? encoder : encoder.t().contiguous()).copy().own(),
              encoderBias.to(DType.FLOAT32).copy().own(),
              decoder.copy().own(),
              decoderBias.to(DType.FLOAT32).copy().own(),
              activation,
              sparsify || config.path("apply_b_dec_to_input").asBoolean(false)
                  ? Centred.YES
                  : Centred.NO),
          layer(file, config),
          config.path("lynceus_revision").asString(""));
    }
  }

  private static Path inside(Path folder) {
    for (String name : new String[] {"sae_weights.safetensors", "sae.safetensors"}) {
      if (Files.isRegularFile(folder.resolve(name))) {
        return folder.resolve(name);
      }
    }
    throw refused("the folder %s holds no sparse autoencoder".formatted(folder));
  }

  private static JsonNode config(Path file, Map<String, String> metadata) {
    try {
      String own = metadata.get(CONFIG);
      if (own != null) {
        return JsonMapper.shared().readTree(own);
      }
      Path beside = file.resolveSibling(CONFIG);
      return Files.isRegularFile(beside)
          ? JsonMapper.shared().readTree(InputFile.REQUEST.text(beside))
          : JsonMapper.shared().createObjectNode();
    } catch (JacksonException broken) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%s beside %s is no JSON".formatted(CONFIG, file),
          "Fetch both files again.",
          broken);
    }
  }

  private static Activation activation(
      Path file, Safetensors opened, JsonNode config, long features, boolean sparsify) {
    if (config.has("normalize_activations")
        && !config.path("normalize_activations").asString("none").equals("none")) {
      throw refused(
          "%s reads states that are normalised (%s), which is not done here"
              .formatted(file, config.path("normalize_activations").asString()));
    }
    if (opened.names().contains("threshold")) {
      return new Activation.Jump(
          GivenTensor.of(opened, "threshold", NEXT, features).to(DType.FLOAT32).copy().own());
    }
    String kind = config.path("architecture").asString(sparsify ? "topk" : "standard");
    JsonNode k = config.has("k") ? config.path("k") : config.path("activation_fn_kwargs").path("k");
    return switch (kind) {
      case "topk" -> {
        if (!k.isInt() || k.asInt() < 1 || k.asInt() > features) {
          throw refused("%s keeps the largest features, and its cfg.json has no k".formatted(file));
        }
        yield new Activation.TopK(k.asInt());
      }
      case "standard" -> k.isInt() ? new Activation.TopK(k.asInt()) : new Activation.Relu();
      default ->
          throw refused(
              "%s is an autoencoder of architecture %s, and standard, topk and jumprelu are known"
                  .formatted(file, kind));
    };
  }

  private static OptionalInt layer(Path file, JsonNode config) {
    if (config.path("hook_layer").isInt()) {
      return OptionalInt.of(config.path("hook_layer").asInt());
    }
    Path folder = file.toAbsolutePath().getParent();
    for (String text :
        new String[] {
          config.path("hook_name").asString(""), folder == null ? "" : folder.toString()
        }) {
      Matcher found = LAYER.matcher(text);
      if (found.find()) {
        return OptionalInt.of(Integer.parseInt(found.group(1)));
      }
    }
    return OptionalInt.empty();
  }

  private static LynceusException refused(String what) {
    return new LynceusException(ErrorCode.BAD_REQUEST, what, NEXT);
  }

  /// Writes it.
  ///
  /// @throws LynceusException NOT_WRITABLE; BAD_REQUEST for thresholds, which nothing here fits
  public void save(Path file) {
    var config = JsonMapper.shared().createObjectNode();
    switch (sae.activation()) {
      case Activation.Relu _ -> config.put("architecture", "standard");
      case Activation.TopK(int k) -> config.put("architecture", "topk").put("k", k);
      case Activation.Jump _ -> config.put("architecture", "jumprelu");
    }
    config.put("d_in", sae.width()).put("d_sae", sae.features());
    config.put("apply_b_dec_to_input", sae.centred() == Centred.YES);
    layer.ifPresent(l ->
        config.put("hook_layer", l).put("hook_name", "blocks.%d.hook_resid_post".formatted(l)));
    config.put("lynceus_revision", revision);
    try (Scope scope = Scope.open()) {
      SafetensorsWriter writer =
          new SafetensorsWriter()
              .metadata(CONFIG, config.toString())
              .add("W_enc", sae.encoder().t().contiguous())
              .add("b_enc", sae.encoderBias())
              .add("W_dec", sae.decoder())
              .add("b_dec", sae.decoderBias());
      sae.thresholds().ifPresent(own -> writer.add("threshold", own));
      writer.write(file);
    }
  }

  @Override
  public void close() {
    sae.close();
  }
}
