package dev.lynceus.request;

import dev.lynceus.image.RgbImage;
import dev.lynceus.method.causal.Regions;
import java.util.Optional;

/// Which regions of a picture were hidden, for those who draw them; see [Running#aside()].
///
/// @param seen the picture as the model saw it, whose pixels they count; empty where it saw several
///   views of it
public record HiddenRegions(Regions regions, Optional<RgbImage> seen) {}
