package dev.lynceus.verify;

import dev.lynceus.image.ImageFileReader;
import dev.lynceus.image.ProcessedImage;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.Safetensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// Compares the image processor with `image_cases.safetensors`: `photo.png.pixel_values` are the
/// pixels that the tower sees of `photo.png`.
record ImageCases(LoadedModel model, ReferenceFolder folder, Judge judge, Safetensors reference) {
  private static final String PIXELS = ".pixel_values";

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
    if (!name.endsWith(PIXELS)) {
      return Check.skipped(judge.file(), name, expected.shape(), "no output of that name");
    }
    if (model.processor().isEmpty()) {
      return Check.skipped(judge.file(), name, expected.shape(), "this model has no eyes");
    }
    String picture = name.substring(0, name.length() - PIXELS.length());
    Optional<Path> path = folder.picture(picture);
    if (path.isEmpty()) {
      return Check.skipped(
          judge.file(), name, expected.shape(), "the picture is not there; see --pictures");
    }
    List<Tensor> views = new ArrayList<>();
    for (ProcessedImage view :
        model.picture(picture, new ImageFileReader().read(path.get())).views()) {
      views.add(Tensor.of(view.pixels(), view.channels(), view.height(), view.width()));
    }
    return judge.tensor(name, Torch.stack(views, 0), expected);
  }
}
