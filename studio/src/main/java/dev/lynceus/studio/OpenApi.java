package dev.lynceus.studio;

import dev.lynceus.request.RequestSchemas;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The description of the HTTP API (OpenAPI 3.1), made from the routes and from the records that
/// they take and give.
final class OpenApi {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Pattern PARAMETER = Pattern.compile("\\{([a-z0-9]+)}");

  private static final Class<?>[] RECORDS = {
    DataRoutes.DataList.class,
    EditRoutes.Edit.class,
    EditRoutes.Edited.class,
    Grid.Page.class,
    Job.Snapshot.class,
    Routes.MethodInfo.class,
    Routes.ModelInfo.class,
    PictureInfo.class,
    Problem.class,
    RunInfo.class,
    RunRoutes.Labels.class,
    PictureShelf.SampleInfo.class,
    Routes.Scale.class,
    Routes.Status.class,
    SuperpixelRoutes.SuperpixelMap.class,
    Routes.TermInfo.class,
    Trial.class,
    WorkedExample.Ready.class
  };

  ObjectNode document(List<Route> routes) {
    ObjectNode all = JSON.createObjectNode().put("openapi", "3.1.0");
    all.set(
        "info",
        JSON.createObjectNode()
            .put("title", "Lynceus studio")
            .put("version", "1")
            .put(
                "description",
                "Requests of the library over HTTP. docs/reference/http-api.md says how to use it."));
    ObjectNode paths = all.putObject("paths");
    for (Route route : routes) {
      ObjectNode path =
          paths.path(route.path()) instanceof ObjectNode known
              ? known
              : paths.putObject(route.path());
      path.set(route.method().toLowerCase(Locale.ROOT), operation(route));
    }
    ObjectNode schemas = RequestSchemas.components(RECORDS);
    all.putObject("components").set("schemas", schemas);
    return all;
  }

  private static ObjectNode operation(Route route) {
    ObjectNode operation = JSON.createObjectNode().put("summary", route.summary());
    ArrayNode parameters = JSON.createArrayNode();
    Matcher inPath = PARAMETER.matcher(route.path());
    while (inPath.find()) {
      parameters.add(parameter(inPath.group(1), "path", "").put("required", true));
    }
    for (Route.Parameter one : route.query()) {
      parameters.add(parameter(one.name(), "query", one.what()));
    }
    if (!parameters.isEmpty()) {
      operation.set("parameters", parameters);
    }
    if (!route.sends().equals(Route.Body.NONE)) {
      operation
          .putObject("requestBody")
          .put("required", true)
          .set("content", content(route.sends()));
    }
    ObjectNode responses = operation.putObject("responses");
    ObjectNode good = responses.putObject(String.valueOf(route.status()));
    good.put("description", "done");
    if (!route.gives().equals(Route.Body.NONE)) {
      good.set("content", content(route.gives()));
    }
    responses
        .putObject("default")
        .put("description", "what is refused")
        .set("content", content(Route.Body.json("Problem")));
    return operation;
  }

  private static ObjectNode parameter(String name, String in, String what) {
    ObjectNode parameter = JSON.createObjectNode().put("name", name).put("in", in);
    if (!what.isEmpty()) {
      parameter.put("description", what);
    }
    parameter.set("schema", JSON.createObjectNode().put("type", "string"));
    return parameter;
  }

  private static ObjectNode content(Route.Body body) {
    ObjectNode content = JSON.createObjectNode();
    ObjectNode media = content.putObject(body.type());
    if (!body.schema().isEmpty()) {
      media.set("schema", schema(body.schema()));
    }
    return content;
  }

  private static ObjectNode schema(String name) {
    if (name.endsWith("[]")) {
      ObjectNode list = JSON.createObjectNode().put("type", "array");
      list.set("items", schema(name.substring(0, name.length() - 2)));
      return list;
    }
    return name.equals("string")
        ? JSON.createObjectNode().put("type", "string")
        : JSON.createObjectNode().put("$ref", "#/components/schemas/" + names(name));
  }

  /// Records within others are named after both.
  private static String names(String name) {
    for (Class<?> record : RECORDS) {
      if (record.getSimpleName().equals(name) && record.getEnclosingClass() != null) {
        return record.getEnclosingClass().getSimpleName() + "." + name;
      }
    }
    return name;
  }
}
