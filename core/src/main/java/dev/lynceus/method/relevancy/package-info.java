/// Relevancy maps: attention weighted by its gradient, followed through the layers.
///
/// Start with [dev.lynceus.method.relevancy.RelevancyMaps].
@NullMarked
package dev.lynceus.method.relevancy;

import org.jspecify.annotations.NullMarked;
