package dev.lynceus.verify;

import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.tensor.file.SafetensorsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The reference checkpoints of the tests, and copies of them with other names, weights or
/// settings.
public final class Goldens {
  static final Path ROOT = Path.of("src/test/resources/goldens");

  /// Families whose weights are stored in float32, in the layout of published repositories.
  static final List<String> FLOAT32 =
      List.of(
          "llava-llama",
          "llava-mistral-gqa",
          "llava-gemma",
          "llava-qwen2-siglip",
          "vicuna",
          "qwen3",
          "phi3");

  /// Families with other values of theirs, which have tests of their own; the page of parity shows
  /// them with the rest.
  static final List<String> FURTHER =
      List.of(
          "vipllava",
          "internvl",
          "opt",
          "gemma3",
          "blip2-opt",
          "instructblip-vicuna",
          "blip-vqa",
          "blip-caption",
          "blip-itm",
          "blip2-itm",
          "vit-mae",
          "qwen2-vl",
          "qwen2.5-vl",
          "qwen3-vl",
          "bert-qa",
          "electra-qa",
          "albert-qa",
          "bert-mlm");

  /// Families whose weights are stored in 16 bits.
  static final List<String> SIXTEEN = List.of("llava-llama-bf16", "llava-llama-fp16");

  private Goldens() {}

  /// The folder of reference values of a family.
  static Path reference(String family) {
    return ROOT.resolve(family);
  }

  /// The checkpoint of a family.
  public static Path checkpoint(String family) {
    return ROOT.resolve(family).resolve("hub");
  }

  /// A copy to change.
  public static Copy copy(String family) {
    return new Copy(checkpoint(family));
  }

  /// A changed copy of a checkpoint.
  public static final class Copy {
    private final Path source;
    private final Map<String, Consumer<ObjectNode>> edits = new LinkedHashMap<>();
    private UnaryOperator<String> names = name -> name;
    private Change change = (name, tensor) -> tensor;

    /// Changes the values of a tensor.
    interface Change {
      Tensor apply(String name, Tensor tensor);
    }

    private Copy(Path source) {
      this.source = source;
    }

    /// Renames tensors.
    public Copy names(UnaryOperator<String> rename) {
      names = rename;
      return this;
    }

    /// Changes tensors whose original name ends so.
    public Copy tensors(String ending, UnaryOperator<Tensor> edit) {
      Change before = change;
      change =
          (name, tensor) -> {
            Tensor old = before.apply(name, tensor);
            return name.endsWith(ending) ? edit.apply(old) : old;
          };
      return this;
    }

    /// Changes a JSON file.
    public Copy json(String file, Consumer<ObjectNode> edit) {
      edits.put(file, edit);
      return this;
    }

    /// Writes the copy.
    public Path write(Path target) {
      try (Stream<Path> files = Files.list(source);
          Checkpoint weights = Checkpoint.open(source);
          Scope scope = Scope.open()) {
        Files.createDirectories(target);
        for (Path file : files.toList()) {
          String name = file.getFileName().toString();
          if (!name.contains(".safetensors")) {
            byte[] bytes = Files.readAllBytes(file);
            Files.write(
                target.resolve(name), edits.containsKey(name) ? edited(name, bytes) : bytes);
          }
        }
        SafetensorsWriter writer = new SafetensorsWriter();
        for (String name : weights.names()) {
          writer.add(names.apply(name), change.apply(name, weights.tensor(name)).contiguous());
        }
        writer.write(target.resolve("model.safetensors"));
        return target;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private byte[] edited(String name, byte[] bytes) {
      JsonMapper mapper = new JsonMapper();
      ObjectNode json = (ObjectNode) mapper.readTree(bytes);
      edits.get(name).accept(json);
      return mapper.writeValueAsBytes(json);
    }
  }

  /// Names of the layout that transformers wrote from 4.52 on.
  static String v452(String hub) {
    if (hub.equals("language_model.lm_head.weight")) {
      return "lm_head.weight";
    }
    return hub.startsWith("language_model.model.")
        ? "model.language_model." + hub.substring("language_model.model.".length())
        : "model." + hub;
  }

  /// Names of the layout that transformers 5 writes.
  static String v5(String hub) {
    return v452(hub).replace(".vision_tower.vision_model.", ".vision_tower.");
  }
}
