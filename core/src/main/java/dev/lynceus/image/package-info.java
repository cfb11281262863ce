/// From an image file to the numbers that a vision tower takes. Start with [ImageFileReader], which
/// turns a file into an [RgbImage], then [ImageProcessor], which reads a checkpoint's preprocessor
/// settings and turns the picture into normalised pixels that remember where they came from
/// ([ProcessedImage], [ImageRegion]) and how they lie in it ([ViewLayout]). [Resample] is the
/// resizing between the two, [VideoProcessor] does the same with frames of a video. How many visual
/// tokens a picture becomes follows from its size: [ImageProcessor#layout], [PatchGrid],
/// [TileLayout], [OneVisionTokens].
@NullMarked
package dev.lynceus.image;

import org.jspecify.annotations.NullMarked;
