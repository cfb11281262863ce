package dev.lynceus.cli;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks an option that names what a command writes. [Preflight] checks it before the command
/// begins, so that no result is lost because of its name.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
@interface Written {

  /// What is written.
  enum As {
    /// A file that is replaced as a whole, with `--force` also one of others.
    FILE,
    /// The same, of text or JSON and nothing to be drawn.
    RESULT,
    /// A file that is gone on with.
    LEDGER,
    /// A folder that files are written into.
    FOLDER
  }

  As value();
}
