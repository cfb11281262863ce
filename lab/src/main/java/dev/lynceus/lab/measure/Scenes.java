package dev.lynceus.lab.measure;

/// The first scenes of a sequence.
public record Scenes(long seed, int count) {}
