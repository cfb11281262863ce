package dev.lynceus.request;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.method.causal.RegionConclusion;
import dev.lynceus.method.causal.RegionEffect;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import java.util.Arrays;
import java.util.List;

/// Hiding a region, and all but it.
record RegionMethod(Sweeping<RegionEffect.Result> sweeping, RegionRequest request)
    implements ChangeMethod<RegionEffect.Result> {

  private RegionEffect effect() {
    return new RegionEffect(
        request.space(), request.fills(), request.draws(), request.controls(), request.seed());
  }

  @Override
  public Capture capture(LoadedModel model) {
    return effect().capture(model);
  }

  @Override
  public List<RegionEffect.Result> explain(Run clean, Readout readout, Job job) {
    return List.of(effect().explain(clean, request.of(), mask(clean), readout, job));
  }

  private RgbImage mask(Run clean) {
    return switch (request.region()) {
      case RegionRequest.Mask(PictureRef picture) -> sweeping.task().from().read(picture);
      case RegionRequest.Rectangle box -> painted(clean, box);
    };
  }

  /// A picture that is white in a rectangle of the one it is of.
  private RgbImage painted(Run clean, RegionRequest.Rectangle box) {
    int pictures = clean.batch().pictures().size();
    if (request.of() >= pictures) {
      // The method says so in its own words.
      return RgbImage.of(1, 1, new byte[3]);
    }
    RgbImage picture = clean.batch().pictures().get(request.of()).original();
    if (box.left() >= box.right()
        || box.top() >= box.bottom()
        || box.right() > picture.width()
        || box.bottom() > picture.height()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the box %d,%d,%d,%d is none within the picture of %d x %d pixels"
              .formatted(
                  box.left(),
                  box.top(),
                  box.right(),
                  box.bottom(),
                  picture.width(),
                  picture.height()),
          "Give left, top, right and bottom in pixels of the picture as it is stored, upright.");
    }
    byte[] samples = new byte[3 * picture.width() * picture.height()];
    for (int y = box.top(); y < box.bottom(); y++) {
      int line = y * picture.width();
      Arrays.fill(samples, 3 * (line + box.left()), 3 * (line + box.right()), (byte) 255);
    }
    return RgbImage.of(picture.width(), picture.height(), samples);
  }

  @Override
  public String conclusion(RegionEffect.Result found, String word) {
    return RegionConclusion.of(found, word);
  }
}
