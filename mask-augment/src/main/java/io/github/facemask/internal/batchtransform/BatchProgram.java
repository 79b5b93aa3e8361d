package io.github.facemask.internal.batchtransform;

import ai.djl.ndarray.types.Shape;
import io.github.facemask.image.Pixels;
import io.github.facemask.internal.torchscript.ProgramMethod;
import io.github.facemask.internal.torchscript.ScriptModule;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.Preprocessing.Interpolation;
import io.github.facemask.tensor.HostTensor;
import java.util.function.DoubleBinaryOperator;

/**
 * The program of {@link BatchTransform}. Cropping, resizing and flipping a photo are two matrix
 * products with filter weights as in Pillow's {@code Resample.c}; the weights of the padding are 0.
 * Values are rounded where the CPU transforms round, so that both agree. The mixing is in whole
 * numbers and equal to the CPU's.
 */
final class BatchProgram {

  private BatchProgram() {}

  static ScriptModule of(Preprocessing input) {
    return ScriptModule.builder()
        .buffer("scale", row(input, (mean, deviation) -> 1 / (255 * deviation)))
        .buffer("shift", row(input, (mean, deviation) -> -mean / deviation))
        .method(
            ProgramMethod.NORMALIZE.signature("pixels: Tensor", "Tensor")
                + """
                    shape = torch.size(pixels)
                    columns = torch.size(pixels, 2)
                    rows = torch.reshape(pixels, [-1, torch.mul(columns, 3)])
                    x = torch.to(rows, 6)
                    y = torch.add_(torch.mul_(x, torch.repeat(self.scale, [columns])),\
                   torch.repeat(self.shift, [columns]))
                    return torch.permute(torch.reshape(y, shape), [0, 3, 1, 2])
                  """)
        .method(apply(input))
        .build();
  }

  /** Shape (3), repeated along a row of pixels so that the engine's inner loops are long. */
  private static HostTensor row(Preprocessing input, DoubleBinaryOperator value) {
    float[] row = new float[Pixels.CHANNELS];
    for (int c = 0; c < row.length; c++) {
      row[c] = (float) value.applyAsDouble(input.mean().get(c), input.std().get(c));
    }
    return HostTensor.ofFloats(new Shape(row.length), row);
  }

  private static String apply(Preprocessing input) {
    return ProgramMethod.APPLY.signature(
            "pixels: Tensor, sizes: Tensor, boxes: Tensor, mirrored: Tensor, kinds: Tensor,"
                + " factors: Tensor, donors: Tensor, rectangle: Tensor",
            "Tensor")
        + "  images = torch.size(pixels, 0)\n"
        + "  rows = torch.size(pixels, 1)\n"
        + "  columns = torch.size(pixels, 2)\n"
        + weights("y", "rows", 1, input.height(), input.interpolation())
        + weights("x", "columns", 0, input.width(), input.interpolation())
        + "  flat = torch.reshape(torch.to(pixels, 6), [images, rows, torch.mul(columns, 3)])\n"
        + "  tall = torch.reshape(torch.bmm(weights_y, flat), [images, %d, columns, 3])\n"
            .formatted(input.height())
        + "  planes = torch.permute(tall, [0, 3, 1, 2])\n"
        + "  across = torch.unsqueeze(torch.transpose(weights_x, 1, 2), 1)\n"
        + "  v = torch.clamp(torch.round(torch.matmul(planes, across)), 0, 255)\n"
        + "  for step in range(torch.size(kinds, 1)):\n"
        + "    kind = torch.reshape(torch.select(kinds, 1, step), [-1, 1, 1, 1])\n"
        + "    factor = torch.reshape(torch.select(factors, 1, step), [-1, 1, 1, 1])\n"
        + "    r = torch.slice(v, 1, 0, 1)\n"
        + "    g = torch.slice(v, 1, 1, 2)\n"
        + "    b = torch.slice(v, 1, 2, 3)\n"
        + "    grey = torch.floor(torch.add(torch.add(torch.mul(r, 0.2989), torch.mul(g, 0.587)),"
        + " torch.mul(b, 0.114)))\n"
        + "    even = torch.mean(grey, [1, 2, 3], True)\n"
        + "    rest = torch.where(torch.eq(kind, 1), even, torch.where(torch.eq(kind, 2), grey,"
        + " torch.zeros_like(grey)))\n"
        + "    blend = torch.add(torch.mul(v, factor), torch.mul(rest, torch.rsub(factor, 1)))\n"
        + "    tone = torch.floor(torch.add(torch.clamp(blend, 0, 255), 1.0000000000000000e-03))\n"
        + hue()
        + "    v = torch.where(torch.eq(kind, 3), turned, tone)\n"
        + mixing(input)
        + "  return torch.contiguous(torch.permute(torch.to(mixed, 0), [0, 2, 3, 1]))\n";
  }

