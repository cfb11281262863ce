/// Results drawn: the self-contained HTML page, pictures of every map, and small charts.
///
/// Start with [ExplanationPage], which writes one file from one [dev.lynceus.method.Explanation],
/// and with [MapImages], which writes the same maps and charts as PNG and SVG. [ColourScale] is the
/// one place where numbers become colours; the page gets its colours from there too. The page
/// itself is made of the HTML, CSS and JavaScript files beside this package in the resources.
@NullMarked
package dev.lynceus.report;

import org.jspecify.annotations.NullMarked;
