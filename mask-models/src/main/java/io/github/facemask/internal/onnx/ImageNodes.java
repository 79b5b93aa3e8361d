package io.github.facemask.internal.onnx;

import ai.djl.ndarray.types.Shape;
import io.github.facemask.internal.onnx.OnnxGraph.Attributes;
import io.github.facemask.internal.passes.FeatureSize;
import io.github.facemask.network.Activation;
import io.github.facemask.network.Conv2d;
import io.github.facemask.network.Conv2d.SamePadding;
import io.github.facemask.network.Normalization.BatchNorm2d;
import io.github.facemask.network.Normalization.GroupNorm;
import io.github.facemask.network.Pooling.MaxPool2d;
import io.github.facemask.network.SqueezeExcite;
import io.github.facemask.tensor.HostTensor;
import java.util.Arrays;

/** Writes layers whose features are images (N, C, H, W). */
final class ImageNodes {

  private final OnnxGraph graph;
  private final GraphWeights weights;

  ImageNodes(OnnxGraph graph, GraphWeights weights) {
    this.graph = graph;
    this.weights = weights;
  }

  String conv(Conv2d conv, String path, String x) {
    Attributes attributes =
        Attributes.ofLongs("kernel_shape", conv.kernel(), conv.kernel())
            .andLongs("strides", conv.stride(), conv.stride())
            .andLongs("pads", conv.padding(), conv.padding(), conv.padding(), conv.padding())
            .and("group", (long) conv.groups());
    String kernels = weights.get(path + ".weight");
    return conv.bias()
        ? graph.add("Conv", path, attributes, x, kernels, weights.get(path + ".bias"))
        : graph.add("Conv", path, attributes, x, kernels);
  }

  String batchNorm(BatchNorm2d norm, String path, String x) {
    return graph.add(
        "BatchNormalization",
        path,
        Attributes.none().and("epsilon", (float) norm.eps()),
        x,
        weights.get(path + ".weight"),
        weights.get(path + ".bias"),
        weights.get(path + ".running_mean"),
        weights.get(path + ".running_var"));
  }

  /** An instance norm of the groups, as the operator of group norms is not in this opset. */
  String groupNorm(GroupNorm norm, String path, FeatureSize size, String x) {
    float[] ones = new float[norm.groups()];
    Arrays.fill(ones, 1);
    Shape groups = new Shape(norm.groups());
    String flat = graph.add("Reshape", path, x, graph.longs(0, norm.groups(), -1));
    String normal =
        graph.add(
            "InstanceNormalization",
            path,
            Attributes.none().and("epsilon", (float) norm.eps()),
            flat,
            graph.tensor("ones_" + norm.groups(), HostTensor.ofFloats(groups, ones)),
            graph.tensor(
                "zeros_" + norm.groups(), HostTensor.ofFloats(groups, new float[norm.groups()])));
    String image =
        graph.add(
            "Reshape", path, normal, graph.longs(0, norm.channels(), size.height(), size.width()));
    String scaled =
        graph.add("Mul", path, image, weights.reshaped(path + ".weight", norm.channels(), 1, 1));
    return graph.add("Add", path, scaled, weights.reshaped(path + ".bias", norm.channels(), 1, 1));
  }

  String maxPool(MaxPool2d pool, String path, String x) {
    return graph.add(
        "MaxPool",
        path,
        Attributes.ofLongs("kernel_shape", pool.kernel(), pool.kernel())
            .andLongs("strides", pool.stride(), pool.stride())
            .andLongs("pads", pool.padding(), pool.padding(), pool.padding(), pool.padding()),
        x);
  }

  String samePadding(SamePadding padding, String path, FeatureSize size, String x) {
    FeatureSize padded = size.after(padding);
    long height = (long) padded.height() - size.height();
    long width = (long) padded.width() - size.width();
    if (height == 0 && width == 0) {
      return x;
    }
    return graph.add(
        "Pad",
        path,
        x,
        graph.longs(0, 0, height / 2, width / 2, 0, 0, height - height / 2, width - width / 2),
        graph.scalar(padding.value()));
  }

  String squeezeExcite(SqueezeExcite layer, String path, String x) {
    String mean = graph.add("GlobalAveragePool", path, x);
    String few = conv(layer.reduce(), path + "." + layer.reduce().name(), mean);
    String active = activation(Activation.Kind.SILU, path, few);
    String all = conv(layer.expand(), path + "." + layer.expand().name(), active);
    return graph.add("Mul", path, x, graph.add("Sigmoid", path, all));
  }

  String globalAverage(boolean channelsLast, String path, String x) {
    return channelsLast
        ? graph.add("ReduceMean", path, Attributes.ofLongs("axes", 1, 2).and("keepdims", 0L), x)
        : graph.add(
            "Flatten", path, Attributes.of("axis", 1), graph.add("GlobalAveragePool", path, x));
  }

  String activation(Activation.Kind kind, String path, String x) {
    return switch (kind) {
      case IDENTITY -> x;
      case RELU -> graph.add("Relu", path, x);
      case SILU -> graph.add("Mul", path, x, graph.add("Sigmoid", path, x));
      case GELU -> {
        String scaled = graph.add("Div", path, x, graph.scalar(Math.sqrt(2)));
        String error = graph.add("Add", path, graph.add("Erf", path, scaled), graph.scalar(1.0));
        yield graph.add("Mul", path, graph.add("Mul", path, x, error), graph.scalar(0.5));
      }
    };
  }
}
