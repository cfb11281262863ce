/// Data sets of many formats, read as one kind of [dev.lynceus.lab.data.Example]. Start with
/// [dev.lynceus.lab.data.DataSets].
@NullMarked
package dev.lynceus.lab.data;

import org.jspecify.annotations.NullMarked;
