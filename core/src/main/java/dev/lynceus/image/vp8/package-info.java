/// Key frames of VP8, the picture inside of lossy WebP files, as RFC 6386 describes them, turned
/// into RGB exactly as libwebp does. Start with [Vp8Picture].
@NullMarked
package dev.lynceus.image.vp8;

import org.jspecify.annotations.NullMarked;
