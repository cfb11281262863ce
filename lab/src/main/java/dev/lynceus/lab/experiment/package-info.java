/// A procedure over a data set: rows that come one by one, a ledger that survives, and the store of
/// runs.
@NullMarked
package dev.lynceus.lab.experiment;

import org.jspecify.annotations.NullMarked;
