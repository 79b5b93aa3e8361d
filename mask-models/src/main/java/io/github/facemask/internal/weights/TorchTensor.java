package io.github.facemask.internal.weights;

/**
 * A PyTorch tensor as a file describes it: a view of a storage. Equal to itself only.
 *
 * @see TorchTypes
 */
final class TorchTensor {

  final TorchStorage storage;
  final String dtype;
  final long offset;
  final long[] sizes;
  final long[] strides;

  TorchTensor(TorchStorage storage, String dtype, long offset, long[] sizes, long[] strides) {
    this.storage = storage;
    this.dtype = dtype;
    this.offset = offset;
    this.sizes = sizes;
    this.strides = strides;
  }

  /** Returns whether the element type can be read. */
  boolean readable() {
    return TorchStorage.TYPES.containsKey(dtype);
  }

  /** Returns whether the elements are row-major without gaps. */
  boolean contiguous() {
    long expected = 1;
    for (int d = sizes.length - 1; d >= 0; d--) {
      if (sizes[d] != 1 && strides[d] != expected) {
        return false;
      }
      expected *= sizes[d];
    }
    return true;
  }
}
