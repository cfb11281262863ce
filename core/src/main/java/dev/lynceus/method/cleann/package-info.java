/// CLEANN (Rohekar and others, arXiv 2310.20307): the attention of a head read as a causal graph
/// over tokens, and the sets of tokens that explain one of them, with the test by masking.
///
/// Start with [dev.lynceus.method.cleann.Cleann]. The graph is learned by
/// [dev.lynceus.method.cleann.OrderedIcd], iterative causal discovery under the order of the
/// tokens, from the tests of [dev.lynceus.method.cleann.PartialCorrelation].
@NullMarked
package dev.lynceus.method.cleann;

import org.jspecify.annotations.NullMarked;
