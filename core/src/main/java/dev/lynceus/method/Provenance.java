package dev.lynceus.method;

import dev.lynceus.run.LoadedModel;
import dev.lynceus.tensor.Torch;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/// What is needed to repeat the result.
///
/// @param lynceus version of this program
/// @param model the reference that was asked for: a folder, `org/name`, or a bundled name
/// @param modelType `model_type` of its config, for example `llava`
/// @param revision commit or content hash of the checkpoint, empty where none is known
/// @param parameters number of weights
/// @param weightsDtype data type of the stored weights, for example `float16`
/// @param computeDtype data type of the arithmetic, for example `float32`
/// @param device for example `cpu`
/// @param threads threads of the tensor library
/// @param seed seed of every random choice
/// @param created time of the run, ISO-8601
/// @param command the command line that makes this result again
/// @param seconds measured stages in order: load, image, forward, explain, …
/// @param versions versions of libraries
public record Provenance(
    String lynceus,
    String model,
    String modelType,
    String revision,
    long parameters,
    String weightsDtype,
    String computeDtype,
    String device,
    int threads,
    long seed,
    String created,
    String command,
    Map<String, Double> seconds,
    Map<String, String> versions) {

  /// That of a result that a model has just given.
  ///
  /// @param seconds measured stages in order
  public static Provenance of(
      LoadedModel model, long seed, String command, Map<String, Double> seconds) {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("libtorch", Torch.version());
    versions.put("java", Runtime.version().toString());
    String version = Provenance.class.getPackage().getImplementationVersion();
    return new Provenance(
        version == null ? "development" : version,
        model.name(),
        model.checkpoint().config().path("model_type").asString(""),
        model.checkpoint().version(),
        model.checkpoint().parameters(),
        model.weightsType().toString(),
        model.computeType().toString(),
        model.device().toString(),
        Torch.threads(),
        seed,
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        command,
        seconds,
        versions);
  }
}
