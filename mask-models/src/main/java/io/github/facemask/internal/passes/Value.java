package io.github.facemask.internal.passes;

import io.github.facemask.internal.program.Statements;
import io.github.facemask.internal.torchscript.ScalarType;
import java.util.Optional;

/**
 * A tensor of a program that is being written. Immutable.
 *
 * @param variable the variable that holds it
 * @param quantization the quantization of its 8-bit values; empty for floating-point values
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

  /**
   * Returns a variable with the floating-point values. For a quantized tensor, a dequantization is
   * written first.
   */
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
