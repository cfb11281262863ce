package dev.lynceus.verify;

import dev.lynceus.image.ImageFileReader;
import dev.lynceus.image.ImageProcessor;
import dev.lynceus.image.PatchGrid;
import dev.lynceus.image.ProcessedImage;
import dev.lynceus.image.ViewLayout;
import dev.lynceus.model.Picture;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.Safetensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Compares the image processor with `image_cases.safetensors`: `photo.png.pixel_values` are the
/// pixels that the tower sees of `photo.png`, `photo.png.image_sizes` its height and width,
/// `photo.png.num_patches` in how many views, `photo.png.num_crops` in how many beside the whole.
record ImageCases(
    Optional<ImageProcessor> processor,
    ReferenceFolder folder,
    Judge judge,
    Safetensors reference) {
  private static final String PIXELS = "pixel_values";
  private static final Set<String> VALUES =
      Set.of(PIXELS, Stages.BATCHES, "image_sizes", "num_patches", "num_crops", "image_grid_thw");

  List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    for (String name : new TreeSet<>(reference.names())) {
      try (Scope scope = Scope.open()) {
        checks.add(check(name, reference.tensor(name)));
      }
    }
    return checks;
  }

  private Check check(String name, Tensor expected) {
    int dot = name.lastIndexOf('.');
    String value = name.substring(dot + 1);
    if (dot < 0 || !VALUES.contains(value)) {
      return Check.skipped(judge.file(), name, expected.shape(), "no output of that name");
    }
    if (processor.isEmpty()) {
      return Check.skipped(judge.file(), name, expected.shape(), "this model has no eyes");
    }
    Optional<Path> path = folder.picture(name.substring(0, dot));
    if (path.isEmpty()) {
      return Check.skipped(
          judge.file(), name, expected.shape(), "the picture is not there; see --pictures");
    }
    Picture picture =
        Picture.of(name.substring(0, dot), new ImageFileReader().read(path.get()), processor.get());
    if (!value.equals(PIXELS)) {
      List<Picture> all = List.of(picture);
      int[] ours =
          switch (value) {
            case Stages.BATCHES -> Stages.batches(all);
            case "num_patches" -> new int[] {picture.views().size()};
            case "num_crops" -> new int[] {picture.views().size() - 1};
            case "image_grid_thw" -> PictureGrids.of(all);
            default -> Stages.sizes(all);
          };
      return judge.ids(name, ours, expected.toInts(), expected.shape());
    }
    if (picture.layout() instanceof ViewLayout.Patched(PatchGrid grid)) {
      return judge.tensor(
          name,
          Tensor.of(grid.flattened(picture.views()), grid.patches(), grid.patchWidth()),
          expected);
    }
    List<Tensor> views = new ArrayList<>();
    for (ProcessedImage view : picture.views()) {
      views.add(Tensor.of(view.pixels(), view.channels(), view.height(), view.width()));
    }
    return judge.tensor(name, Torch.stack(views, 0), expected);
  }
}
