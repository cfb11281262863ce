/// Methods that map a picture: one number for each patch and word, on one interface, so that they
/// can be drawn side by side, compared, and scored against the truth.
///
/// Start with [dev.lynceus.method.map.PatchMethod].
@NullMarked
package dev.lynceus.method.map;

import org.jspecify.annotations.NullMarked;
