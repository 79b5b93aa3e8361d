package io.github.facemask.internal.onnx;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.github.facemask.tensor.HostTensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects the nodes and the tensors of an ONNX graph. Not thread-safe. */
final class OnnxGraph {

  /** The name of the first dimension of each input and output: the number of photos. */
  private static final String BATCH = "N";

  private final GraphProto.Builder graph = GraphProto.newBuilder();
  private final Set<String> tensors = new HashSet<>();
  private final Map<String, Integer> names = new HashMap<>();

  OnnxGraph(String name) {
    graph.setName(name);
  }

  /**
   * Adds an operation of one result.
   *
   * @param operator ONNX's name of the operator
   * @param path the dotted path of the layer that it belongs to, for its name
   * @param attributes its attributes
   * @param inputs the names of its inputs
   * @return the name of its result
   */
  String add(String operator, String path, Attributes attributes, String... inputs) {
    String base = path.isEmpty() ? operator : path + "/" + operator;
    int before = names.merge(base, 1, Integer::sum);
    String name = before == 1 ? base : base + "_" + before;
    NodeProto.Builder node = NodeProto.newBuilder().setOpType(operator).setName(name);
    node.addAllInput(Arrays.asList(inputs)).addOutput(name);
    attributes.addTo(node);
    graph.addNode(node);
    return name;
  }

  /** Adds an operation without attributes. */
  String add(String operator, String path, String... inputs) {
    return add(operator, path, Attributes.none(), inputs);
  }

  /**
   * Adds a tensor of numbers. A name that is there already keeps its tensor.
   *
   * @param name its name
   * @param tensor float32 or int64
   * @return its name
   */
  String tensor(String name, HostTensor tensor) {
    if (tensors.add(name)) {
      TensorProto.Builder proto =
          TensorProto.newBuilder()
              .setName(name)
              .setDataType(type(tensor.type()))
              .setRawData(bytes(tensor));
      for (long size : tensor.shape().getShape()) {
        proto.addDims(size);
      }
      graph.addInitializer(proto);
    }
    return name;
  }

  /** Adds a list of whole numbers, int64. */
  String longs(long... values) {
    return tensor(
        "longs_" + joined(Arrays.stream(values).boxed().toList()),
        HostTensor.ofLongs(new Shape(values.length), values));
  }

  /** Adds a whole number without dimensions, int64. */
  String scalar(long value) {
    return tensor("long_" + joined(List.of(value)), HostTensor.ofLongs(new Shape(), value));
  }

  /** Adds a number without dimensions, float32. */
  String scalar(double value) {
    float rounded = (float) value;
    return tensor("float_" + rounded, HostTensor.ofFloats(new Shape(), new float[] {rounded}));
  }

  /**
   * Adds the input.
   *
   * @param name its name
   * @param sizes its sizes after the number of photos
   */
  void photos(String name, long... sizes) {
    graph.addInput(value(name, TensorProto.DataType.UINT8_VALUE, sizes));
  }

  /**
   * Makes a value an output.
   *
   * @param name the name of the output
   * @param value the name of the value
   * @param sizes its sizes after the number of photos
   */
  void output(String name, String value, long... sizes) {
    graph.addNode(
        NodeProto.newBuilder().setOpType("Identity").setName(name).addInput(value).addOutput(name));
    graph.addOutput(value(name, TensorProto.DataType.FLOAT_VALUE, sizes));
  }

  /** Returns the number of operations. */
  int size() {
    return graph.getNodeCount();
  }

  GraphProto build() {
    return graph.build();
  }

  private static ValueInfoProto value(String name, int type, long... sizes) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimParam(BATCH));
    for (long size : sizes) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(size));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape)))
        .build();
  }

  private static int type(DataType type) {
    return switch (type) {
      case FLOAT32 -> TensorProto.DataType.FLOAT_VALUE;
      case INT64 -> TensorProto.DataType.INT64_VALUE;
      default -> throw new IllegalArgumentException("tensor of " + type.name());
    };
  }

  /** Host tensors are never changed, so their bytes need no copy. */
  private static ByteString bytes(HostTensor tensor) {
    return UnsafeByteOperations.unsafeWrap(tensor.bytes());
  }

  private static String joined(List<Long> values) {
    StringBuilder name = new StringBuilder();
    for (long value : values) {
      name.append(name.length() == 0 ? "" : "_").append(value < 0 ? "m" + -(value + 1) : value);
    }
    return name.toString();
  }

  /** The attributes of an operation, in the order in which they were added. */
  static final class Attributes {
    private final Map<String, AttributeProto> all = new LinkedHashMap<>();

    private Attributes() {}

    static Attributes none() {
      return new Attributes();
    }

    static Attributes of(String name, long value) {
      return none().and(name, value);
    }

    static Attributes ofLongs(String name, long... values) {
      return none().andLongs(name, values);
    }

    Attributes and(String name, long value) {
      return put(
          name, AttributeProto.newBuilder().setType(AttributeProto.AttributeType.INT).setI(value));
    }

    Attributes and(String name, float value) {
      return put(
          name,
          AttributeProto.newBuilder().setType(AttributeProto.AttributeType.FLOAT).setF(value));
    }

    Attributes andLongs(String name, long... values) {
      AttributeProto.Builder list =
          AttributeProto.newBuilder().setType(AttributeProto.AttributeType.INTS);
      for (long value : values) {
        list.addInts(value);
      }
      return put(name, list);
    }

    private Attributes put(String name, AttributeProto.Builder attribute) {
      all.put(name, attribute.setName(name).build());
      return this;
    }

    private void addTo(NodeProto.Builder node) {
      all.values().forEach(node::addAttribute);
    }
  }
}
