package io.github.facemask.backbone;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.facemask.internal.program.InferenceProgram;
import io.github.facemask.internal.torchscript.Program;
import io.github.facemask.internal.torchscript.ProgramMethod;
import io.github.facemask.loader.PhotoLoader;
import io.github.facemask.tensor.Precision;
import java.io.IOException;

/**
 * A loaded backbone without its head: computes features of photos with published weights, without
 * training. Thread-safe.
 */
public final class FeatureExtractor implements PhotoLoader.FeatureNetwork {

  private final Program program;

  private FeatureExtractor(Program program) {
    this.program = program;
  }

  /**
   * Loads a backbone.
   *
   * @param backbone the backbone; it needs weights, since features of random weights are
   *     meaningless
   * @param device the device to run it on
   * @param precision the precision to compute in
   * @return the extractor, which the caller closes
   * @throws IOException if the weights cannot be read or do not fit
   */
  public static FeatureExtractor open(Backbone backbone, Device device, Precision precision)
      throws IOException {
    return new FeatureExtractor(
        Program.load(
            InferenceProgram.write(backbone.network(), backbone.start(0).tensors(), precision),
            device));
  }

  /** Returns the manager that owns the weights; photos may be made in a sub-manager of it. */
  @Override
  public NDManager manager() {
    return program.manager();
  }

  /**
   * Returns one vector for each photo, timm's {@code forward_head(pre_logits=True)}.
   *
   * @param photos uint8 (B, H, W, 3), RGB, or normalised float32 (B, 3, H, W)
   * @return float32 (B, F), owned by the manager of the photos
   */
  @Override
  public NDArray pooled(NDArray photos) {
    return program.call(ProgramMethod.FEATURES, photos).singletonOrThrow();
  }

  /**
   * Returns a vector for each position, timm's {@code forward_features} without class tokens.
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
