/// Facts edited in the weights: one matrix is changed by an outer product, and what becomes of
/// answers is measured beside edits of the same size that mean nothing.
///
/// Start with [dev.lynceus.method.edit.Rome].
@NullMarked
package dev.lynceus.method.edit;

import org.jspecify.annotations.NullMarked;
