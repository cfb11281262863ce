/// The bundled small model and its sample pictures. Start with [dev.lynceus.pupil.Pupil].
@NullMarked
package dev.lynceus.pupil;

import org.jspecify.annotations.NullMarked;
