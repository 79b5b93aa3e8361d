package io.github.facemask.internal.weights;

/** The file formats that weights are read from. */
public enum WeightForm {
  /** Safetensors. */
  SAFETENSORS("safetensors"),
  /** {@code torch.save} since PyTorch 1.6. */
  TORCH_ZIP("torch.save"),
  /**
   * {@code torch.save} before PyTorch 1.6, or with {@code _use_new_zipfile_serialization=False}.
   */
  TORCH_LEGACY("torch.save before PyTorch 1.6"),
  /** {@code numpy.savez}, as the original release of ViT has it. */
  NUMPY_ARCHIVE("npz"),
  /** Several safetensors files and an index. */
  SHARDED_SAFETENSORS("sharded safetensors"),
  /** Several files of {@code torch.save} and an index. */
  SHARDED_TORCH("sharded torch.save");

  private final String words;

  WeightForm(String words) {
    this.words = words;
  }

  /** Returns the form in words, for instance {@code "safetensors"}. */
  public String words() {
    return words;
  }
}
