/// What the second bundled model was taught beyond the first: exercises of every skill, and how
/// often a model does them right. Start with [dev.lynceus.lab.skill.Skill].
@NullMarked
package dev.lynceus.lab.skill;

import org.jspecify.annotations.NullMarked;
