/// The list of all families: from the folder of a checkpoint to a model. Start with
/// [dev.lynceus.model.catalog.Models].
@NullMarked
package dev.lynceus.model.catalog;

import org.jspecify.annotations.NullMarked;
