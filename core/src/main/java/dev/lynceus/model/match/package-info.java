/// Models that say how well a text fits a picture. Start with [dev.lynceus.model.match.Matcher].
@NullMarked
package dev.lynceus.model.match;

import org.jspecify.annotations.NullMarked;
