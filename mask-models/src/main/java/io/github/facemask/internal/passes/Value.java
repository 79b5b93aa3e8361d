package io.github.facemask.internal.passes;

import io.github.facemask.internal.program.Statements;
import io.github.facemask.internal.torchscript.ScalarType;
import java.util.Optional;

/**
 * A tensor of a program that is being written. Immutable.
 *
 * @param variable the variable that holds it
 * @param quantization how its 8-bit numbers stand for real ones; empty where it holds
 *     floating-point numbers
 */
record Value(String variable, Optional<QuantizationParameters> quantization) {

  static Value ofFloats(String variable) {
    return new Value(variable, Optional.empty());
  }

  static Value quantized(String variable, QuantizationParameters quantization) {
    return new Value(variable, Optional.of(quantization));
  }

  boolean isQuantized() {
    return quantization.isPresent();
  }

  /** Returns the variable of the floating-point numbers; written first where it is quantized. */
  String dequantized(Statements statements) {
    return quantization
        .map(
            from ->
                statements.set(
                    "torch.mul_(torch.sub_(%s, %d), %s)",
                    ScalarType.FLOAT32.cast(variable), from.zeroPoint(), from.scale()))
        .orElse(variable);
  }
}
