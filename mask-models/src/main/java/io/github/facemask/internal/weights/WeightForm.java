package io.github.facemask.internal.weights;

/** The file formats that weights are read from. */
public enum WeightForm {
  /** Safetensors. */
  SAFETENSORS,
  /** {@code torch.save} since PyTorch 1.6. */
  TORCH_ZIP,
  /**
   * {@code torch.save} before PyTorch 1.6, or with {@code _use_new_zipfile_serialization=False}.
   */
  TORCH_LEGACY
}
