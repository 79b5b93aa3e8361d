package io.github.facemask.internal.program;

import io.github.facemask.internal.torchscript.ScalarType;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.tensor.MemoryLayout;
import io.github.facemask.tensor.Precision;

/** The input conversion at the start of every program. */
public final class PhotoInput {

  /** The variable that holds the features. */
  public static final String FEATURES = "x";

  private PhotoInput() {}

  /**
   * Returns statements from {@code photos}, uint8 (B, H, W, 3) or normalised float32 (B, 3, H, W),
   * to features {@link #FEATURES}; they also set {@code training}.
   *
   * @param preprocessing the normalisation of uint8 values
   * @param precision the precision of the features
   * @param layout the memory layout of the features
   * @return lines of a method's body
   */
  public static String statements(
      Preprocessing preprocessing, Precision precision, MemoryLayout layout) {
    StringBuilder scale = new StringBuilder();
    StringBuilder shift = new StringBuilder();
    for (int c = 0; c < 3; c++) {
      double std = preprocessing.std().get(c);
      // (uint8 / 255 - mean) / std as one multiplication and one addition.
      scale.append(c == 0 ? "" : ", ").append(1 / (255 * std));
      shift.append(c == 0 ? "" : ", ").append(-preprocessing.mean().get(c) / std);
    }
    // A whole row at a time. Broadcasting three numbers to each pixel takes libtorch six times as
    // long.
    ScalarType type = ScalarType.of(precision);
    return """
          training = self.training
          if torch.eq(ops.prim.dtype(photos), %s):
            width = torch.size(photos, 2)
            scale = torch.repeat(%s, [width])
            shift = torch.repeat(%s, [width])
            rows = torch.flatten(%s, 2)
            shifted = torch.add_(torch.mul_(rows, scale), shift)
            pixels = torch.unflatten(shifted, 2, [width, 3])
            normal = %s
          else:
            normal = %s
          %s = torch.contiguous(normal, memory_format=%s)
        """
        .formatted(
            ScalarType.UINT8.code(),
            tensor(scale),
            tensor(shift),
            ScalarType.FLOAT32.cast("photos"),
            type.cast("torch.permute(pixels, [0, 3, 1, 2])"),
            type.cast("photos"),
            FEATURES,
            layout.code());
  }

  /**
   * Returns statements from the same photos to uint8 {@link #FEATURES} (B, 3, H, W) in
   * channels-last. Normalised photos are converted to the nearest uint8 values.
   *
   * @param preprocessing the normalisation of uint8 values
   * @return lines of a method's body
   */
  public static String uint8(Preprocessing preprocessing) {
    StringBuilder scale = new StringBuilder();
    StringBuilder shift = new StringBuilder();
    for (int c = 0; c < 3; c++) {
      scale.append(c == 0 ? "" : ", ").append(255 * preprocessing.std().get(c));
      shift.append(c == 0 ? "" : ", ").append(255 * preprocessing.mean().get(c));
    }
    return """
          if torch.eq(ops.prim.dtype(photos), %s):
            rows = photos
          else:
            normal = torch.permute(%s, [0, 2, 3, 1])
            scaled = torch.mul(normal, %s)
            shifted = torch.add_(scaled, %s)
            rows = %s
          %s = torch.permute(torch.contiguous(rows), [0, 3, 1, 2])
        """
        .formatted(
            ScalarType.UINT8.code(),
            ScalarType.FLOAT32.cast("photos"),
            tensor(scale),
            tensor(shift),
            ScalarType.UINT8.cast("torch.clamp_(torch.round_(shifted), 0, 255)"),
            FEATURES);
  }

  /** Returns a float32 tensor of numbers on the device of the photos. */
  private static String tensor(StringBuilder numbers) {
    return "torch.tensor([%s], dtype=%d, device=photos.device)"
        .formatted(numbers, ScalarType.FLOAT32.code());
  }
}
