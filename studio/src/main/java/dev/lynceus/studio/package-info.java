/// The studio's server: the library's requests over HTTP, for the page and for programs.
///
/// Start with [dev.lynceus.studio.Studio], which starts all of it, and with
/// [dev.lynceus.studio.Routes], the list of what can be asked. No science lies here: a request of
/// `dev.lynceus.request` becomes a run ([dev.lynceus.studio.Jobs]), and its result is kept
/// ([dev.lynceus.studio.Library]).
@NullMarked
package dev.lynceus.studio;

import org.jspecify.annotations.NullMarked;
