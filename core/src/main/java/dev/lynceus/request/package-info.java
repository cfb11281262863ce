/// What can be asked of a model, as data: requests, and the results that come of them.
///
/// Start with [dev.lynceus.request.Request], the list of all requests, and with
/// [dev.lynceus.request.Task], which runs one. [dev.lynceus.request.RequestJson] and
/// [dev.lynceus.request.ResultJson] write and read them. Commands, servers, notebooks and the lab
/// make requests and show results; what is done lies here.
@NullMarked
package dev.lynceus.request;

import org.jspecify.annotations.NullMarked;
