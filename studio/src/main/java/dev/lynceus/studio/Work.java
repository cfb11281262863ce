package dev.lynceus.studio;

import dev.lynceus.request.ModelSpec;
import dev.lynceus.request.Request;
import dev.lynceus.request.RequestJson;
import dev.lynceus.request.Requests;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a run does: a request of the library, or a procedure over a data set.
sealed interface Work {

  /// Which kind it is, as lists tell it.
  String kind();

  /// The model that is asked.
  ModelSpec model();

  /// As JSON, with every setting.
  String json();

  /// A request.
  record Asked(Request<?> request) implements Work {
    @Override
    public String kind() {
      return Requests.word(request.getClass());
    }

    @Override
    public ModelSpec model() {
      return request.model();
    }

    @Override
    public String json() {
      return RequestJson.write(request);
    }
  }

  /// A procedure over a data set.
  record Tried(Trial trial) implements Work {
    @Override
    public String kind() {
      return Trial.KIND;
    }

    @Override
    public ModelSpec model() {
      return ModelSpec.named(trial.model());
    }

    @Override
    public String json() {
      return trial.json();
    }
  }

  /// As it was written.
  static Work read(String json) {
    return isTrial(json) ? new Tried(Trial.read(json)) : new Asked(RequestJson.read(json));
  }

  private static boolean isTrial(String json) {
    try {
      JsonNode node = JsonMapper.shared().readTree(json);
      return node.path("request").asString("").equals(Trial.KIND);
    } catch (JacksonException e) {
      return false; // the reader of requests says what is wrong
    }
  }
}
