package dev.lynceus.verify;

import dev.lynceus.image.InPrompt;
import dev.lynceus.model.Attends;
import dev.lynceus.model.Picture;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.model.reader.TextReader;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Captured;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.Safetensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// Compares the stages of a pass: pixels, tower, projector, merged embeddings, every layer, logits,
/// greedy ids, gradients.
///
/// @param judge of activations
/// @param gradientJudge of gradients
/// @param reference the values
/// @param names reference tensors to compare, key = name here, value = name in the file
record Stages(
    LoadedModel model,
    Prompt prompt,
    Judge judge,
    Judge gradientJudge,
    Safetensors reference,
    Map<String, String> names) {

  /// The tensors of the other reading of Gemma's visual tokens
  /// ([dev.lynceus.model.ImageScale#WITH_TEXT]) begin so.
  static final String SCALED = "scaled_images.";

  /// How many pictures each prompt has, where processors ask.
  static final String BATCHES = "batch_num_images";

  /// Every tensor that is compared with a run as transformers 5 reads the checkpoint.
  static Map<String, String> plain(Safetensors reference) {
    Map<String, String> names = new TreeMap<>(NaturalOrder.INSTANCE);
    reference.names().stream()
        .filter(name -> !name.startsWith(SCALED) && !name.equals(ReaderAnswers.LIKELIHOOD))
        .forEach(name -> names.put(name, name));
    return names;
  }

  /// Every tensor that is compared with a run that scales visual tokens.
  static Map<String, String> scaled(Safetensors reference) {
    Map<String, String> names = new TreeMap<>(NaturalOrder.INSTANCE);
    reference.names().stream()
        .filter(name -> name.startsWith(SCALED))
        .forEach(name -> {
          String plain = name.substring(SCALED.length());
          names.put(plain.equals("inputs_embeds") ? "lm.inputs_embeds" : plain, name);
        });
    return names;
  }

  /// Runs and compares.
  List<Check> checks() {
    StageNames stages =
        new StageNames(
            model.model().layers(Stack.DECODER),
            model.model().layers(Stack.VISION),
            model.model().layers(Stack.QFORMER),
            model.model().layers(Stack.ENCODER));
    Capture plan = Capture.NONE;
    for (String name : names.keySet()) {
      Optional<Captured.Key> key = stages.activation(name);
      if (key.isPresent() && exists(key.get().point())) {
        Capture.Request request = Capture.request(key.get().point());
        plan = plan.and(key.get().point().perLayer() ? request.layers(key.get().layer()) : request);
      }
      int added = stages.added(name, deep());
      if (added >= 0) {
        plan = plan.and(Capture.request(Point.ADDED).layers(added));
      }
    }
    List<Check> checks = new ArrayList<>();
    try (Scope scope = Scope.open();
        Run run = model.run(passed(), plan)) {
      Gradients gradients = new Gradients(run);
      names.forEach((name, stored) -> {
        try (Scope inner = Scope.open()) {
          checks.add(
              stages.beyond(name) ? beyond(stored) : check(name, stored, stages, run, gradients));
        }
      });
    }
    return checks;
  }

  /// What is passed: the prompt, with the answer where the reference passed that too.
  private Prompt passed() {
    if (!reference.names().contains(SpokenValues.IDS)) {
      return prompt;
    }
    int[] ids = reference.tensor(SpokenValues.IDS).toInts();
    return ids.length <= prompt.length()
        ? prompt
        : prompt.withAnswer(Arrays.copyOfRange(ids, prompt.length(), ids.length));
  }

  private Check check(String name, String stored, StageNames stages, Run run, Gradients gradients) {
    Tensor expected = reference.tensor(stored);
    Optional<Captured.Key> key = stages.activation(name);
    if (name.startsWith("vision.") && model.model().vision().isEmpty()) {
      return skipped(stored, expected, "this model has no eyes");
    }
    if (key.isPresent()) {
      Point point = key.get().point();
      if (point == Point.LN_FINAL_OUT
          && expected.size(-1) == model.model().decoder().config().embedding().narrow()) {
        return skipped(stored, expected, "the reference shows it after project_out");
      }
      return exists(point)
          ? judge.tensor(stored, ours(name, key.get(), stages, run), flat(point, expected))
          : skipped(stored, expected, "this model has no eyes");
    }
    if (SpokenValues.answers(model) && SpokenValues.knows(name)) {
      return new SpokenValues(model, prompt, judge).check(name, stored, expected, run);
    }
    return switch (name) {
      case "input_ids" -> judge.ids(stored, prompt.ids(), expected.toInts(), expected.shape());
      case "qformer_input_ids" ->
          judge.ids(stored, prompt.beside().ids(), expected.toInts(), expected.shape());
      case "qformer_attention_mask" ->
          judge.ids(stored, ones(prompt.beside().length()), expected.toInts(), expected.shape());
      case "attention_mask" ->
          judge.ids(stored, ones(prompt.length()), expected.toInts(), expected.shape());
      // Tiles are never filled up.
      case "pixel_attention_mask" ->
          judge.ids(stored, ones((int) expected.numel()), expected.toInts(), expected.shape());
      case "token_type_ids" ->
          model.model().attends() == Attends.CAUSAL
              ? skipped(stored, expected, "no stage of that name")
              : judge.ids(stored, types(), expected.toInts(), expected.shape());
      case BATCHES ->
          judge.ids(stored, batches(prompt.pictures()), expected.toInts(), expected.shape());
      case "image_sizes" ->
          judge.ids(stored, sizes(prompt.pictures()), expected.toInts(), expected.shape());
      case "mm_token_type_ids" -> judge.ids(stored, kinds(), expected.toInts(), expected.shape());
      case "image_grid_thw" ->
          judge.ids(
              stored, PictureGrids.of(prompt.pictures()), expected.toInts(), expected.shape());
      case "position_ids_3d" ->
          judge.ids(
              stored,
              Arrays.stream(model.model().standing(prompt.tokens()))
                  .flatMapToInt(Arrays::stream)
                  .toArray(),
              expected.toInts(),
              expected.shape());
      case "rope_delta" ->
          judge.ids(stored, new int[] {delta()}, expected.toInts(), expected.shape());
      case "logits_last" -> judge.tensor(stored, run.logits(), expected);
      case "generated_ids" ->
          judge.ids(
              stored,
              Greedy.ids(model, prompt, (int) expected.numel()),
              expected.toInts(),
              expected.shape());
      case "grad.top_logit_wrt_inputs_embeds" ->
          gradient(stored, Point.EMBED_MERGED, expected, gradients);
      case "grad.top_logit_wrt_pixel_values" ->
          gradient(stored, Point.vision(Site.PIXELS), expected, gradients);
      default ->
          model.model() instanceof TextReader
              ? new ReaderStages(model, prompt, judge, gradientJudge)
                  .check(name, expected)
                  .orElseGet(() -> skipped(stored, expected, "no stage of that name"))
              : skipped(stored, expected, "no stage of that name");
    };
  }

  /// 1 for visual tokens that see each other; 0 for all else, and for all of a prompt that sees
  /// itself whole; of texts that are read side by side the number of each.
  private int[] types() {
    return prompt.tokens().spots().stream()
        .mapToInt(spot ->
            switch (model.model().attends()) {
              case CAUSAL, PREFIX -> 0;
              case ALL -> spot.segment();
              case PICTURES -> spot.role() == TokenMap.Role.IMAGE ? 1 : 0;
            })
        .toArray();
  }

  private int deep() {
    return model.model().decoder().deep();
  }

  /// What a reference tensor is compared with.
  private Tensor ours(String name, Captured.Key key, StageNames stages, Run run) {
    Tensor own = run.get(key.point(), key.layer());
    int added = stages.added(name, deep());
    if (added >= 0) {
      return own.sub(run.get(Point.ADDED, added));
    }
    // Only the visual tokens are in the file.
    if (name.equals("start_logits") || name.equals("end_logits")) {
      return own.select(2, name.equals("start_logits") ? 0 : 1);
    }
    return key.point() == Point.ADDED
        ? own.indexSelect(1, Tensor.indices(prompt.tokens().positions(TokenMap.Role.IMAGE)))
        : own;
  }

  /// 1 for visual tokens, 0 for words.
  private int[] kinds() {
    return prompt.tokens().spots().stream()
        .mapToInt(spot -> spot.role() == TokenMap.Role.IMAGE ? 1 : 0)
        .toArray();
  }

  /// How far the next token's position is from the number of tokens.
  private int delta() {
    int largest =
        Arrays.stream(model.model().standing(prompt.tokens()))
            .flatMapToInt(Arrays::stream)
            .max()
            .orElse(-1);
    return largest + 1 - prompt.length();
  }

  /// One prompt of so many pictures, or so many of one where each counts as alone.
  static int[] batches(List<Picture> pictures) {
    return pictures.stream().allMatch(picture -> picture.place() == InPrompt.ALONE)
        ? ones(pictures.size())
        : new int[] {pictures.size()};
  }

  /// Height and width of each picture.
  static int[] sizes(List<Picture> pictures) {
    return pictures.stream()
        .flatMapToInt(
            picture -> IntStream.of(picture.original().height(), picture.original().width()))
        .toArray();
  }

  private Check beyond(String name) {
    return new Check(
        judge.file(),
        name,
        reference.tensor(name).shape(),
        Double.NaN,
        Double.NaN,
        Verdict.FAIL,
        "this model has fewer layers");
  }

  private Check gradient(String name, Point point, Tensor expected, Gradients gradients) {
    if (model.computeType().isHalf()) {
      return skipped(name, expected, "gradients are compared in float32 and float64 only");
    }
    return exists(point)
        ? gradientJudge.tensor(name, gradients.ofTopLogit(point), flat(point, expected))
        : skipped(name, expected, "this model has no eyes");
  }

  /// The reference with one view of a picture after the other, where it has them by pictures:
  /// `[pictures, views, ...]`, filled up with zeros where a picture has fewer views than another.
  private Tensor flat(Point point, Tensor expected) {
    if (point == Point.PROJECTOR_PACKED && expected.shape().length == 3) {
      // Views one after the other, where there is nothing between them.
      return expected.flatten(0, 1).unsqueeze(0);
    }
    if (point == Point.vision(Site.PIXELS) && expected.shape().length == 2) {
      // Patches as rows of numbers.
      return expected.reshape(
          ((VisionLanguageModel) model.model()).input(prompt.pictures()).pixels());
    }
    List<Picture> pictures = prompt.pictures();
    int all = pictures.stream().mapToInt(picture -> picture.views().size()).sum();
    if (point == Point.vision(Site.PIXELS)
        && expected.shape().length == 5
        && expected.size(0) == 1
        && expected.size(1) == all) {
      return expected.select(0, 0);
    }
    if (point != Point.vision(Site.PIXELS)
        || expected.shape().length != 5
        || expected.size(0) != pictures.size()) {
      return expected;
    }
    List<Tensor> views = new ArrayList<>();
    for (int i = 0; i < pictures.size(); i++) {
      int count = pictures.get(i).views().size();
      if (count > expected.size(1)) {
        return expected;
      }
      views.add(expected.select(0, i).narrow(0, 0, count));
    }
    return Torch.cat(views, 0);
  }

  private boolean exists(Point point) {
    return model.model().has(point);
  }

  private Check skipped(String name, Tensor expected, String reason) {
    return Check.skipped(judge.file(), name, expected.shape(), reason);
  }

  private static int[] ones(int length) {
    int[] ones = new int[length];
    Arrays.fill(ones, 1);
    return ones;
  }
}
