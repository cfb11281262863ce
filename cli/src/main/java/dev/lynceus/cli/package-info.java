/// The command line. Start with [dev.lynceus.cli.Main].
@NullMarked
package dev.lynceus.cli;

import org.jspecify.annotations.NullMarked;
