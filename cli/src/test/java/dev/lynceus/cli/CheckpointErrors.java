package dev.lynceus.cli;

import dev.lynceus.model.Checkpoints;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.tensor.file.SafetensorsWriter;
import dev.lynceus.tensor.file.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The rows of docs/reference/errors.md about checkpoints that are of another kind than those that
/// are read.
final class CheckpointErrors {
  private CheckpointErrors() {}

  static void add(Map<String, ErrorsTest.Case> cases) {
    cases.put("a setting makes no sense", f -> changed(f, "{\"image_token_index\": -200}"));
    cases.put(
        "the weights are quantised",
        f -> changed(f, "{\"quantization_config\": {\"quant_method\": \"gptq\", \"bits\": 4}}"));
    cases.put(
        "the layout is that of LLaVA's own code",
        f -> changed(f, "{\"model_type\": \"llava_llama\"}"));
    cases.put(
        "the names of the weights begin with a prefix",
        f -> {
          Path model = Fixtures.model(f.resolve("m"));
          try (Checkpoint pupil = Checkpoint.open(Checkpoints.locate("pupil"))) {
            SafetensorsWriter writer = new SafetensorsWriter();
            for (String name : pupil.names()) {
              TensorInfo info = pupil.info(name);
              writer.add(
                  "base_model.model." + name, info.dtype(), info.shape(), pupil.segment(name));
            }
            writer.write(model.resolve("model.safetensors"));
          }
          return ask(model);
        });
    cases.put(
        "the folder holds an adapter",
        f -> {
          Path model = withoutWeights(f);
          Files.writeString(
              model.resolve("adapter_config.json"), "{\"base_model_name_or_path\": \"org/base\"}");
          Files.writeString(model.resolve("adapter_model.safetensors"), "");
          return ask(model);
        });
    cases.put(
        "the weights are a GGUF file",
        f -> {
          Path model = withoutWeights(f);
          Files.writeString(model.resolve("model-Q4_K_M.gguf"), "GGUF");
          return ask(model);
        });
    cases.put(
        "a link of the cache leads nowhere",
        f -> {
          Path model = withoutWeights(f);
          Files.createSymbolicLink(model.resolve("model.safetensors"), Path.of("../../blobs/gone"));
          return ask(model);
        });
    cases.put(
        "the links of a cache were stored as texts",
        f -> {
          Path model = withoutWeights(f);
          Files.writeString(model.resolve("model.safetensors"), "../../blobs/gone");
          return ask(model);
        });
    cases.put(
        "the tokenizer uses what is not supported",
        f -> {
          Path model = Fixtures.model(f.resolve("m"));
          Path file = model.resolve("tokenizer.json");
          ObjectNode tokenizer = (ObjectNode) JsonMapper.shared().readTree(file);
          tokenizer.putObject("pre_tokenizer").put("type", "FromTheFuture");
          Files.writeString(file, tokenizer.toString());
          return ask(model);
        });
  }

  private static Path withoutWeights(Path folder) throws IOException {
    Path model = Fixtures.model(folder.resolve("m"));
    Files.delete(model.resolve("model.safetensors"));
    return model;
  }

  private static String[] changed(Path folder, String changes) throws IOException {
    Path model = Fixtures.model(folder.resolve("m"));
    Path file = model.resolve("config.json");
    ObjectNode config = (ObjectNode) JsonMapper.shared().readTree(file);
    config.setAll((ObjectNode) JsonMapper.shared().readTree(changes));
    Files.writeString(file, config.toString());
    return ask(model);
  }

  private static String[] ask(Path model) {
    return new String[] {"ask", "--model=" + model, Fixtures.PICTURE, Fixtures.QUESTION};
  }
}
