package dev.lynceus.method.words;

/// A word that was read from a visual token.
///
/// @param id of the token
/// @param word as it is shown
/// @param score a probability, or a cosine, as the view says
/// @param context for the contextual lens the text in which the word stands nearest; else empty
public record Found(int id, String word, double score, String context) {}
