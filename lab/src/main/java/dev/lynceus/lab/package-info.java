/// Experiments: data sets, what is done over them, what is kept of it. Start with
/// [dev.lynceus.lab.data.DataSet].
@NullMarked
package dev.lynceus.lab;

import org.jspecify.annotations.NullMarked;
