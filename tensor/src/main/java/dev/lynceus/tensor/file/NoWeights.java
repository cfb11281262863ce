package dev.lynceus.tensor.file;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// What a folder without readable weights holds instead, and the way out of it.
final class NoWeights {
  private NoWeights() {}

  static final String GGUF =
      "GGUF files are mostly quantised, and are not read: use the checkpoint that it was made from, in"
          + " the Hugging Face layout (config.json and *.safetensors).";

  private static final int NAMES = 4;

  /// The error for a folder without `model.safetensors` and its index.
  static LynceusException in(Path folder) {
    List<String> names = FolderFiles.names(folder);
    List<String> adapters =
        matching(names, name -> name.startsWith("adapter_") && !name.endsWith(".json"));
    if (!adapters.isEmpty() || names.contains("adapter_config.json")) {
      return bad(
          folder
              + " holds an adapter"
              + FolderFiles.baseOfAdapter(folder)
              + (adapters.isEmpty() ? "" : " (" + String.join(", ", adapters) + ")")
              + ", not a whole model",
          "Merge it into its base model with peft (merge_and_unload, then save_pretrained), and give that folder.");
    }
    List<String> tensors = matching(names, name -> name.endsWith(".safetensors"));
    if (!tensors.isEmpty()) {
      return named(folder, tensors);
    }
    List<String> pickles = matching(names, Pattern.compile(".*\\.(bin|pt|pth|ckpt|pkl)"));
    if (!pickles.isEmpty()) {
      return bad(
          folder
              + " has its weights as Python pickles only ("
              + list(pickles)
              + "); reading a pickle can run code that is hidden in it, so it is not done",
          ForeignFormat.pickleFix());
    }
    for (Foreign format : Foreign.values()) {
      List<String> files = matching(names, format.pattern);
      if (!files.isEmpty()) {
        return bad(
            folder + " has its weights as " + format.name + " only (" + list(files) + ")",
            format.wayOut);
      }
    }
    return bad(
        folder + " holds no weights: neither " + WeightFiles.SINGLE + " nor " + WeightFiles.INDEX,
        "Fetch the whole model, for example with `hf download org/name`.");
  }

  private static LynceusException named(Path folder, List<String> tensors) {
    String what =
        "%s has neither %s nor %s, only %s"
            .formatted(folder, WeightFiles.SINGLE, WeightFiles.INDEX, list(tensors));
    if (tensors.stream().anyMatch(name -> name.startsWith("consolidated"))) {
      return bad(
          what,
          "consolidated files are in the layout of the model's authors: use its conversion for transformers, or convert it.");
    }
    boolean shards = tensors.stream().anyMatch(name -> name.matches(".*-\\d+-of-\\d+\\..*"));
    return bad(
        what,
        shards
            ? "These are shards: fetch the index too."
            : "If the one file is the whole model: name it " + WeightFiles.SINGLE + ".");
  }

  /// Formats of other programs.
  private enum Foreign {
    GGUF_FILE("GGUF", ".*\\.gguf", GGUF),
    ONNX("ONNX", ".*\\.onnx", inTorch()),
    TENSORFLOW("TensorFlow weights", ".*\\.h5|tf_model.*|saved_model\\.pb", inTorch()),
    FLAX("Flax weights", ".*\\.msgpack", inTorch()),
    NUMPY("NumPy arrays", ".*\\.npz", inTorch()),
    OPENVINO("OpenVINO weights", "openvino_model.*", inTorch());

    private final String name;
    private final Pattern pattern;
    private final String wayOut;

    Foreign(String name, String pattern, String wayOut) {
      this.name = name;
      this.pattern = Pattern.compile(pattern);
      this.wayOut = wayOut;
    }

    private static String inTorch() {
      return "Use the checkpoint of this model with *.safetensors, or convert it with transformers (load it, then save_pretrained).";
    }
  }

  private static List<String> matching(List<String> names, Pattern pattern) {
    return matching(names, pattern.asMatchPredicate());
  }

  private static List<String> matching(List<String> names, Predicate<String> wanted) {
    return names.stream().filter(wanted).toList();
  }

  private static String list(List<String> names) {
    return names.size() <= NAMES
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, NAMES)) + " and " + (names.size() - NAMES) + " more";
  }

  private static LynceusException bad(String what, String nextStep) {
    return new LynceusException(ErrorCode.BAD_CHECKPOINT, what, nextStep);
  }
}
