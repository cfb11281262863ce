package dev.lynceus.verify;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageProcessor;
import dev.lynceus.model.ImageScale;
import dev.lynceus.model.Picture;
import dev.lynceus.model.catalog.Purpose;
import dev.lynceus.model.reader.TextReader;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedMae;
import dev.lynceus.run.LoadedMatcher;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.tensor.file.Safetensors;
import dev.lynceus.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Compares a checkpoint, as it runs here, with reference values that another program computed for
/// it.
///
/// ```java
/// VerificationReport report = Verification.run(checkpoint, reference, VerificationOptions.DEFAULT);
/// ```
///
/// Whatever is in the reference folder is compared: `expected.json` and `expected.safetensors`
/// (texts and stages of one prompt), `expected_native.*` (the same computed in the stored 16-bit
/// type), `methods.*` (values of explaining methods), `methods_scaled_images.*`,
/// `tokenizer_cases.json`, `image_cases.safetensors`. The format is in docs/how-to/verify.md.
public final class Verification {
  private final Path checkpoint;
  private final ReferenceFolder folder;
  private final VerificationOptions options;
  private final List<Check> checks = new ArrayList<>();
  private final Set<String> notes = new LinkedHashSet<>();

  private Verification(Path checkpoint, ReferenceFolder folder, VerificationOptions options) {
    this.checkpoint = checkpoint;
    this.folder = folder;
    this.options = options;
  }

