/// What a model of the world can be taught further: exercises of every skill, and how often a model
/// does them right. Start with [dev.lynceus.lab.skill.Skill].
@NullMarked
package dev.lynceus.lab.skill;

import org.jspecify.annotations.NullMarked;
