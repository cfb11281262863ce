package dev.lynceus.studio;

import dev.lynceus.method.Term;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.report.ColourScale;
import dev.lynceus.studio.Route.Body;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// All that a client can ask, in the order that the documentation lists it.
final class Routes {
  private final RunRoutes runs;
  private final DataRoutes data;
  private final PictureShelf shelf;
  private final ModelNames names;
  private final ModelPool pool;
  private final Jobs jobs;
  private final StudioOptions options;
  private final PageFiles page;
  private final OpenApi openApi;
  private final Guard guard;

  Routes(
      RunRoutes runs,
      DataRoutes data,
      PictureShelf shelf,
      ModelNames names,
      ModelPool pool,
      Jobs jobs,
      StudioOptions options,
      PageFiles page,
      Guard guard) {
    this.runs = runs;
    this.data = data;
    this.shelf = shelf;
    this.names = names;
    this.pool = pool;
    this.jobs = jobs;
    this.options = options;
    this.page = page;
    this.guard = guard;
    this.openApi = new OpenApi();
  }

  /// How the studio is.
  ///
  /// @param version of Lynceus
  /// @param models that are loaded
  /// @param memory most bytes of weights
  /// @param waiting runs that have not ended
  /// @param queue most of these
  /// @param limits of what is sent
  record Status(
      String version,
      List<ModelPool.Held> models,
      long memory,
      int waiting,
      int queue,
      StudioOptions.Limits limits) {}

  /// A model that may be asked.
  ///
  /// @param state `absent`, `loading`, `idle` or `busy`
  record ModelInfo(String name, String where, String family, String state) {}

  /// A way to map a picture.
  ///
  /// @param name in requests
  /// @param title as it is shown
  /// @param what a value of the map is
  /// @param source who described it
  /// @param baseline whether it knows nothing of the model
  record MethodInfo(String name, String title, String what, String source, boolean baseline) {}

  /// A colour scale.
  ///
  /// @param name of it
  /// @param colours 256 colours as hexadecimal digits, six each
  record Scale(String name, String colours) {}

  /// A word of results.
  ///
  /// @param name of what is meant
  /// @param unit of its numbers; empty where it has none
  /// @param meaning in a sentence
  record TermInfo(String name, String unit, String meaning) {}

  List<Route> all() {
    List<Route> all = new ArrayList<>();
    all.add(Route.get("/", "The page.", Body.of("text/html"), this::index));
    all.add(
        Route.get(
            "/studio.js",
            "The script of the page.",
            Body.of("text/javascript"),
            call -> asset(PageFiles.SCRIPT, "text/javascript")));
    all.add(
        Route.get(
            "/studio.css",
            "The style of the page.",
            Body.of("text/css"),
            call -> asset(PageFiles.STYLE, "text/css")));
    all.add(
        Route.get(
            "/openapi.json",
            "This document.",
            Body.of("application/json"),
            call -> Reply.json(openApi.document(all()))));
    all.add(
        Route.get(
            "/api/status",
            "Version, models that are loaded, limits.",
            Body.json("Status"),
            call -> Reply.json(status())));
    all.add(
        Route.get(
            "/api/models",
            "The models that may be asked.",
            Body.json("ModelInfo[]"),
            call -> Reply.json(models())));
    all.add(
        Route.get(
            "/api/methods",
            "The methods that map a picture.",
            Body.json("MethodInfo[]"),
            call -> Reply.json(methods())));
    all.add(
        Route.get(
            "/api/scales",
            "The colour scales of maps.",
            Body.json("Scale[]"),
            call -> Reply.json(scales()).with("Cache-Control", "max-age=3600")));
    all.add(
        Route.get(
            "/api/terms",
            "The words of results, with their units and what they mean.",
            Body.json("TermInfo[]"),
            call -> Reply.json(terms()).with("Cache-Control", "max-age=3600")));
    all.add(
        Route.get(
            "/api/samples",
            "The bundled pictures, with questions about them.",
            Body.json("SampleInfo[]"),
            call -> Reply.json(shelf.samples())));
    all.add(
        Route.get(
            "/api/examples",
            "Strategies tried on bundled pictures, to begin with.",
            Body.json("Ready[]"),
            call ->
                Reply.json(WorkedExample.all().stream().map(one -> one.ready(shelf)).toList())));
    all.add(
        Route.post(
                "/api/pictures",
                "Sends a picture: PNG, JPEG, WebP, GIF or BMP.",
                Body.of("application/octet-stream"),
                Body.json("PictureInfo"),
                201,
                this::keep)
            .query("name", "what the picture is called"));
    all.add(
        Route.get(
            "/api/pictures/{sha256}",
            "A picture as it was sent.",
            Body.of("image/*"),
            runs::picture));
    all.add(
        Route.get(
            "/api/pictures/{sha256}/info",
            "Name and size of a picture.",
            Body.json("PictureInfo"),
            runs::pictureInfo));
    all.add(new EditRoutes(shelf, options.limits()).route());
    all.add(new SuperpixelRoutes(shelf).route());
    all.addAll(runs.all());
    all.addAll(data.all());
    return all;
  }

  private Reply index(Call call) {
    Reply reply =
        Reply.text("text/html", page.isThere() ? page.text(PageFiles.INDEX) : PageFiles.missing())
            .with("Cache-Control", "no-cache");
    return guard.isGiven(call)
        ? reply.with(
            "Set-Cookie",
            Guard.COOKIE + "=" + options.token().orElse("") + "; HttpOnly; SameSite=Strict; Path=/")
        : reply;
  }

  private Reply asset(String name, String type) {
    return page.bytes(name)
        .map(bytes -> Reply.text(type, page.text(name)).with("Cache-Control", "no-cache"))
        .orElseThrow(() -> Problem.notFound("this build has no page"));
  }

  private Status status() {
    return new Status(
        Studio.version(),
        pool.held(),
        pool.budget(),
        jobs.waiting(),
        options.queue(),
        options.limits());
  }

  private List<ModelInfo> models() {
    List<ModelPool.Held> held = pool.held();
    return names.all().stream()
        .map(one ->
            new ModelInfo(
                one.name(),
                one.where(),
                one.family(),
                held.stream()
                    .filter(model -> model.name().equals(one.name()))
                    .findFirst()
                    .map(ModelPool.Held::state)
                    .orElse("absent")))
        .toList();
  }

  private static List<MethodInfo> methods() {
    return PatchMethod.ALL.stream()
        .map(method ->
            new MethodInfo(
                method.name(), method.title(), method.what(), method.source(), method.baseline()))
        .toList();
  }

  static List<TermInfo> terms() {
    return Arrays.stream(Term.values())
        .map(term -> new TermInfo(term.text(), term.unit(), term.meaning()))
        .toList();
  }

  static List<Scale> scales() {
    return List.of(
        new Scale("sequential", ColourScale.SEQUENTIAL.packed()),
        new Scale("diverging-light", ColourScale.DIVERGING_LIGHT.packed()),
        new Scale("diverging-dark", ColourScale.DIVERGING_DARK.packed()));
  }

  private Reply keep(Call call) {
    String type = call.type();
    if (!type.startsWith("image/") && !type.equals("application/octet-stream")) {
      throw new Problem.Refusal(
          415,
          "BAD_REQUEST",
          "what was sent is not called a picture",
          "Send the file with the header Content-Type: application/octet-stream.");
    }
    Optional<String> name = call.query("name");
    return Reply.json(
        201, shelf.keep(call.bytes(options.limits().pictureBytes()), name.orElse("picture")));
  }
}
