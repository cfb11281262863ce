/// What the BLIP families have in common: their vision tower, and the encoder of their words. Start
/// with [dev.lynceus.model.blip.BlipTower].
@NullMarked
package dev.lynceus.model.blip;

import org.jspecify.annotations.NullMarked;
