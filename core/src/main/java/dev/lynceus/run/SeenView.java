package dev.lynceus.run;

import dev.lynceus.image.RgbImage;

/// A picture and one view that a model had of it.
///
/// @param original the picture as it was read
/// @param seen the view, after resizing and cropping; patches divide it evenly
public record SeenView(RgbImage original, RgbImage seen) {}
