package dev.lynceus.verify;

import dev.lynceus.method.causal.Job;
import dev.lynceus.method.query.QueryReading;
import dev.lynceus.method.query.QueryRemoval;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Compares what the queries of a Q-Former look at, and what becomes of the next token without
/// each, with `methods.safetensors`.
final class QueryValues implements AutoCloseable {
  private static final String REMOVED = "query_zero.";
  private static final String ATTENTION = "qformer.cross_attentions.";
  private static final String MEAN = "qformer.cross_attention_mean.";

  private final Run run;
  private final QueryReading reading;

  private QueryValues(Run run, QueryReading reading) {
    this.run = run;
    this.reading = reading;
  }

  /// Whether this is the name of one of these values.
  static boolean knows(String name) {
    return name.startsWith(REMOVED)
        || name.startsWith("qformer.")
        || name.equals("clean_logprob")
        || name.equals("clean_logprobs");
  }

  /// Reads the queries.
  ///
  /// @param id the next token
  static QueryValues of(LoadedModel model, Prompt prompt, int id) {
    Run run = model.run(prompt, QueryReading.capture(model));
    try {
      return new QueryValues(run, QueryReading.of(run, id, Job.QUIET));
    } catch (RuntimeException failure) {
      run.close();
      throw failure;
    }
  }

  /// A value by its name, empty if there is none of that name.
  Optional<Tensor> value(String name) {
    if (name.startsWith(REMOVED)) {
      return removed(name.substring(REMOVED.length()));
    }
    Point pattern = Point.of(Stack.QFORMER, Site.CROSS_PATTERN);
    if (name.startsWith(ATTENTION)) {
      return Optional.of(run.get(pattern, layer(name, ATTENTION)));
    }
    if (name.startsWith(MEAN)) {
      return Optional.of(run.get(pattern, layer(name, MEAN)).select(0, 0).mean(0));
    }
    return switch (name) {
      case "clean_logprobs" -> Optional.of(logs(run).select(0, 0));
      case "clean_logprob" -> Optional.of(Tensor.of(new double[] {reading.base()}, 1));
      case "qformer.query_patch_map" -> {
        double[] flat = Arrays.stream(reading.maps()).flatMapToDouble(Arrays::stream).toArray();
        yield Optional.of(Tensor.of(flat, reading.maps().length, reading.maps()[0].length));
      }
      case "qformer.answer_map" ->
          Optional.of(Tensor.of(reading.answer(), reading.answer().length));
      default -> Optional.empty();
    };
  }

  private Optional<Tensor> removed(String rest) {
    int dot = rest.indexOf('.');
    for (QueryRemoval way : QueryRemoval.values()) {
      String name =
          switch (way) {
            case EMBEDDING -> "query_embedding";
            case OUTPUT -> "qformer_output";
            case PROJECTED -> "projected";
          };
      if (dot > 0 && rest.substring(0, dot).equals(name)) {
        return switch (rest.substring(dot + 1).toLowerCase(Locale.ROOT)) {
          case "target_change" -> {
            double[] changes = reading.changes(way);
            yield Optional.of(Tensor.of(changes, changes.length));
          }
          case "logprobs" -> Optional.of(all(way));
          default -> Optional.empty();
        };
      }
    }
    return Optional.empty();
  }

  private Tensor all(QueryRemoval way) {
    List<Tensor> rows = new ArrayList<>();
    for (int query = 0; query < reading.maps().length; query++) {
      try (Scope scope = Scope.open();
          Run without = QueryReading.without(run, way, query)) {
        rows.add(scope.keep(logs(without).select(0, 0)));
      }
    }
    return Torch.stack(rows, 0);
  }

  private static Tensor logs(Run of) {
    return Torch.logSoftmax(of.logits().to(DType.FLOAT64), 1);
  }

  private static int layer(String name, String before) {
    return Integer.parseInt(name.substring(before.length()));
  }

  @Override
  public void close() {
    run.close();
  }
}
