package dev.lynceus.model.convert;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.file.AtomicFile;
import dev.lynceus.tensor.file.FileFault;
import dev.lynceus.tensor.file.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// An encoder like BERT that was stored as an ONNX graph or as variables of TensorFlow, with its
/// tokenizer, becomes a checkpoint in the Hugging Face layout. Numbers are copied, not computed.
///
/// @param format what it was stored as
/// @param layers of the encoder
/// @param width of its stream
/// @param heads of a layer
/// @param headsFrom how their number is known
/// @param inner neurons of a layer
/// @param vocabulary words and pieces of words
/// @param positions most of a text
/// @param parameters numbers that were written
/// @param masked whether it says words that were taken out of a text; without, it has no head
/// @param unread what is stored and was not taken
public record BertImport(
    Format format,
    int layers,
    int width,
    int heads,
    String headsFrom,
    int inner,
    int vocabulary,
    int positions,
    long parameters,
    boolean masked,
    List<String> unread) {

  /// What an encoder is stored as.
  public enum Format {
    ONNX,
    TENSORFLOW
  }

  private static final String LAYER = BertTensors.BODY + "encoder.layer.";
  private static final String TABLES = BertTensors.BODY + "embeddings.";

  /// Width of a head in all models that BERT's authors published.
  private static final int USUAL_HEAD = 64;

  private static final double USUAL_EPS = 1e-12;

  private static final String ANOTHER =
      "Give a model of the kind of BERT as ONNX in float32 with its tokenizer.json, or as a SavedModel of"
          + " TensorFlow with its vocab.txt.";

  public BertImport {
    unread = List.copyOf(unread);
  }

  /// Imports one.
  ///
  /// @param source a jar, a zip, a folder, or an `.onnx` file beside its tokenizer
  /// @param target folder that `config.json`, `model.safetensors` and the files of the tokenizer
  ///   are written into
  /// @param heads of a layer; empty = as the graph says, or as wide as BERT has them
  /// @throws LynceusException MODEL_NOT_FOUND; BAD_CHECKPOINT for what is no such model or is
  ///   damaged; UNSUPPORTED_MODEL; NOT_WRITABLE
  public static BertImport write(Path source, Path target, OptionalInt heads) {
    if (!Files.exists(source)) {
      throw new LynceusException(
          ErrorCode.MODEL_NOT_FOUND,
          "there is no " + source,
          "Give a jar, a folder or an .onnx file.");
    }
    try (Members members = Members.open(source)) {
      return of(members, target, heads);
    }
  }

  private static BertImport of(Members members, Path target, OptionalInt asked) {
    Optional<String> onnx = members.find(".onnx");
    Optional<String> index = members.find(".index");
    String file =
        onnx.or(() -> index)
            .orElseThrow(
                () -> members.bad("holds no .onnx file and no index of variables", ANOTHER, null));
    BertTensors read;
    ObjectNode tokenizer;
    try {
      read =
          onnx.isPresent()
              ? BertTensors.of(OnnxGraph.read(members.bytes(file)))
              : BertTensors.of(
                  TensorBundle.read(
                      members.bytes(file), (shard, all) -> shard(members, file, shard, all)));
      tokenizer = tokenizer(members);
      complete(read.tensors());
    } catch (IndexOutOfBoundsException | ArithmeticException e) {
      throw members.bad("is cut short or damaged in " + file, "Fetch it again, whole.", e);
    } catch (IllegalArgumentException | tools.jackson.core.JacksonException e) {
      throw members.bad("cannot be taken: " + e.getMessage() + " (" + file + ")", ANOTHER, e);
    }
    BertImport found =
        sizes(onnx.isPresent() ? Format.ONNX : Format.TENSORFLOW, read, asked, members);
    if (WordPieceJson.size(tokenizer) != found.vocabulary) {
      throw members.bad(
          "has a tokenizer of %d words for a table of %d"
              .formatted(WordPieceJson.size(tokenizer), found.vocabulary),
          "Use the tokenizer files that belong to these weights.",
          null);
    }
    found.write(target, read, tokenizer);
    return found;
  }

  private static MemorySegment shard(Members members, String index, int shard, int all) {
    String name = index.replaceFirst("\\.index$", "");
    return members.bytes("%s.data-%05d-of-%05d".formatted(name, shard, all));
  }

  private static ObjectNode tokenizer(Members members) {
    Optional<String> whole = members.find("tokenizer.json");
    if (whole.isPresent()) {
      return WordPieceJson.uncut(members.text(whole.get()));
    }
    return WordPieceJson.of(
        members.text(
            members
                .find("vocab.txt")
                .orElseThrow(() ->
                    new IllegalArgumentException("there is no tokenizer.json and no vocab.txt"))));
  }

  /// Asks for everything that the family has, with its shape.
  private static void complete(Map<String, ForeignTensor> tensors) {
    long[] words = need(tensors, TABLES + "word_embeddings.weight", -1, -1);
    long width = words[1];
    need(tensors, TABLES + "position_embeddings.weight", -1, width);
    need(tensors, TABLES + "token_type_embeddings.weight", -1, width);
    norm(tensors, TABLES + "LayerNorm", width);
    if (layers(tensors) == 0) {
      throw new IllegalArgumentException("it has no layers under the names of BERT");
    }
    for (int l = 0; l < layers(tensors); l++) {
      String layer = LAYER + l + ".";
      for (String name : List.of("self.query", "self.key", "self.value", "output.dense")) {
        map(tensors, layer + "attention." + name, width, width);
      }
      norm(tensors, layer + "attention.output.LayerNorm", width);
      long inner = need(tensors, layer + "intermediate.dense.weight", -1, width)[0];
      map(tensors, layer + "intermediate.dense", inner, width);
      map(tensors, layer + "output.dense", width, inner);
      norm(tensors, layer + "output.LayerNorm", width);
    }
  }

  private static int layers(Map<String, ForeignTensor> tensors) {
    int layers = 0;
    while (tensors.containsKey(LAYER + layers + ".attention.self.query.weight")) {
      layers++;
    }
    return layers;
  }

  private static void norm(Map<String, ForeignTensor> tensors, String name, long width) {
    need(tensors, name + ".weight", width);
    need(tensors, name + ".bias", width);
  }

  private static void map(Map<String, ForeignTensor> tensors, String name, long out, long in) {
    need(tensors, name + ".weight", out, in);
    need(tensors, name + ".bias", out);
  }

  private static long[] need(Map<String, ForeignTensor> tensors, String name, long... shape) {
    ForeignTensor found = tensors.get(name);
    if (found == null) {
      throw new IllegalArgumentException("it has no " + name);
    }
    long[] sizes = found.sizes();
    boolean fits = sizes.length == shape.length;
    for (int i = 0; fits && i < shape.length; i++) {
      fits = shape[i] < 0 || shape[i] == sizes[i];
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "%s has the shape %s".formatted(name, java.util.Arrays.toString(sizes)));
    }
    return sizes;
  }

  private static BertImport sizes(
      Format format, BertTensors read, OptionalInt asked, Members members) {
    Map<String, ForeignTensor> tensors = read.tensors();
    long[] words = need(tensors, TABLES + "word_embeddings.weight", -1, -1);
    int width = Math.toIntExact(words[1]);
    boolean told = !Double.isNaN(read.headWidth());
    if (asked.isEmpty() && !told && format == Format.ONNX) {
      throw new LynceusException(
          ErrorCode.UNSUPPORTED_MODEL,
          members.description() + " does not tell how many heads a layer has",
          "Say so with --heads N; the model's description has it.");
    }
    long each = told ? Math.round(read.headWidth()) : USUAL_HEAD;
    int heads = asked.orElse(each < 1 ? 0 : (int) (width / each));
    if (heads < 1 || width % heads != 0) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          "%s: %d heads do not share a stream of %d".formatted(members.description(), heads, width),
          "Give the number of heads of a layer with --heads.");
    }
    return new BertImport(
        format,
        layers(tensors),
        width,
        heads,
        asked.isPresent()
            ? "as asked"
            : told ? "the graph divides scores by their root" : "64 wide, as in all of BERT",
        Math.toIntExact(need(tensors, LAYER + "0.intermediate.dense.weight", -1, width)[0]),
        Math.toIntExact(words[0]),
        Math.toIntExact(need(tensors, TABLES + "position_embeddings.weight", -1, width)[0]),
        tensors.values().stream()
            .mapToLong(one -> LongStream.of(one.shape()).reduce(1, (a, b) -> a * b))
            .sum(),
        tensors.containsKey("cls.predictions.transform.dense.weight"),
        read.unread());
  }

  private void write(Path target, BertTensors read, ObjectNode tokenizer) {
    try {
      Files.createDirectories(target);
    } catch (IOException e) {
      throw new LynceusException(
          ErrorCode.NOT_WRITABLE,
          "the checkpoint could not be written into " + target + ": " + FileFault.reason(e),
          "Choose a folder that you may write to.",
          e);
    }
    SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
    new ArrayList<>(read.tensors().keySet())
        .forEach(name -> writer.add(name, stored(read.tensors().get(name))));
    writer.write(target.resolve("model.safetensors"));
    text(target, "tokenizer.json", tokenizer);
    text(target, "tokenizer_config.json", WordPieceJson.config(tokenizer, positions));
    // Last: a folder without it is no checkpoint.
    text(target, "config.json", config(read));
  }

  private static dev.lynceus.tensor.file.StoredTensor stored(@Nullable ForeignTensor tensor) {
    return java.util.Objects.requireNonNull(tensor).stored();
  }

  private static void text(Path folder, String name, ObjectNode json) {
    AtomicFile.write(
        folder.resolve(name), WordPieceJson.text(json).getBytes(StandardCharsets.UTF_8));
  }

  private ObjectNode config(BertTensors read) {
    ObjectNode config = JsonMapper.shared().createObjectNode();
    config.putArray("architectures").add(masked ? "BertForPreTraining" : "BertModel");
    config.put("model_type", "bert").put("dtype", "float32");
    config.put("attention_probs_dropout_prob", .1).put("hidden_dropout_prob", .1);
    config.put("hidden_act", "gelu").put("hidden_size", width).put("initializer_range", .02);
    config.put("intermediate_size", inner);
    config.put("layer_norm_eps", Double.isNaN(read.normEps()) ? USUAL_EPS : read.normEps());
    config.put("max_position_embeddings", positions).put("num_attention_heads", heads);
    config.put("num_hidden_layers", layers).put("pad_token_id", 0);
    config.put("position_embedding_type", "absolute").put("tie_word_embeddings", true);
    config.put(
        "type_vocab_size",
        need(read.tensors(), TABLES + "token_type_embeddings.weight", -1, width)[0]);
    config.put("vocab_size", vocabulary);
    return config;
  }
}
