package dev.lynceus.method.probe;

import dev.lynceus.method.KeyWord;

/// A question that a probe is fitted or tried on.
///
/// @param word of the answer that is measured; states are those of its prompt
/// @param label what is true of it
/// @param picture what it is about: cases about one picture are never on both sides
public record ProbeCase(KeyWord word, String label, String picture) {}
