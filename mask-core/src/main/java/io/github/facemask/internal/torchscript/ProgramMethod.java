package io.github.facemask.internal.torchscript;

/**
 * The methods of programs and their names in TorchScript. The code that writes a method and the
 * code that calls it use the same constant. Each program has some of the methods.
 */
public enum ProgramMethod {
  /** Photos to logits. In a loss: predictions and targets to the loss. */
  FORWARD("forward"),
  /** Photos to probabilities. */
  CLASSIFY("classify"),
  /** Packs the weights for oneDNN, once. */
  PREPARE("prepare"),
  /** Photos to logits, pooled features and feature map. */
  FORWARD_ALL("forward_all"),
  /** Photos to the input of the head. */
  FEATURES("features"),
  /** Photos to features before pooling. */
  FEATURE_MAP("feature_map"),
  /** Photos to the outputs of chosen layers. */
  OUTPUTS_OF("outputs_of"),

  /** Forward, loss and backward in one call. */
  TRAIN_STEP("train_step"),
  /** Forward with recorded gradients, for a loss outside of the program. */
  TRAIN_FORWARD("train_forward"),
  /** Logits and targets to the number of photos that are classified correctly. */
  CORRECT("correct"),
  /** Photos to the concatenated logits of the attributes' heads. */
  HEADS("heads"),
  /** Logits of the classes, or of the heads, to the logarithms of the labels' probabilities. */
  LABEL_LOG_P("label_log_p"),
  /** All tensors of the network. */
  STATE("state"),
  /** Sets all tensors of the network. */
  RESTORE("restore"),

  /** Photos and factors of dropout to logits. */
  FORWARD_DROPPED("forward_dropped"),

  OPTIMIZER_INIT("optimizer_init"),
  OPTIMIZER_BACKWARD("optimizer_backward"),
  OPTIMIZER_STEP("optimizer_step"),
  OPTIMIZER_GRADIENTS("optimizer_gradients"),
  OPTIMIZER_STATE("optimizer_state"),
  OPTIMIZER_RESTORE("optimizer_restore"),

  AVERAGE_INIT("average_init"),
  AVERAGE_UPDATE("average_update"),
  AVERAGE_SWAP("average_swap"),
  AVERAGE_STATE("average_state"),
  AVERAGE_RESTORE("average_restore"),

  /** Photos to the minimum and maximum of each observed tensor. */
  RANGES("ranges"),
  /** Photos and ranges to a histogram of each observed tensor. */
  HISTOGRAMS("histograms"),

  /** A batch's pixels to normalised photos. */
  NORMALIZE("normalize"),
  /** A batch's pixels and sampled transforms to normalised photos. */
  APPLY("apply");

  private final String scriptName;

  ProgramMethod(String scriptName) {
    this.scriptName = scriptName;
  }

  /** Returns the method's name in TorchScript. */
  public String scriptName() {
    return scriptName;
  }

  /**
   * Returns the first line of the method's definition.
   *
   * @param parameters its parameters after {@code self}, for instance {@code "photos: Tensor"}
   * @param result the type of its result
   * @return TorchScript source with a line break at the end
   */
  public String signature(String parameters, String result) {
    return "def "
        + scriptName
        + "(self: __torch__.Program, "
        + parameters
        + ") -> "
        + result
        + ":\n";
  }

  /**
   * Returns the expression by which another method of the program calls this one.
   *
   * @param arguments the expressions of its arguments
   * @return TorchScript source
   */
  public String invocation(String... arguments) {
    return "(self)." + scriptName + "(" + String.join(", ", arguments) + ", )";
  }
}
