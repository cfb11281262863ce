package dev.lynceus.request;

import dev.lynceus.method.Unit;

/// A piece of an answer that is being written, weighed with the pictures and without: told to
/// [Running#aside], in order.
///
/// @param text that the token added; may be empty, where it takes several to make a letter
/// @param logProbability of the token
/// @param blind the same where no other position may look at the pictures
public record WeighedText(
    String text, @Unit("nats") double logProbability, @Unit("nats") double blind) {}
