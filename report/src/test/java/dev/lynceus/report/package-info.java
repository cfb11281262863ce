/// Tests of the page and the pictures. [SampleExplanations] makes what they draw.
@NullMarked
package dev.lynceus.report;

import org.jspecify.annotations.NullMarked;
