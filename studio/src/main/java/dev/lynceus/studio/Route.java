package dev.lynceus.studio;

import java.util.List;

/// One thing that a client can ask.
///
/// @param method `GET`, `POST`, `PUT` or `DELETE`
/// @param path with parameters in braces
/// @param summary what it does, in a sentence
/// @param sends what comes with it
/// @param gives what comes back
/// @param status of success
/// @param query parameters of the query, with what each is
/// @param action does it
record Route(
    String method,
    String path,
    String summary,
    Body sends,
    Body gives,
    int status,
    List<Parameter> query,
    Action action) {

  /// A parameter of the query.
  record Parameter(String name, String what) {}

  /// What is sent or given: a type, and for JSON the name of its schema.
  ///
  /// @param type empty for nothing
  /// @param schema empty for what is no JSON
  record Body(String type, String schema) {
    static final Body NONE = new Body("", "");

    static Body json(String schema) {
      return new Body("application/json", schema);
    }

    static Body of(String type) {
      return new Body(type, "");
    }
  }

  /// Does what is asked.
  interface Action {
    Reply answer(Call call);
  }

  static Route get(String path, String summary, Body gives, Action action) {
    return new Route("GET", path, summary, Body.NONE, gives, 200, List.of(), action);
  }

  static Route post(
      String path, String summary, Body sends, Body gives, int status, Action action) {
    return new Route("POST", path, summary, sends, gives, status, List.of(), action);
  }

  /// The same with a parameter of the query.
  Route query(String name, String what) {
    List<Parameter> more = new java.util.ArrayList<>(query);
    more.add(new Parameter(name, what));
    return new Route(method, path, summary, sends, gives, status, more, action);
  }
}
