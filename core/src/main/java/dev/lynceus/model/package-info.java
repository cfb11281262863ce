/// The models, one short file per part: a config record read from `config.json`, weights taken from
/// a prefix view of the checkpoint, and a forward pass that reads like the paper, every named
/// activation passed through the tap.
///
/// Start with [dev.lynceus.model.catalog.Models] to load one and [dev.lynceus.model.Model] for what
/// it can do.
@NullMarked
package dev.lynceus.model;

import org.jspecify.annotations.NullMarked;
