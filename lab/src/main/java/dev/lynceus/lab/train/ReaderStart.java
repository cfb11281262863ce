package dev.lynceus.lab.train;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.train.ReaderTrainer.Part;
import dev.lynceus.model.config.Config;
import dev.lynceus.model.reader.Readers;
import dev.lynceus.model.reader.TextReader;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.tensor.file.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What the training of a reader begins with: the weights of an encoder and a head that was drawn.
///
/// @param encoder folder of the encoder
/// @param config of the reader
/// @param origin what the encoder's weights are
record ReaderStart(Path encoder, ObjectNode config, Variables<Part> variables, String origin) {
  private static final String HEAD = "qa_outputs";

  /// Deviation of first weights, as in BERT.
  private static final double FIRST = .02;

  /// Files of an encoder that belong to its reader, too.
  private static final List<String> FILES =
      List.of(
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "vocab.txt",
          "spiece.model",
          "added_tokens.json");

  /// Reads an encoder, and draws what is to be drawn.
  ///
  /// @throws LynceusException UNSUPPORTED_MODEL for another model; BAD_CHECKPOINT
  static ReaderStart of(Path encoder, ReaderPlan plan) {
    try (Checkpoint checkpoint = Checkpoint.open(encoder)) {
      ObjectNode config = config(checkpoint);
      String type = config.path("model_type").asString("");
      Variables<Part> variables = variables(checkpoint, type);
      variables.draw(EnumSet.allOf(Part.class), plan.seed());
      if (plan.from() == ReaderPlan.From.WEIGHTS) {
        take(checkpoint, type, variables);
      }
      return new ReaderStart(encoder, config, variables, checkpoint.fingerprint());
    }
  }

  private static ObjectNode config(Checkpoint checkpoint) {
    String type = checkpoint.config().path("model_type").asString("");
    if (!Readers.know(type) || !(checkpoint.config().deepCopy() instanceof ObjectNode config)) {
      throw new LynceusException(
          ErrorCode.UNSUPPORTED_MODEL,
          "%s is of the type '%s', and no encoder that reads".formatted(checkpoint.folder(), type),
          "Use one of " + String.join(", ", Readers.types()) + ".");
    }
    String family = type.equals("bert") ? "Bert" : type.equals("electra") ? "Electra" : "Albert";
    config.putArray("architectures").add(family + "ForQuestionAnswering");
    config.put("dtype", "float32");
    config.remove("torch_dtype");
    return config;
  }

  /// The tensors of the encoder; those of heads and of the pooler are left out.
  private static Variables<Part> variables(Checkpoint checkpoint, String type) {
    Variables.Builder<Part> list = new Variables.Builder<>();
    for (String stored : new TreeSet<>(checkpoint.names())) {
      String name = own(stored, type);
      if (name.isEmpty()) {
        continue;
      }
      long[] shape = checkpoint.info(stored).shape();
      if (name.matches(".*([nN]orm(\\.weight|\\.gamma)|layer_norm\\.weight)")) {
        list.ones(Part.ENCODER, name, shape);
      } else if (shape.length < 2) {
        list.zeros(Part.ENCODER, name, shape);
      } else {
        list.normal(Part.ENCODER, name, FIRST, shape);
      }
    }
    int width = checkpoint.config().path("hidden_size").asInt(0);
    list.biased(Part.HEAD, HEAD, FIRST, 2, width);
    return list.build();
  }

  /// The name of a tensor in a checkpoint with a head; empty for what does not belong to the
  /// encoder. Encoders alone are stored with or without the family before their names.
  private static String own(String stored, String type) {
    String name = stored.startsWith(type + ".") ? stored : type + "." + stored;
    boolean belongs =
        Stream.of(".embeddings.", ".encoder.", ".embeddings_project.")
            .anyMatch(part -> name.startsWith(type + part));
    boolean counted = name.endsWith("position_ids") || name.endsWith("token_type_ids");
    return belongs && !counted ? name : "";
  }

  private static void take(Checkpoint checkpoint, String type, Variables<Part> variables) {
    for (String stored : checkpoint.names()) {
      String name = own(stored, type);
      for (Variables.Entry<Part> entry : variables.entries(Set.of(Part.ENCODER))) {
        if (entry.name().equals(name)) {
          try (Scope scope = Scope.open()) {
            Variables.view(variables.vector(), entry).copy_(checkpoint.tensor(stored));
          }
        }
      }
    }
  }

  /// A reader over the memory of what is trained: it changes as that changes.
  ///
  /// @param trained parts whose gradients are wanted
  /// @param gradients vector that gradients are added to
  TextReader replica(Set<Part> trained, Tensor gradients) {
    return Readers.build(
        new Config(config, "config.json"),
        Weights.of("the model in training", variables.tensors(trained, gradients)));
  }

  /// Copies the files of the tokenizer.
  void files(Path folder) {
    try {
      Files.createDirectories(folder);
      for (String name : FILES) {
        if (Files.isRegularFile(encoder.resolve(name))) {
          Files.copy(
              encoder.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
      }
    } catch (IOException e) {
      throw new LynceusException(
          ErrorCode.NOT_WRITABLE,
          "the training could not be written into " + folder + ": " + e.getMessage(),
          "Choose a folder that you may write to.",
          e);
    }
  }

  /// Writes the reader as it is now, in float32.
  ///
  /// @param files folder of its tokenizer
  void export(Path target, Path files) {
    new Exporter<>(variables, files, DType.FLOAT32)
        .write(
            target,
            EnumSet.allOf(Part.class),
            "",
            JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(config) + "\n",
            Set.of());
  }
}
