package dev.lynceus.report;

import java.awt.image.BufferedImage;

/// The pixels that belong to one [dev.lynceus.method.Explanation.ImageView].
///
/// @param original the picture as the user gave it, upright
/// @param seen the picture as the model saw it, after resizing and cropping, before normalisation
public record PagePicture(BufferedImage original, BufferedImage seen) {}
