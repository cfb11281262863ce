/// Features of states: sparse autoencoders, how they are fitted and scored, what their features
/// show on pictures, and what becomes of an answer without one.
///
/// Start with [dev.lynceus.method.features.SparseAutoencoder].
@NullMarked
package dev.lynceus.method.features;

import org.jspecify.annotations.NullMarked;