  /// Runs every comparison that the reference folder has values for.
  ///
  /// @param checkpoint folder of the model
  /// @param against folder of the reference values
  /// @throws LynceusException BAD_REQUEST if the reference folder cannot be used; what loading a
  ///   model throws
  public static VerificationReport run(Path checkpoint, Path against, VerificationOptions options) {
    if (options.compute().isPresent() && options.compute().get().isHalf()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "reference values in float32 cannot be compared with a run in " + options.compute().get(),
          "Use float32 or float64; 16-bit runs are compared with expected_native.safetensors.");
    }
    ReferenceFolder folder = ReferenceFolder.open(against, options.pictures());
    Verification verification = new Verification(checkpoint, folder, options);
    switch (purpose(checkpoint)) {
      case ANSWERS -> {
        verification.plain();
        verification.scaled();
        verification.nativeType();
      }
      case MATCHES -> verification.matching();
      case RECONSTRUCTS -> verification.reconstructing();
    }
    return new VerificationReport(
        checkpoint.toString(),
        against.toString(),
        verification.checks,
        List.copyOf(verification.notes));
  }

  /// Everything that float32 arithmetic and visual tokens as the projector made them answer for.
  private void plain() {
    try (LoadedModel model = load(LoadOptions.DEFAULT.compute(compute()))) {
      cases(model.tokenizer(), model.processor());
      Optional<Path> json = folder.file("expected.json");
      if (json.isPresent()) {
        methods(model, answered(model, json.get()), "methods");
      } else {
        needPrompt("expected.safetensors", "methods.safetensors");
      }
      folder.morePrompts().forEach(file -> further(model, file));
    }
  }

  private static Purpose purpose(Path folder) {
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      return Purpose.of(checkpoint);
    }
  }

  /// What tokenizer and image processor answer for alone.
  private void cases(Tokenizer tokenizer, Optional<ImageProcessor> processor) {
    folder
        .file("tokenizer_cases.json")
        .ifPresent(file ->
            checks.addAll(
                new TokenizerCases(
                        tokenizer, within(file, Tolerance.STAGES), ReferenceFolder.json(file))
                    .checks()));
    cases(processor);
  }

  private void cases(Optional<ImageProcessor> processor) {
    folder
        .file("image_cases.safetensors")
        .ifPresent(file -> {
          try (Safetensors cases = Safetensors.open(file)) {
            checks.addAll(
                new ImageCases(processor, folder, within(file, Tolerance.STAGES), cases).checks());
          }
        });
  }

  /// A masked autoencoder.
  private void reconstructing() {
    try (LoadedMae model = LoadedMae.load(checkpoint, LoadOptions.DEFAULT.compute(compute()))) {
      notes.addAll(model.notes());
      cases(Optional.of(model.processor()));
      Optional<Path> json = folder.file("expected.json");
      if (json.isEmpty()) {
        needPrompt("expected.safetensors");
      }
      Stream.concat(json.stream(), folder.morePrompts().stream())
          .forEach(file -> reconstructed(model, file));
    }
  }

  private void reconstructed(LoadedMae model, Path json) {
    List<String> names = ReferenceFolder.names(ReferenceFolder.json(json).path("image"));
    if (names.size() != 1) {
      throw ReferenceFolder.bad(json + " names not one \"image\"");
    }
    Picture picture = model.picture(names.getFirst(), folder.read(names.getFirst(), json));
    folder
        .file(name(json).replaceFirst("json$", "safetensors"))
        .ifPresent(file -> {
          try (Safetensors reference = Safetensors.open(file)) {
            checks.addAll(
                new MaeStages(model, picture, within(file, Tolerance.STAGES), reference).checks());
          }
        });
  }

  /// A model that says how well texts fit pictures.
  private void matching() {
    try (LoadedMatcher model =
        LoadedMatcher.load(checkpoint, LoadOptions.DEFAULT.compute(compute()))) {
      notes.addAll(model.notes());
      cases(model.tokenizer(), Optional.of(model.processor()));
      Optional<Path> json = folder.file("expected.json");
      if (json.isEmpty()) {
        needPrompt("expected.safetensors");
      }
      Stream.concat(json.stream(), folder.morePrompts().stream())
          .forEach(file -> matched(model, file));
    }
  }

  private void matched(LoadedMatcher model, Path json) {
    JsonNode expected = ReferenceFolder.json(json);
    Optional<Path> tensors = folder.file(name(json).replaceFirst("json$", "safetensors"));
    try (MatchCase pairs = MatchCase.of(model, folder, json, expected)) {
      checks.addAll(pairs.told(within(json, Tolerance.STAGES), expected));
      tensors.ifPresent(file -> {
        try (Safetensors reference = Safetensors.open(file)) {
          checks.addAll(
              new MatchStages(
                      pairs,
                      within(file, Tolerance.STAGES),
                      within(file, Tolerance.GRADIENTS),
                      reference)
                  .checks());
        }
      });
    }
  }

  /// The answer to one prompt, and the stages of the pass over it where they are beside it.
  private Prompt answered(LoadedModel model, Path json) {
    JsonNode expected = ReferenceFolder.json(json);
    Prompt prompt = folder.prompt(model, json, expected);
    Judge judge = within(json, Tolerance.STAGES);
    Optional<Path> tensors = folder.file(name(json).replaceFirst("json$", "safetensors"));
    if (model.model() instanceof TextReader) {
      checks.addAll(new ReaderAnswers(model, prompt, judge, expected).checks(tensors));
    } else {
      checks.addAll(new Answers(model, prompt, judge, expected).checks());
    }
    tensors.ifPresent(file -> stages(model, prompt, file));
    return prompt;
  }

  /// A further prompt, which may ask for what is not read here, such as a video.
  private void further(LoadedModel model, Path json) {
    try {
      answered(model, json);
    } catch (LynceusException refused) {
      if (refused.code() != ErrorCode.UNSUPPORTED_MODEL) {
        throw refused;
      }
      checks.add(
          Check.skipped(name(json), "prompt", new long[0], String.valueOf(refused.getMessage())));
    }
  }

  private void stages(LoadedModel model, Prompt prompt, Path file) {
    try (Safetensors reference = Safetensors.open(file)) {
      stages(model, prompt, file, reference, Stages.plain(reference));
    }
  }

  private void stages(
      LoadedModel model,
      Prompt prompt,
      Path file,
      Safetensors reference,
      Map<String, String> names) {
    Judge judge = within(file, Tolerance.STAGES);
    Judge gradients = within(file, Tolerance.GRADIENTS);
    checks.addAll(new Stages(model, prompt, judge, gradients, reference, names).checks());
  }

  private void methods(LoadedModel model, Prompt prompt, String name) {
    folder
        .file(name + ".safetensors")
        .ifPresent(file -> {
          try (Safetensors reference = Safetensors.open(file)) {
            Judge judge = within(file, Tolerance.METHODS);
            checks.addAll(
                model.model() instanceof TextReader
                    ? new ZoneValues(model, prompt, judge, reference, described(name)).checks()
                    : new MethodValues(model, prompt, judge, reference).checks());
          }
        });
  }

  private JsonNode described(String name) {
    return folder
        .file(name + ".json")
        .map(ReferenceFolder::json)
        .orElseGet(() -> JsonMapper.shared().createObjectNode());
  }

  /// The other reading of Gemma's visual tokens.
  private void scaled() {
    Optional<Path> json = folder.file("expected.json");
    if (json.isEmpty()) {
      needPrompt("methods_scaled_images.safetensors");
      return;
    }
    boolean methods = folder.file("methods_scaled_images.safetensors").isPresent();
    Optional<Path> tensors = folder.file("expected.safetensors");
    if (tensors.isEmpty() && !methods) {
      return;
    }
    Map<String, String> names = Map.of();
    if (tensors.isPresent()) {
      try (Safetensors reference = Safetensors.open(tensors.get())) {
        names = Stages.scaled(reference);
      }
    }
    if (names.isEmpty() && !methods) {
      return;
    }
    LoadOptions load = LoadOptions.DEFAULT.compute(compute()).imageScale(ImageScale.WITH_TEXT);
    try (LoadedModel model = load(load)) {
      Prompt prompt = folder.prompt(model, json.get(), ReferenceFolder.json(json.get()));
      if (!names.isEmpty()) {
        Path file = tensors.orElseThrow();
        try (Safetensors reference = Safetensors.open(file)) {
          stages(model, prompt, file, reference, names);
        }
      }
      methods(model, prompt, "methods_scaled_images");
    }
  }

  /// Values computed in the type that the weights are stored in.
  private void nativeType() {
    Optional<Path> json = folder.file("expected_native.json");
    Optional<Path> tensors = folder.file("expected_native.safetensors");
    if (json.isEmpty()) {
      needPrompt("expected_native.safetensors");
      return;
    }
    JsonNode expected = ReferenceFolder.json(json.get());
    DType type =
        DType.parse(expected.path("computed_in").asString(expected.path("dtype").asString("")));
    try (LoadedModel model = load(LoadOptions.DEFAULT.compute(type))) {
      Prompt prompt = folder.prompt(model, json.get(), expected);
      checks.addAll(
          new Answers(model, prompt, new Judge.TextsOnly(name(json.get())), expected).checks());
      if (tensors.isPresent()) {
        Path exactFile =
            folder
                .file("expected.safetensors")
                .orElseThrow(() ->
                    ReferenceFolder.bad(
                        "expected_native.safetensors needs expected.safetensors beside it: the same weights computed"
                            + " in float32, which say how far rounding goes"));
        try (Safetensors reference = Safetensors.open(tensors.get());
            Safetensors exact = Safetensors.open(exactFile)) {
          Judge judge = new Judge.AsCloseAsRounding(name(tensors.get()), reference, exact);
          checks.addAll(
              new Stages(model, prompt, judge, judge, reference, Stages.plain(reference)).checks());
        }
      }
    }
  }

  private void needPrompt(String... tensors) {
    for (String name : tensors) {
      if (folder.file(name).isPresent()) {
        throw ReferenceFolder.bad(
            folder.folder().resolve(name) + " needs the JSON file that says the prompt beside it");
      }
    }
  }

  private LoadedModel load(LoadOptions load) {
    // A reference that goes on past the positions that a model was made for is followed.
    LoadedModel model = LoadedModel.load(checkpoint, load.reach(LoadOptions.Reach.ANY));
    notes.addAll(model.notes());
    notes.addAll(model.notes(false, false));
    return model;
  }

  private DType compute() {
    return options.compute().orElse(DType.FLOAT32);
  }

  private Judge within(Path file, Tolerance usual) {
    return new Judge.Within(name(file), options.in(usual));
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
