/// The bundled model's world put to use: scenes with questions ([dev.lynceus.pupil.measure.Exam]),
/// and the same as files ([dev.lynceus.pupil.measure.WorldFiles]).
@NullMarked
package dev.lynceus.pupil.measure;

import org.jspecify.annotations.NullMarked;
