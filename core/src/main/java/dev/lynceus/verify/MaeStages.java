package dev.lynceus.verify;

import dev.lynceus.image.ProcessedImage;
import dev.lynceus.model.Picture;
import dev.lynceus.model.mae.MaeConfig;
import dev.lynceus.model.mae.Mask;
import dev.lynceus.model.mae.Patches;
import dev.lynceus.run.LoadedMae;
import dev.lynceus.run.MaeRun;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Captured;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Safetensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Compares a masked autoencoder stage by stage, for the mask that the reference's own noise makes.
///
/// @param reference the values, the noise among them
record MaeStages(LoadedMae model, Picture picture, Judge judge, Safetensors reference) {
  /// What patches draw.
  static final String NOISE = "noise";

  private static final Pattern NUMBERED = Pattern.compile("(.+)\\.(\\d{1,4})");

  /// The mask of the reference.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_REQUEST without the noise
  private Mask mask() {
    if (!reference.names().contains(NOISE)) {
      throw ReferenceFolder.bad(
          "expected.safetensors of a masked autoencoder needs the noise that its mask was drawn by");
    }
    try (Scope scope = Scope.open()) {
      return Mask.of(
          reference.tensor(NOISE).reshape(-1).toDoubles(), model.model().config().ratio());
    }
  }

  List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(NaturalOrder.INSTANCE);
    names.addAll(reference.names());
    Capture plan = Capture.NONE;
    for (String name : names) {
      Optional<Captured.Key> key = key(name);
      if (key.isPresent()) {
        Capture.Request request = Capture.request(key.get().point());
        plan = plan.and(key.get().point().perLayer() ? request.layers(key.get().layer()) : request);
      }
    }
    try (MaeRun run = model.run(picture, mask(), plan, List.of())) {
      for (String name : names) {
        try (Scope scope = Scope.open()) {
          checks.add(check(name, run));
        }
      }
    }
    return checks;
  }

  private Check check(String name, MaeRun run) {
    Tensor expected = reference.tensor(name);
    Optional<Captured.Key> key = key(name);
    if (key.isPresent()) {
      return judge.tensor(name, run.captured().get(key.get().point(), key.get().layer()), expected);
    }
    MaeConfig config = model.model().config();
    Mask mask = run.mask();
    return switch (name) {
      case NOISE -> Check.skipped(judge.file(), name, expected.shape(), "the mask is drawn by it");
      case "pixel_values" -> {
        ProcessedImage view = picture.onlyView();
        yield judge.tensor(
            name, Tensor.of(view.pixels(), view.channels(), view.height(), view.width()), expected);
      }
      case "ids_keep" -> judge.ids(name, mask.kept(), expected.toInts(), expected.shape());
      case "ids_restore" -> judge.ids(name, mask.restore(), expected.toInts(), expected.shape());
      case "mask" ->
          numbers(
              name,
              IntStream.range(0, mask.patches())
                  .mapToDouble(patch -> mask.removes(patch) ? 1 : 0)
                  .toArray(),
              expected);
      case "logits" -> numbers(name, flat(run.made()), expected);
      case "loss" -> numbers(name, new double[] {run.loss()}, expected);
      case "patch_loss" -> numbers(name, run.losses(), expected);
      case "reconstruction" -> judge.tensor(name, picture(run.made(), config), expected);
      case "composite" -> {
        double[][] both = new double[mask.patches()][];
        for (int patch = 0; patch < both.length; patch++) {
          both[patch] = mask.removes(patch) ? run.made()[patch] : run.patches()[patch];
        }
        yield judge.tensor(name, picture(both, config), expected);
      }
      case "target_patches" -> numbers(name, flat(run.patches()), expected);
      case "target_patches_normalised" -> {
        Tensor own =
            Tensor.of(flat(run.patches()), 1, run.patches().length, run.patches()[0].length);
        yield judge.tensor(name, Patches.normalised(own), expected);
      }
      default ->
          isBeyond(name)
              ? new Check(
                  judge.file(),
                  name,
                  expected.shape(),
                  Double.NaN,
                  Double.NaN,
                  Verdict.FAIL,
                  "this model has fewer layers")
              : Check.skipped(judge.file(), name, expected.shape(), "no stage of that name");
    };
  }

  private Check numbers(String name, double[] ours, Tensor expected) {
    return judge.tensor(
        name,
        expected.numel() == ours.length
            ? Tensor.of(ours, expected.shape())
            : Tensor.of(ours, ours.length),
        expected);
  }

  private static Tensor picture(double[][] patches, MaeConfig config) {
    Tensor rows = Tensor.of(flat(patches), 1, patches.length, patches[0].length);
    return Patches.together(rows, config.vision().patchSize());
  }

  private static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }

  private boolean isBeyond(String name) {
    Matcher numbered = NUMBERED.matcher(name);
    return numbered.matches() && key(numbered.group(1) + ".0").isPresent();
  }

  private Optional<Captured.Key> key(String name) {
    Matcher numbered = NUMBERED.matcher(name);
    if (name.startsWith("decoder.") && numbered.matches()) {
      int layers = model.model().layers(Stack.PIXELS);
      int i = Integer.parseInt(numbered.group(2));
      Site site =
          switch (numbered.group(1)) {
            case "decoder.block_output" -> Site.RESID_POST;
            case "decoder.attentions" -> Site.PATTERN;
            case "decoder.layer_input" -> Site.RESID_PRE;
            default -> Site.PIXELS;
          };
      return site != Site.PIXELS && i < layers
          ? Optional.of(new Captured.Key(Point.of(Stack.PIXELS, site), i))
          : Optional.empty();
    }
    return name.startsWith("vision.")
        ? new StageNames(0, model.model().layers(Stack.VISION), 0, 0).activation(name)
        : Optional.empty();
  }
}
