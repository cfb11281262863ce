package dev.lynceus.model.convert;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What an ONNX file computes: its stored tensors, its constants, and its nodes. Of the format
/// (`onnx.proto`) only the fields are read that are needed here.
///
/// @param weights stored float32 tensors by name, those of one number among [#constants]
/// @param constants single numbers by the name of the value
/// @param unread names of stored tensors of other types, with these
record OnnxGraph(
    Map<String, ForeignTensor> weights,
    Map<String, Double> constants,
    List<Node> nodes,
    Map<String, Integer> unread) {

  /// A step.
  ///
  /// @param floats its attributes that are one number
  record Node(
      String operation, List<String> inputs, List<String> outputs, Map<String, Float> floats) {
    /// Whether it is an operation of that name.
    boolean is(String name) {
      return operation.equals(name);
    }
  }

  /// Codes of types in the format.
  private static final int FLOAT32 = 1;

  private static final int INT64 = 7;
  private static final int FLOAT64 = 11;

  /// Field of a model that holds its graph.
  private static final int GRAPH = 7;

  /// Reads a file.
  ///
  /// @throws IndexOutOfBoundsException or IllegalArgumentException where it is none
  static OnnxGraph read(MemorySegment file) {
    OnnxGraph graph =
        new OnnxGraph(
            new LinkedHashMap<>(), new HashMap<>(), new ArrayList<>(), new LinkedHashMap<>());
    ProtoReader model = new ProtoReader(file);
    for (Optional<ProtoReader.Field> f = model.next(); f.isPresent(); f = model.next()) {
      if (f.get().number() == GRAPH) {
        graph.graph(f.get().message());
      }
    }
    if (graph.nodes.isEmpty()) {
      throw new IllegalArgumentException("there is no graph in it");
    }
    return graph;
  }

  private void graph(ProtoReader graph) {
    for (Optional<ProtoReader.Field> f = graph.next(); f.isPresent(); f = graph.next()) {
      switch (f.get().number()) {
        case 1 -> node(f.get().message());
        case 5 -> keep(Stored.read(f.get().message()));
        default -> {
          // Names, shapes and texts for people.
        }
      }
    }
  }

  private void node(ProtoReader node) {
    String operation = "";
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    Map<String, Float> floats = new HashMap<>();
    Stored value = null;
    for (Optional<ProtoReader.Field> f = node.next(); f.isPresent(); f = node.next()) {
      ProtoReader.Field field = f.get();
      switch (field.number()) {
        case 1 -> inputs.add(field.text());
        case 2 -> outputs.add(field.text());
        case 4 -> operation = field.text();
        case 5 -> {
          Attribute attribute = Attribute.read(field.message());
          floats.put(attribute.name, attribute.number);
          value = attribute.value == null ? value : attribute.value;
        }
        default -> {
          // Its own name, and texts for people.
        }
      }
    }
    if (value != null && operation.equals("Constant") && !outputs.isEmpty()) {
      keep(value.named(outputs.getFirst()));
    }
    nodes.add(new Node(operation, inputs, outputs, floats));
  }

  private void keep(Stored stored) {
    long count = 1;
    for (long size : stored.shape) {
      count *= size;
    }
    if (count == 1 && stored.isFloat()) {
      constants.put(stored.name, stored.number());
    } else if (stored.type == FLOAT32 && stored.within) {
      weights.put(stored.name, new ForeignTensor(stored.shape, stored.data, false));
    } else if (stored.type != INT64) {
      unread.put(stored.name, stored.type);
    }
  }

  /// An attribute of a node.
  private record Attribute(
      String name, float number, @org.jspecify.annotations.Nullable Stored value) {
    static Attribute read(ProtoReader message) {
      String name = "";
      float number = Float.NaN;
      Stored value = null;
      for (Optional<ProtoReader.Field> f = message.next(); f.isPresent(); f = message.next()) {
        switch (f.get().number()) {
          case 1 -> name = f.get().text();
          case 2 -> number = f.get().asFloat();
          case 5 -> value = Stored.read(f.get().message());
          default -> {
            // Whole numbers, texts and lists.
          }
        }
      }
      return new Attribute(name, number, value);
    }
  }

  /// A tensor as it is stored.
  ///
  /// @param within whether its bytes are in this file
  // Read once, compared with nothing.
  @SuppressWarnings("ArrayRecordComponent")
  private record Stored(String name, int type, long[] shape, MemorySegment data, boolean within) {
    static Stored read(ProtoReader message) {
      List<Long> shape = new ArrayList<>();
      int type = 0;
      String name = "";
      MemorySegment data = MemorySegment.NULL;
      boolean within = true;
      for (Optional<ProtoReader.Field> f = message.next(); f.isPresent(); f = message.next()) {
        ProtoReader.Field field = f.get();
        switch (field.number()) {
          case 1 -> sizes(field, shape);
          case 2 -> type = (int) field.value();
          // Numbers of four bytes as they are, or the raw bytes of all.
          case 4, 9 -> data = field.bytes();
          case 8 -> name = field.text();
          case 14 -> within = field.value() == 0;
          default -> {
            // Other ways to store it, which other types have.
          }
        }
      }
      return new Stored(name, type, shape.stream().mapToLong(i -> i).toArray(), data, within);
    }

    /// Sizes, one by one or packed.
    private static void sizes(ProtoReader.Field field, List<Long> shape) {
      if (field.bytes().byteSize() == 0) {
        shape.add(field.value());
        return;
      }
      ProtoReader packed = field.message();
      while (!packed.isAtEnd()) {
        shape.add(packed.varint());
      }
    }

    Stored named(String other) {
      return new Stored(other, type, shape, data, within);
    }

    boolean isFloat() {
      return within
          && (type == FLOAT32 && data.byteSize() == Float.BYTES
              || type == FLOAT64 && data.byteSize() == Double.BYTES);
    }

    double number() {
      return type == FLOAT32
          ? data.get(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0)
          : data.get(ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
    }
  }
}
