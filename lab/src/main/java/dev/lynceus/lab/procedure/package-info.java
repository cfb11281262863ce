/// What can be done with every example of a data set, one file each. Start with
/// [dev.lynceus.lab.procedure.Procedures].
@NullMarked
package dev.lynceus.lab.procedure;

import org.jspecify.annotations.NullMarked;
