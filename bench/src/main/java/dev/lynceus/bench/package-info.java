/// Measurements: how long runs, explanations and replays take, and how much memory they need, on
/// random checkpoints of real shapes. Whole runs are measured, from milliseconds to minutes, so
/// medians of repeats suffice and no micro-benchmark harness is used. Start with
/// [dev.lynceus.bench.Main].
@NullMarked
package dev.lynceus.bench;

import org.jspecify.annotations.NullMarked;
