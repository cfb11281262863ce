/// Fuzzing: files and requests of strangers, made by the thousand from real ones with fixed seeds,
/// each run in a worker that a parent watches for aborts, hangs, memory, stack traces and errors
/// that are no sensible refusal.
///
/// Start with [dev.lynceus.bench.fuzz.FuzzKind]: a kind makes cases and runs them; everything else
/// is the frame. `docs/reference/robustness.md` says how to add one.
@NullMarked
package dev.lynceus.bench.fuzz;

import org.jspecify.annotations.NullMarked;
