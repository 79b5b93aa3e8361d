package io.github.facemask.internal.program;

import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.tensor.MemoryLayout;
import io.github.facemask.tensor.Precision;

/** What every program does with photos first. */
public final class PhotoInput {

  private PhotoInput() {}

  /**
   * Returns statements from {@code photos}, uint8 (B, H, W, 3) or normalised float32 (B, 3, H, W),
   * to features {@code x}; they also set {@code training}.
   *
   * @param preprocessing how bytes are normalised
   * @param precision the numbers of the features
   * @param layout how the features lie in memory
   * @return lines of a method's body
   */
  public static String statements(
      Preprocessing preprocessing, Precision precision, MemoryLayout layout) {
    StringBuilder scale = new StringBuilder();
    StringBuilder shift = new StringBuilder();
    for (int c = 0; c < 3; c++) {
      double std = preprocessing.std().get(c);
      // (byte / 255 - mean) / std as one multiplication and one addition.
      scale.append(c == 0 ? "" : ", ").append(1 / (255 * std));
      shift.append(c == 0 ? "" : ", ").append(-preprocessing.mean().get(c) / std);
    }
    // A whole row at a time: libtorch broadcasts three numbers to a pixel six times as slowly.
    String type = precision == Precision.FLOAT32 ? "6" : "15";
    // The numbers are libtorch's: contiguous 0, channels_last 2.
    int format = layout == MemoryLayout.CHANNELS_LAST ? 2 : 0;
    return """
          training = self.training
          if torch.eq(ops.prim.dtype(photos), 0):
            width = torch.size(photos, 2)
            scale = torch.repeat(torch.tensor([%s], dtype=6, device=photos.device), [width])
            shift = torch.repeat(torch.tensor([%s], dtype=6, device=photos.device), [width])
            rows = torch.flatten(torch.to(photos, 6), 2)
            shifted = torch.add_(torch.mul_(rows, scale), shift)
            pixels = torch.unflatten(shifted, 2, [width, 3])
            normal = torch.to(torch.permute(pixels, [0, 3, 1, 2]), %s)
          else:
            normal = torch.to(photos, %s)
          x = torch.contiguous(normal, memory_format=%s)
        """
        .formatted(scale, shift, type, type, format);
  }

  /**
   * Returns statements from the same photos to their bytes {@code x}, uint8 (B, 3, H, W) with the
   * channel varying fastest; normalised photos are brought back to the nearest bytes.
   *
   * @param preprocessing how bytes are normalised
   * @return lines of a method's body
   */
  public static String bytes(Preprocessing preprocessing) {
    StringBuilder scale = new StringBuilder();
    StringBuilder shift = new StringBuilder();
    for (int c = 0; c < 3; c++) {
      scale.append(c == 0 ? "" : ", ").append(255 * preprocessing.std().get(c));
      shift.append(c == 0 ? "" : ", ").append(255 * preprocessing.mean().get(c));
    }
    return """
          if torch.eq(ops.prim.dtype(photos), 0):
            rows = photos
          else:
            normal = torch.permute(torch.to(photos, 6), [0, 2, 3, 1])
            scaled = torch.mul(normal, torch.tensor([%s], dtype=6, device=photos.device))
            shifted = torch.add_(scaled, torch.tensor([%s], dtype=6, device=photos.device))
            rows = torch.to(torch.clamp_(torch.round_(shifted), 0, 255), 0)
          x = torch.permute(torch.contiguous(rows), [0, 3, 1, 2])
        """
        .formatted(scale, shift);
  }
}
