/// Image-of-Thought: a plan of steps, each of which makes a picture that the model reads, and an
/// answer from all that was read; with tests of which step mattered. Start with
/// [dev.lynceus.lab.think.ThinkStudy]; the steps are in [dev.lynceus.lab.think.Tool].
@NullMarked
package dev.lynceus.lab.think;

import org.jspecify.annotations.NullMarked;
