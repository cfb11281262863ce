package dev.lynceus.tensor.file;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Files that people give where a safetensors file belongs, known by their first bytes, with the
/// way out of each.
enum ForeignFormat {
  GIT_LFS_POINTER(
      "is a Git LFS pointer, a few lines of text that stand for the weights, not the weights",
      "Run `git lfs pull` in that folder, or fetch the model again with `hf download`.") {
    @Override
    boolean matches(byte[] start) {
      return startsWith(start, "version https://git-lfs");
    }
  },
  TORCH_ZIP("is a PyTorch pickle (a zip of Python objects), not safetensors", pickleFix()) {
    @Override
    boolean matches(byte[] start) {
      return startsWith(start, "PK\u0003\u0004") && !startsHeader(start);
    }
  },
  PICKLE("is a Python pickle, not safetensors", pickleFix()) {
    @Override
    boolean matches(byte[] start) {
      return start.length > 1
          && start[0] == (byte) 0x80
          && start[1] >= 2
          && start[1] <= 5
          && !startsHeader(start);
    }
  },
  GGUF(
      "is a GGUF file, not safetensors",
      "Give the model in the Hugging Face layout (config.json and *.safetensors).") {
    @Override
    boolean matches(byte[] start) {
      return startsWith(start, "GGUF") && !startsHeader(start);
    }
  },
  WEB_PAGE(
      "is a web page, not safetensors: the download saved the page about the file",
      "Fetch the model again with `hf download`.") {
    @Override
    boolean matches(byte[] start) {
      return startsWith(start, "<!DOCTYPE")
          || startsWith(start, "<!doctype")
          || startsWith(start, "<html");
    }
  };

  /// How many bytes of a file must be shown to [#of].
  static final int BYTES = 32;

  private final String description;
  private final String nextStep;

  ForeignFormat(String description, String nextStep) {
    this.description = description;
    this.nextStep = nextStep;
  }

  /// What the file is, as the end of a sentence that starts with its name.
  String description() {
    return description;
  }

  /// What the user can do about it.
  String nextStep() {
    return nextStep;
  }

  abstract boolean matches(byte[] start);

  /// The format of a file that starts with these bytes, where it is one of the known wrong ones.
  static Optional<ForeignFormat> of(byte[] start) {
    for (ForeignFormat format : values()) {
      if (format.matches(start)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  /// How pickled weights become safetensors. Pickles can run code when they are read, so Lynceus
  /// never reads them.
  static String pickleFix() {
    return "Convert it once with Python: `import torch; from safetensors.torch import save_file;"
        + " w = torch.load('pytorch_model.bin', weights_only=True);"
        + " save_file({k: v.clone().contiguous() for k, v in w.items()}, 'model.safetensors')`.";
  }

  /// The length field of a true file may begin like any magic number; then '{' follows it.
  private static boolean startsHeader(byte[] start) {
    return start.length > Long.BYTES && start[Long.BYTES] == '{';
  }

  private static boolean startsWith(byte[] bytes, String magic) {
    byte[] expected = magic.getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length < expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if (bytes[i] != expected[i]) {
        return false;
      }
    }
    return true;
  }
}
