package dev.lynceus.studio;

import dev.lynceus.lab.experiment.RunStore;
import dev.lynceus.request.ModelSpec;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/// The studio: a server that answers until it is closed.
///
/// ```java
/// try (Studio studio = Studio.start(StudioOptions.local(folder), System.err::println)) {
///   System.out.println(studio.address());
/// }
/// ```
///
/// Every call runs in a virtual thread of its own; models run in threads of theirs ([Jobs]).
public final class Studio implements AutoCloseable {
  private static final int MOST_CONNECTIONS = 512;

  /// Held, or its level would be forgotten.
  private static final Logger SERVER = Logger.getLogger("io.helidon");

  private final WebServer server;
  private final Jobs jobs;
  private final ModelPool pool;
  private final Library library;
  private final StudioOptions options;
  private final Guard guard;
  private final boolean page;
  private final Consumer<String> log;

  private Studio(StudioOptions options, Consumer<String> log) {
    this.options = options;
    this.log = log;
    SERVER.setLevel(Level.SEVERE);
    this.library = new Library(options.store());
    ModelNames names = new ModelNames(options.roots());
    this.pool = new ModelPool(names, options.memory());
    try {
      PictureShelf shelf = new PictureShelf(library, options.limits());
      Commands commands = new Commands(sum -> shelf.info(sum).name(), names::command);
      DataShelf data = new DataShelf(options.data());
      Trials trials =
          new Trials(new RunStore(options.store().resolve("experiments")), data, library);
      this.jobs = new Jobs(library, shelf, names, pool, commands, trials, options.queue(), log);
      this.guard = new Guard(options.host(), options.token());
      PageFiles files = new PageFiles();
      this.page = files.isThere();
      RunRoutes runs =
          new RunRoutes(
              library,
              jobs,
              new ExportPage(library, files),
              new JavaCode(sum -> shelf.info(sum).name(), names::command),
              trials,
              options.limits().requestBytes());
      Routes routes =
          new Routes(
              runs,
              new DataRoutes(data, shelf, trials),
              shelf,
              names,
              pool,
              jobs,
              options,
              files,
              guard);
      pool.lend(ModelSpec.PUPIL).close();
      this.server = server(routes);
      jobs.resume();
    } catch (RuntimeException | Error failure) {
      pool.close();
      library.close();
      throw failure;
    }
  }

  /// Starts a studio; its bundled model is loaded when this returns.
  ///
  /// @param log told in a line what clients are not told
  /// @throws dev.lynceus.error.LynceusException NOT_WRITABLE for a library that cannot be used
  /// @throws UncheckedIOException where nobody can listen there
  public static Studio start(StudioOptions options, Consumer<String> log) {
    return new Studio(options, log);
  }

  /// The version of Lynceus.
  static String version() {
    String version = Studio.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /// Where it is.
  public URI address() {
    return URI.create("http://" + options.host() + ":" + server.port() + "/");
  }

  /// Whether the build made a page.
  public boolean hasPage() {
    return page;
  }

  private WebServer server(Routes routes) {
    HttpRouting.Builder routing = HttpRouting.builder();
    Set<String> paths = new TreeSet<>();
    for (Route route : routes.all()) {
      paths.add(route.path());
      routing.route(
          Method.create(route.method()),
          route.path(),
          (request, response) -> answer(route.action(), request, response));
    }
    for (String path : paths) {
      routing.any(
          path,
          (request, response) ->
              answer(
                  call -> {
                    throw new Problem.Refusal(
                        405, "BAD_REQUEST", "that cannot be done there", "See /openapi.json.");
                  },
                  request,
                  response));
    }
    routing.any((request, response) ->
        answer(
            call -> {
              throw Problem.notFound("there is nothing at this address");
            },
            request,
            response));
    return WebServer.builder()
        .host(options.host())
        .port(options.port())
        .routing(routing)
        .maxTcpConnections(MOST_CONNECTIONS)
        .maxPayloadSize(options.limits().pictureBytes() + 1L)
        .idleConnectionTimeout(Duration.ofMinutes(2))
        .shutdownGracePeriod(Duration.ofMillis(200))
        .shutdownHook(false)
        .protocolsDiscoverServices(false)
        .addProtocol(Http1Config.builder().maxHeadersSize(16 << 10).build())
        .directHandlers(handlers -> {
          for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
            handlers.addHandler(type, Studio::unreadable);
          }
        })
        .build()
        .start();
  }

  /// What is told of a call that was none.
  private static DirectHandler.TransportResponse unreadable(
      DirectHandler.TransportRequest request,
      DirectHandler.EventType type,
      Status status,
      io.helidon.http.ServerResponseHeaders headers,
      String message) {
    Problem problem = new Problem("BAD_REQUEST", "this is no call that can be read", "");
    DirectHandler.TransportResponse.Builder response =
        DirectHandler.TransportResponse.builder()
            // Handlers of ours let nothing through: what fails before them is the caller's.
            .status(
                type == DirectHandler.EventType.INTERNAL_ERROR ? Status.BAD_REQUEST_400 : status)
            .header(HeaderNames.CONTENT_TYPE, "application/json")
            .entity(Reply.JSON.writeValueAsString(problem))
            .keepAlive(false);
    Guard.HEADERS.forEach((name, value) -> response.header(HeaderNames.create(name), value));
    return response.build();
  }

  private void answer(Route.Action action, ServerRequest request, ServerResponse response) {
    Reply reply;
    try {
      Call call = new Call(request);
      guard.check(call, server.port());
      reply = action.answer(call);
    } catch (RuntimeException | Error failure) {
      Problem.Refusal told = Problem.of(failure);
      if (told.status() == 500) {
        log.accept(request.prologue().method().text() + ": " + failure);
      }
      reply = Reply.json(told.status(), told.problem());
      if (told.status() == 429) {
        reply = reply.with("Retry-After", "2");
      }
    }
    send(reply, response);
  }

  private void send(Reply reply, ServerResponse response) {
    response.status(reply.status());
    Guard.HEADERS.forEach((name, value) -> response.header(name, value));
    if (!reply.headers().containsKey("Cache-Control")) {
      response.header("Cache-Control", "no-store");
    }
    reply.headers().forEach((name, value) -> response.header(name, value));
    if (!reply.type().isEmpty()) {
      response.header("Content-Type", reply.type());
    }
    switch (reply) {
      case Reply.Whole whole -> response.send(whole.bytes());
      case Reply.Streamed streamed -> {
        try (OutputStream out = response.outputStream()) {
          streamed.writer().write(out);
        } catch (IOException | UncheckedIOException gone) {
          // Whoever watched has gone; the run goes on.
          return;
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  /// Stops: what runs goes on when a studio with the same library is started.
  @Override
  public void close() {
    server.stop();
    jobs.close();
    pool.close();
    library.close();
  }
}
