package io.github.facemask.program;

import static io.github.facemask.script.ScriptModule.reference;

import com.google.common.collect.ImmutableSet;
import io.github.facemask.network.Activation;
import io.github.facemask.network.ActivationKind;
import io.github.facemask.network.BatchNorm2d;
import io.github.facemask.network.Conv2d;
import io.github.facemask.network.GlobalAveragePool;
import io.github.facemask.network.Layer;
import io.github.facemask.network.Linear;
import io.github.facemask.network.MaxPool2d;
import io.github.facemask.network.Network;
import io.github.facemask.network.Residual;
import io.github.facemask.network.Sequential;
import io.github.facemask.training.Precision;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the forward pass of a network as straight-line TorchScript, one statement an operation.
 * For one network; not for several threads.
 */
final class ForwardWriter {

  private final Precision precision;
  private final StringBuilder code = new StringBuilder();
  private final List<String> batchCounts = new ArrayList<>();
  private final Map<String, String> outputs = new LinkedHashMap<>();
  private ImmutableSet<String> copied = ImmutableSet.of();
  private int variables;

  ForwardWriter(Precision precision) {
    this.precision = precision;
  }

  /**
   * Writes the statements of a network.
   *
   * @return the variable that holds the float32 logits
   */
  String write(Network network, String photos) {
    String x = write(network.layers(), "", photos);
    if (!batchCounts.isEmpty()) {
      // One by one: a fused addition to a fresh list is dropped as dead code.
      code.append("  if training:\n");
      for (int i = 0; i < batchCounts.size(); i++) {
        code.append("    _n" + i + " = torch.add_(" + batchCounts.get(i) + ", 1)\n");
      }
      code.append("  else:\n    pass\n");
    }
    return x;
  }

  /** Before writing: keeps a copy of these layers' outputs. */
  void copyOutputsOf(List<String> paths) {
    copied = ImmutableSet.copyOf(paths);
  }

  /** Returns the statements written so far, indented as a method's body. */
  String code() {
    return code.toString();
  }

  /** Returns the variable of each named layer's output, by its dotted path. */
  Map<String, String> outputs() {
    return outputs;
  }

  private String write(Layer layer, String above, String x) {
    String path = Network.join(above, layer.name());
    String y = writeAt(layer, path, x);
    if (!layer.name().isEmpty()) {
      // A later activation may work in place.
      outputs.put(path, copied.contains(path) ? set("torch.clone(%s)", y) : y);
    }
    return y;
  }

  private String writeAt(Layer layer, String path, String x) {
    if (layer instanceof Conv2d conv) {
      return conv(conv, path, x);
    } else if (layer instanceof BatchNorm2d norm) {
      return batchNorm(norm, path, x);
    } else if (layer instanceof Activation activation) {
      return activate(activation.kind(), x);
    } else if (layer instanceof MaxPool2d pool) {
      return set(
          "torch.max_pool2d(%s, %s, %s, %s, [1, 1], False)",
          x, pair(pool.kernel()), pair(pool.stride()), pair(pool.padding()));
    } else if (layer instanceof GlobalAveragePool) {
      return set("torch.mean(%s, [2, 3])", x);
    } else if (layer instanceof Linear linear) {
      return linear(linear, path, x);
    } else if (layer instanceof Residual residual) {
      String body = write(residual.body(), path, x);
      String shortcut = write(residual.shortcut(), path, x);
      return activate(residual.activation(), set("torch.add(%s, %s)", body, shortcut));
    } else if (layer instanceof Sequential sequential) {
      String y = x;
      for (Layer child : sequential.children()) {
        y = write(child, path, y);
      }
      return y;
    }
    throw new AssertionError(layer);
  }

  private String conv(Conv2d conv, String path, String x) {
    String bias = conv.bias() ? weight(path + ".bias") : "None";
    return set(
        "torch.conv2d(%s, %s, %s, %s, %s, [1, 1], %d)",
        x,
        weight(path + ".weight"),
        bias,
        pair(conv.stride()),
        pair(conv.padding()),
        conv.groups());
  }

  private String batchNorm(BatchNorm2d norm, String path, String x) {
    batchCounts.add(reference(path + ".num_batches_tracked"));
    return set(
        "torch.batch_norm(%s, %s, %s, %s, %s, training, %s, %s, True)",
        x,
        reference(path + ".weight"),
        reference(path + ".bias"),
        reference(path + ".running_mean"),
        reference(path + ".running_var"),
        norm.momentum(),
        norm.eps());
  }

  private String linear(Linear linear, String path, String x) {
    if (linear.head()) {
      // Logits in float32: bfloat16 has too few digits for the loss of a confident class.
      return set(
          "torch.linear(torch.to(%s, 6), %s, %s)",
          x, reference(path + ".weight"), reference(path + ".bias"));
    }
    return set("torch.linear(%s, %s, %s)", x, weight(path + ".weight"), weight(path + ".bias"));
  }

  private String activate(ActivationKind kind, String x) {
    return switch (kind) {
      case IDENTITY -> x;
      // In place: nothing reads the value before the activation, and backward needs the one after.
      case RELU -> set("torch.relu_(%s)", x);
    };
  }

  /** The weight in the precision of the computation. */
  private String weight(String name) {
    return precision == Precision.FLOAT32
        ? reference(name)
        : set("torch.to(%s, 15)", reference(name));
  }

  private String set(String format, Object... arguments) {
    String variable = "x" + variables++;
    code.append("  ").append(variable).append(" = ");
    code.append(String.format(java.util.Locale.ROOT, format, arguments)).append('\n');
    return variable;
  }

  private static String pair(int value) {
    return "[" + value + ", " + value + "]";
  }
}
