package dev.lynceus.verify;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageFileReader;
import dev.lynceus.image.InPrompt;
import dev.lynceus.image.RgbImage;
import dev.lynceus.model.Picture;
import dev.lynceus.model.reader.TextReader;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Video;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.file.InputFile;
import dev.lynceus.tensor.file.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A folder of reference values.
///
/// @param folder holds at least one of the known files
/// @param pictures folders in which a picture is looked for, in order
record ReferenceFolder(Path folder, List<Path> pictures) {
  static final List<String> FILES =
      List.of(
          "expected.json",
          "expected.safetensors",
          "expected_native.json",
          "expected_native.safetensors",
          "methods.json",
          "methods.safetensors",
          "methods_scaled_images.json",
          "methods_scaled_images.safetensors",
          "tokenizer_cases.json",
          "image_cases.safetensors");

  private static final Pattern MORE = Pattern.compile("expected_(?!native\\.)\\w+\\.json");

  private static final JsonMapper MAPPER = new JsonMapper();

  /// Looks at a folder.
  ///
  /// @throws LynceusException BAD_REQUEST if it is no folder or holds none of the known files
  static ReferenceFolder open(Path folder, Optional<Path> pictures) {
    if (!Files.isDirectory(folder)) {
      throw bad(folder + " is not a folder of reference values");
    }
    if (!Files.isReadable(folder)) {
      throw bad(folder + " cannot be read");
    }
    if (FILES.stream().noneMatch(name -> Files.isRegularFile(folder.resolve(name)))) {
      throw bad(folder + " holds none of the files of reference values");
    }
    List<Path> places =
        pictures.isPresent()
            ? List.of(pictures.get())
            : List.of(
                folder,
                folder.resolve("images"),
                folder.resolve("..").resolve("images").normalize());
    return new ReferenceFolder(folder, places);
  }

  /// A file of this folder, where it is there.
  Optional<Path> file(String name) {
    Path file = folder.resolve(name);
    return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
  }

  /// Other prompts of the same checkpoint, `expected_NAME.json`, in order of their names.
  List<Path> morePrompts() {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> MORE.matcher(String.valueOf(file.getFileName())).matches())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw bad(folder + " cannot be read");
    }
  }

  /// Reads a JSON object.
  ///
  /// @throws LynceusException BAD_REQUEST if it is none
  static JsonNode json(Path file) {
    try {
      JsonNode node = MAPPER.readTree(InputFile.REFERENCE.bytes(file));
      if (node.isObject()) {
        return node;
      }
      throw bad(file + " does not hold a JSON object");
    } catch (JacksonException malformed) {
      throw bad(
          "%s is not valid JSON at line %d: %s"
              .formatted(
                  file, malformed.getLocation().getLineNr(), malformed.getOriginalMessage()));
    }
  }

  /// A picture by name; names that lead out of the folders of pictures find none.
  Optional<Path> picture(String name) {
    try {
      return pictures.stream()
          .filter(place -> place.resolve(name).normalize().startsWith(place.normalize()))
          .map(place -> place.resolve(name))
          .filter(Files::isRegularFile)
          .findFirst();
    } catch (InvalidPathException noName) {
      return Optional.empty();
    }
  }

  /// The prompt that an `expected.json` describes.
  ///
  /// @throws LynceusException BAD_REQUEST without a prompt or a picture
  Prompt prompt(LoadedModel model, Path file, JsonNode expected) {
    if (expected.has("passage") && model.model() instanceof TextReader) {
      return model
          .passages()
          .prompt(expected.path("question").asString(""), expected.path("passage").asString(""));
    }
    boolean reads = SpokenValues.answers(model);
    String text =
        reads
            ? expected.path("question").asString(expected.path("caption_prompt").asString(""))
            : expected.path("prompt").asString(expected.path("text").asString(""));
    if (text.isEmpty() && !reads) {
      throw bad(file + " has no \"prompt\"");
    }
    List<Picture> seen = new ArrayList<>();
    List<RgbImage> frames = new ArrayList<>();
    // Where the prompt holds what stands for a video, and nothing else, all pictures are its
    // frames.
    boolean video =
        text.contains(model.template().videoToken())
            && !text.contains(model.template().imageToken());
    if (model.processor().isPresent()) {
      for (String name : names(expected.path("image"))) {
        RgbImage image = read(name, file);
        if (video) {
          frames.add(image);
          continue;
        }
        seen.add(
            cutApart(file)
                ? model.picture(name, image, InPrompt.ALONE)
                : model.picture(name, image));
      }
    }
    if (video) {
      seen.add(Video.of(model, "video", frames));
    }
    return model.raw(text, seen.toArray(Picture[]::new));
  }

  /// Reads a picture.
  ///
  /// @param file that names it
  /// @throws LynceusException BAD_REQUEST where it is not there
  RgbImage read(String name, Path file) {
    Path path =
        picture(name)
            .orElseThrow(() ->
                new LynceusException(
                    ErrorCode.BAD_REQUEST,
                    "the picture %s of %s is not in %s"
                        .formatted(
                            name,
                            file,
                            String.join(", ", pictures.stream().map(Path::toString).toList())),
                    "Give its folder with --pictures."));
    return new ImageFileReader().read(path);
  }

  /// Whether the reference processed each picture as if it were alone, as LLaVA-OneVision does with
  /// a list of pictures that is not one of lists: `batch_num_images` then is one for each.
  private boolean cutApart(Path json) {
    Optional<Path> tensors =
        file(String.valueOf(json.getFileName()).replaceFirst("json$", "safetensors"));
    if (tensors.isEmpty()) {
      return false;
    }
    try (Safetensors reference = Safetensors.open(tensors.get());
        Scope scope = Scope.open()) {
      return reference.names().contains(Stages.BATCHES)
          && reference.tensor(Stages.BATCHES).numel() > 1;
    }
  }

  /// The names of one picture or of several.
  static List<String> names(JsonNode image) {
    return image.isArray()
        ? image.valueStream().map(JsonNode::asString).toList()
        : Stream.of(image.asString("")).filter(name -> !name.isEmpty()).toList();
  }

  static LynceusException bad(String message) {
    return new LynceusException(
        ErrorCode.BAD_REQUEST,
        message,
        "Make reference values with the script in docs/how-to/verify.md: expected.json with expected.safetensors.");
  }
}
