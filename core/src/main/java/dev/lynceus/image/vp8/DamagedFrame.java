package dev.lynceus.image.vp8;

import java.io.IOException;

/// A VP8 frame that cannot be decoded; the message says why, without naming the file.
public final class DamagedFrame extends IOException {
  private static final long serialVersionUID = 1L;

  DamagedFrame(String message) {
    super(message);
  }
}
