package io.github.facemask.backbone;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.facemask.internal.program.InferenceProgram;
import io.github.facemask.internal.torchscript.Program;
import io.github.facemask.internal.torchscript.ProgramMethod;
import io.github.facemask.tensor.Precision;
import java.io.IOException;

/**
 * A backbone without its head, in the engine: photos to features, with published weights and no
 * training. Safe to share between threads.
 */
public final class FeatureExtractor implements AutoCloseable {

  private final Program program;

  private FeatureExtractor(Program program) {
    this.program = program;
  }

  /**
   * Loads a backbone.
   *
   * @param backbone the backbone; give it weights, or its features mean nothing
   * @param device where to run it
   * @param precision the precision to compute in
   * @return the extractor, which the caller closes
   * @throws IOException if the weights cannot be read or do not fit
   */
  public static FeatureExtractor open(Backbone backbone, Device device, Precision precision)
      throws IOException {
    return new FeatureExtractor(
        Program.load(
            InferenceProgram.write(backbone.network(), backbone.startingWeights(0), precision),
            device));
  }

  /** Returns the manager that owns the weights; photos may be made in a sub-manager of it. */
  public NDManager manager() {
    return program.manager();
  }

  /**
   * Returns one vector a photo, timm's {@code forward_head(pre_logits=True)}.
   *
   * @param photos uint8 (B, H, W, 3), RGB, or normalised float32 (B, 3, H, W)
   * @return float32 (B, F), owned by the manager of the photos
   */
  public NDArray pooled(NDArray photos) {
    return program.call(ProgramMethod.FEATURES, photos).singletonOrThrow();
  }

  /**
   * Returns a vector for each place, timm's {@code forward_features} without class tokens.
   *
   * @param photos uint8 (B, H, W, 3), RGB, or normalised float32 (B, 3, H, W)
   * @return float32 (B, F, h, w), owned by the manager of the photos
   */
  public NDArray map(NDArray photos) {
    return program.call(ProgramMethod.FEATURE_MAP, photos).singletonOrThrow();
  }

  @Override
  public void close() {
    program.close();
  }
}
