/// Strategies as ledgers: every question that one puts, with its pictures and its answer, and what
/// follows where some are put otherwise. Start with [StrategyLedgers].
@NullMarked
package dev.lynceus.lab.ledger;

import org.jspecify.annotations.NullMarked;
