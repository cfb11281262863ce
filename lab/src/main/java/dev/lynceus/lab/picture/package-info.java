/// Pictures changed on purpose: cut, marked, painted over, masked. All of it is exact and the same
/// on every machine.
@NullMarked
package dev.lynceus.lab.picture;

import org.jspecify.annotations.NullMarked;
