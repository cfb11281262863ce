package dev.lynceus.pupil.measure;

/// The first scenes of a sequence.
public record Scenes(long seed, int count) {}
