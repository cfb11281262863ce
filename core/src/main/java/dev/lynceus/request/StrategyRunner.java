package dev.lynceus.request;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Function;

/// Runs strategies. The lab has them, above this package, and makes itself known as a service.
public interface StrategyRunner {

  /// Runs one.
  ///
  /// @param images of the question
  /// @param read reads the picture of an edit
  /// @throws LynceusException CANCELLED; BAD_REQUEST for an edit of a step that there is not, or a
  ///   setting that does not fit
  StrategyResult run(
      LoadedModel model,
      StrategyRequest request,
      List<RgbImage> images,
      Function<PictureRef, RgbImage> read,
      Progress progress);

  /// The one on the class path.
  ///
  /// @throws LynceusException BAD_REQUEST where there is none
  static StrategyRunner found() {
    return ServiceLoader.load(StrategyRunner.class)
        .findFirst()
        .orElseThrow(() ->
            new LynceusException(
                ErrorCode.BAD_REQUEST,
                "this program has no strategies",
                "Put lynceus-lab on its class path."));
  }
}
