package io.github.facemask.internal.passes;

import io.github.facemask.internal.program.Statements;
import io.github.facemask.network.Activation.Kind;

/** An elementwise operation fused into a kernel, like oneDNN's post-ops. */
enum PostOp {
  NONE("none", "%s"),
  RELU("relu", "torch.relu_(%s)"),
  SILU("swish", "torch.silu_(%s)"),
  GELU("gelu", "torch.gelu(%s)"),
  SIGMOID("sigmoid", "torch.sigmoid_(%s)");

  private final String attribute;
  private final String expression;

  PostOp(String attribute, String expression) {
    this.attribute = attribute;
    this.expression = expression;
  }

  static PostOp of(Kind kind) {
    return switch (kind) {
      case IDENTITY -> NONE;
      case RELU -> RELU;
      case SILU -> SILU;
      case GELU -> GELU;
    };
  }

  /** Returns the name of the function in libtorch's oneDNN operators. */
  String attribute() {
    return attribute;
  }

  /**
   * Returns the operators' argument for the variant of the function. GELU uses the error function.
   */
  String algorithm() {
    return this == GELU ? "\"none\"" : "None";
  }

  /** Writes it as a separate operation, in place if libtorch has an in-place form. */
  String write(Statements statements, String x) {
    return this == NONE ? x : statements.set(expression, x);
  }
}
