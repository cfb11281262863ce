package dev.lynceus.method;

import dev.lynceus.run.Progress;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;

/// A way to explain a target in a run: one file a method, one signature.
///
/// @param <R> what it finds, as plain values with names and units
public interface Method<R> {

  /// Its name on the command line and in results.
  String name();

  /// What the run must keep.
  ///
  /// @param firstRow first row that may be explained: the last position of the prompt, for an
  ///   answer
  Capture capture(Run.Shape shape, int firstRow);

  /// Explains a target.
  ///
  /// @param run kept what [#capture(Run.Shape, int)] asks for
  R explain(Run run, Target target, Progress progress);
}
