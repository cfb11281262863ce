package dev.lynceus.studio;

/// A picture of the library.
///
/// @param sha256 of the bytes of its file; requests name it so
/// @param name as its user knows it
/// @param type of its file, for example `image/png`
/// @param width in pixels, upright
/// @param height in pixels, upright
public record PictureInfo(String sha256, String name, String type, int width, int height) {}