  /**
   * Blends a rectangle (top, left, bottom, right) of each photo with its donor's, in 256ths; its
   * fifth number is what the photo keeps. A batch that is not mixed has fewer donors than photos.
   */
  private static String mixing(Preprocessing input) {
    return """
          if torch.eq(torch.size(donors, 0), images):
            y = torch.reshape(torch.arange(HEIGHT, dtype=6, device=v.device), [-1, 1])
            x = torch.reshape(torch.arange(WIDTH, dtype=6, device=v.device), [1, -1])
            top = torch.select(rectangle, 0, 0)
            left = torch.select(rectangle, 0, 1)
            bottom = torch.select(rectangle, 0, 2)
            right = torch.select(rectangle, 0, 3)
            among_rows = torch.logical_and(torch.ge(y, top), torch.lt(y, bottom))
            among_columns = torch.logical_and(torch.ge(x, left), torch.lt(x, right))
            inside = torch.logical_and(among_rows, among_columns)
            kept = torch.where(inside, torch.select(rectangle, 0, 4), torch.full_like(y, 256))
            other = torch.index_select(v, 0, donors)
            sum = torch.add(torch.mul(v, kept), torch.mul(other, torch.rsub(kept, 256)))
            mixed = torch.floor(torch.div(torch.add(sum, 128), 256))
          else:
            mixed = v
        """
        .replace("HEIGHT", String.valueOf(input.height()))
        .replace("WIDTH", String.valueOf(input.width()));
  }

  /** Turns the hue, in HSV: max - range * clamp(min(k, 4 - k), 0, 1) for each channel. */
  private static String hue() {
    return "    most = torch.amax(v, [1], True)\n"
        + "    range_ = torch.sub(most, torch.amin(v, [1], True))\n"
        + "    some = torch.clamp(range_, 1)\n"
        + "    of_r = torch.div(torch.sub(g, b), some)\n"
        + "    of_g = torch.add(torch.div(torch.sub(b, r), some), 2)\n"
        + "    of_b = torch.add(torch.div(torch.sub(r, g), some), 4)\n"
        + "    base = torch.where(torch.eq(most, r), of_r, torch.where(torch.eq(most, g), of_g,"
        + " of_b))\n"
        + "    sextant = torch.add(base, torch.mul(factor, 6))\n"
        + "    k = torch.remainder(torch.cat([torch.add(sextant, 5), torch.add(sextant, 3),"
        + " torch.add(sextant, 1)], 1), 6)\n"
        + "    share = torch.clamp(torch.minimum(k, torch.rsub(k, 4)), 0, 1)\n"
        + "    turned = torch.round(torch.sub(most, torch.mul(range_, share)))\n";
  }

  /**
   * Weights (B, target, source) along one axis. {@code boxes} has left, top, right, bottom, and
   * {@code sizes} height and width without the padding. For a flipped photo the columns are in
   * reverse order.
   */
  private static String weights(
      String axis, String length, int from, int target, Interpolation filter) {
    String text =
        """
          from_@ = torch.reshape(torch.select(boxes, 1, FROM), [-1, 1, 1])
          to_@ = torch.reshape(torch.select(boxes, 1, END), [-1, 1, 1])
          scale_@ = torch.div(torch.sub(to_@, from_@), TARGET)
          wide_@ = torch.clamp(scale_@, 1)
          plain_@ = torch.reshape(torch.arange(TARGET, dtype=6, device=boxes.device), [1, -1, 1])
          TURN
          center_@ = torch.add(torch.mul(torch.add(index_@, 0.5), scale_@), from_@)
          source_@ = torch.reshape(torch.arange(LENGTH, dtype=6, device=boxes.device), [1, 1, -1])
          off_@ = torch.abs(torch.div(torch.sub(torch.add(source_@, 0.5), center_@), wide_@))
          FILTER
          end_@ = torch.reshape(torch.select(sizes, 1, AXIS), [-1, 1, 1])
          held_@ = torch.where(torch.lt(source_@, end_@), raw_@, torch.zeros_like(raw_@))
          weights_@ = torch.div(held_@, torch.sum(held_@, [-1], True))
        """;
    String turn =
        axis.equals("x")
            ? "index_@ = torch.where(torch.reshape(mirrored, [-1, 1, 1]),"
                + " torch.rsub(plain_@, TARGET - 1), plain_@)"
            : "index_@ = plain_@";
    return text.replace("TURN", turn)
        .replace("FILTER", filter(filter))
        .replace("TARGET - 1", String.valueOf(target - 1))
        .replace("TARGET", String.valueOf(target))
        .replace("LENGTH", length)
        .replace("FROM", String.valueOf(from))
        .replace("AXIS", axis.equals("y") ? "0" : "1")
        .replace("END", String.valueOf(from + 2))
        .replace("@", axis);
  }

  private static String filter(Interpolation filter) {
    return filter == Interpolation.BILINEAR
        ? "raw_@ = torch.clamp(torch.rsub(off_@, 1), 0)"
        : """
          near_@ = torch.add(torch.mul(torch.mul(torch.sub(torch.mul(off_@, 1.5), 2.5), off_@), off_@), 1)
            far_@ = torch.add(torch.mul(torch.sub(torch.mul(torch.add(torch.mul(off_@, -0.5), 2.5), off_@), 4), off_@), 2)
            raw_@ = torch.where(torch.lt(off_@, 1), near_@, torch.where(torch.lt(off_@, 2), far_@, torch.zeros_like(off_@)))"""
            .strip();
  }
}
