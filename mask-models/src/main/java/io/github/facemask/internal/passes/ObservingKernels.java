package io.github.facemask.internal.passes;

import io.github.facemask.internal.program.Statements;
import io.github.facemask.model.Target;
import io.github.facemask.network.Linear;
import java.util.LinkedHashMap;
import java.util.Map;

/** Notes the variables whose values become bytes: outputs of convolutions, inputs of linears. */
final class ObservingKernels extends Kernels {

  private final QuantizedLayers layers;
  private final Map<String, String> variables = new LinkedHashMap<>();

  ObservingKernels(Statements statements, PackedWeights packed, QuantizedLayers layers) {
    super(statements, Target.PORTABLE, packed);
    this.layers = layers;
  }

  /** Returns the variables by the layers' paths, in the order of computation. */
  Map<String, String> variables() {
    return variables;
  }

  @Override
  String conv(PlacedConv conv, String x, Then then) {
    return note(conv.path(), super.conv(conv, x, then));
  }

  @Override
  String convAndSum(PlacedConv conv, String x, String other, Then then) {
    return note(conv.path(), super.convAndSum(conv, x, other, then));
  }

  @Override
  String linear(Linear linear, String path, String x, Then then) {
    return super.linear(linear, path, note(path, x), then);
  }

  private String note(String path, String variable) {
    if (layers.contains(path)) {
      variables.put(path, variable);
    }
    return variable;
  }
}
