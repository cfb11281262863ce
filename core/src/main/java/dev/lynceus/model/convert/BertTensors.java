package dev.lynceus.model.convert;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Tensors of an encoder under the names that BERT has in the Hugging Face layout, and what else
/// another format tells of it.
///
/// @param tensors by name, `bert.` before those of the encoder
/// @param headWidth of one head; NaN where the format does not tell
/// @param normEps added to the variance in its norms; NaN where the format does not tell
/// @param unread what is stored and was not taken
record BertTensors(
    Map<String, ForeignTensor> tensors, double headWidth, double normEps, List<String> unread) {
  static final String BODY = "bert.";

  /// What the name of the first table ends with, whatever stands before it.
  private static final String FIRST = "embeddings.word_embeddings.weight";

  /// Parts that are no part of the encoder.
  private static final List<String> HEADS = List.of("cls.", "qa_outputs.", "classifier.");

  private static final String WEIGHT = ".weight";
  private static final String BIAS = ".bias";

  /// Out of an ONNX graph. Exporters keep the names of biases, norms and tables; what is multiplied
  /// with is stored turned under a name of its own, and is known by the bias that is added to the
  /// product.
  ///
  /// @throws IllegalArgumentException for what is no such encoder
  static BertTensors of(OnnxGraph graph) {
    if (graph.nodes().stream().noneMatch(node -> node.is("Erf") || node.is("Gelu"))) {
      throw new IllegalArgumentException("its networks have another function than gelu");
    }
    Map<String, ForeignTensor> named = new LinkedHashMap<>(graph.weights());
    Map<String, OnnxGraph.Node> makers = new HashMap<>();
    graph.nodes().forEach(node -> node.outputs().forEach(output -> makers.put(output, node)));
    for (OnnxGraph.Node node : graph.nodes()) {
      if (!node.is("Add")) {
        continue;
      }
      String bias =
          node.inputs().stream()
              .filter(name -> name.endsWith(BIAS) && graph.weights().containsKey(name))
              .findFirst()
              .orElse(null);
      String product =
          node.inputs().stream()
              .map(makers::get)
              .filter(maker -> maker != null && maker.is("MatMul"))
              .flatMap(maker -> maker.inputs().stream())
              .filter(graph.weights()::containsKey)
              .findFirst()
              .orElse(null);
      if (bias != null && product != null) {
        ForeignTensor stored = named.remove(product);
        if (stored == null || stored.shape().length != 2) {
          throw new IllegalArgumentException(product + " is used twice, or is no matrix");
        }
        String map = bias.substring(0, bias.length() - BIAS.length());
        // The map to the words has its bias beside it, not below it.
        named.put((map.equals("cls.predictions") ? map + ".decoder" : map) + WEIGHT, stored.turn());
      }
    }
    return of(
        named, headWidth(graph, makers), normEps(graph, makers), graph.unread().keySet().stream());
  }

  /// What scores are divided by before the softmax is the root of the width of a head.
  private static double headWidth(OnnxGraph graph, Map<String, OnnxGraph.Node> makers) {
    Map<String, String> goesTo = new HashMap<>();
    for (OnnxGraph.Node node : graph.nodes()) {
      node.inputs().forEach(input -> goesTo.put(input, node.operation()));
    }
    for (OnnxGraph.Node node : graph.nodes()) {
      boolean divides = node.is("Div");
      boolean ofScores =
          node.inputs().stream()
              .map(makers::get)
              .anyMatch(maker -> maker != null && maker.is("MatMul"));
      if (!ofScores || !divides && !node.is("Mul") || node.outputs().isEmpty()) {
        continue;
      }
      OptionalDouble scale = constant(graph, node);
      if (scale.isPresent() && leadsToSoftmax(graph, goesTo, node.outputs().getFirst())) {
        double factor = divides ? scale.getAsDouble() : 1 / scale.getAsDouble();
        return factor * factor;
      }
    }
    return Double.NaN;
  }

  private static boolean leadsToSoftmax(OnnxGraph graph, Map<String, String> goesTo, String value) {
    String next = goesTo.getOrDefault(value, "");
    return next.equals("Softmax")
        || next.equals("Add")
            && graph.nodes().stream()
                .filter(node -> node.is("Add") && node.inputs().contains(value))
                .flatMap(node -> node.outputs().stream())
                .anyMatch(sum -> goesTo.getOrDefault(sum, "").equals("Softmax"));
  }

  private static double normEps(OnnxGraph graph, Map<String, OnnxGraph.Node> makers) {
    for (OnnxGraph.Node node : graph.nodes()) {
      if (node.is("LayerNormalization")) {
        Float epsilon = node.floats().get("epsilon");
        return epsilon == null ? 1e-5 : epsilon; // the default of the operation
      }
      OnnxGraph.Node sum = node.is("Sqrt") ? makers.get(node.inputs().getFirst()) : null;
      OptionalDouble epsilon =
          sum == null || !sum.is("Add") ? OptionalDouble.empty() : constant(graph, sum);
      if (epsilon.isPresent()) {
        // Stored as the nearest float32.
        return Double.parseDouble(Float.toString((float) epsilon.getAsDouble()));
      }
    }
    return Double.NaN;
  }

  private static OptionalDouble constant(OnnxGraph graph, OnnxGraph.Node node) {
    return node.inputs().stream()
        .filter(graph.constants()::containsKey)
        .mapToDouble(name -> number(graph.constants().get(name)))
        .findFirst();
  }

  private static double number(@Nullable Double value) {
    return value == null ? Double.NaN : value;
  }

  /// Out of variables of TensorFlow, by the names that BERT's own code gave them.
  ///
  /// @throws IllegalArgumentException for what is no such encoder
  static BertTensors of(Map<String, ForeignTensor> variables) {
    Map<String, ForeignTensor> named = new LinkedHashMap<>();
    variables.forEach((stored, tensor) -> {
      String name = stored.replaceFirst("^module/", "").replaceAll("layer_(\\d+)", "layer.$1");
      name = name.replace('/', '.');
      if (name.endsWith(".kernel")) {
        named.put(name.replaceFirst("kernel$", "weight"), tensor.turn());
      } else if (name.endsWith("_embeddings")) {
        named.put(name + WEIGHT, tensor);
      } else {
        named.put(
            name.replaceFirst("\\.gamma$", WEIGHT)
                .replaceFirst("\\.beta$", BIAS)
                .replaceFirst("\\.output_bias$", BIAS)
                .replaceFirst("\\.output_weights$", WEIGHT),
            tensor);
      }
    });
    return of(named, Double.NaN, Double.NaN, Stream.empty());
  }

  private static BertTensors of(
      Map<String, ForeignTensor> named, double headWidth, double normEps, Stream<String> left) {
    String first =
        named.keySet().stream()
            .filter(name -> name.endsWith(FIRST))
            .findFirst()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "it has no %s; it has %s"
                        .formatted(FIRST, named.keySet().stream().limit(3).toList())));
    String before = first.substring(0, first.length() - FIRST.length());
    Map<String, ForeignTensor> tensors = new LinkedHashMap<>();
    Stream.Builder<String> unread = Stream.builder();
    named.forEach((name, tensor) -> {
      String own = name.startsWith(before) ? name.substring(before.length()) : "";
      if (HEADS.stream().anyMatch(name::startsWith)) {
        tensors.put(name, tensor);
      } else if (Stream.of("embeddings.", "encoder.", "pooler.").anyMatch(own::startsWith)) {
        tensors.put(BODY + own, tensor);
      } else {
        unread.add(name);
      }
    });
    return new BertTensors(
        tensors, headWidth, normEps, Stream.concat(unread.build(), left).sorted().toList());
  }
}
