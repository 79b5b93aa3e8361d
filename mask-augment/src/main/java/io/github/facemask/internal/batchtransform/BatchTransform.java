package io.github.facemask.internal.batchtransform;

import static com.google.common.base.Preconditions.checkArgument;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.primitives.Longs;
import io.github.facemask.image.Box;
import io.github.facemask.internal.pipeline.SampledPipeline;
import io.github.facemask.internal.torchscript.Program;
import io.github.facemask.internal.torchscript.ProgramMethod;
import io.github.facemask.internal.torchscript.ScriptModule;
import io.github.facemask.mixing.Mixing.Plan;
import io.github.facemask.preprocessing.Preprocessing;
import java.io.IOException;
import java.util.List;

/**
 * Crops, resizes, flips, colours and mixes a batch of decoded photos on the device, in one call of
 * one program. It takes the same sampled parameters as the CPU transforms, {@link SampledPipeline}
 * and {@link Plan}. After a crop, a flip and one colour change the results are within {@value
 * #TOLERANCE} levels of the CPU's. Hue changes and several colour changes amplify the difference:
 * fewer than 5 values in a thousand are further off, by at most 5 levels. Mixing adds none.
 *
 * <p>Photos of a batch may have different sizes. Blur, noise, CLAHE, warps and erasing run on the
 * CPU only; {@link PhotoPart#of} does them there.
 *
 * <p>Thread-safe. Closing frees the program.
 */
public final class BatchTransform implements AutoCloseable {

  /** The largest difference from the CPU transforms, in levels of 0 to 255 before normalisation. */
  public static final int TOLERANCE = 2;

  private final Preprocessing input;
  private final Program program;

  private BatchTransform(Preprocessing input, Program program) {
    this.input = input;
    this.program = program;
  }

  /**
   * Loads the program.
   *
   * @param input the network's input: size, filter, mean and deviation
   * @param device the device to run on
   * @return the transform, which the caller closes
   * @throws IOException if the program cannot be passed to the engine
   */
  public static BatchTransform load(Preprocessing input, Device device) throws IOException {
    return new BatchTransform(input, Program.load(program(input), device));
  }

  /**
   * Writes the program.
   *
   * @param input the network's input
   */
  public static ScriptModule program(Preprocessing input) {
    return BatchProgram.of(input);
  }

  /** Returns the manager of the program, on its device. */
  public NDManager manager() {
    return program.manager();
  }

  /**
   * Normalises a batch that was cropped on the CPU.
   *
   * @param pixels uint8 (B, H, W, 3), RGB, on the device
   * @return float32 (B, 3, H, W), channels-last in memory as the pixels are, owned by their manager
   */
  public NDArray normalize(NDArray pixels) {
    checkPixels(pixels);
    return program.call(ProgramMethod.NORMALIZE, pixels).singletonOrThrow();
  }

  /**
   * Computes the photos that a network gets.
   *
   * @param pixels uint8 (B, H, W, 3), RGB, on the device: each part at the upper left, and any
   *     padding, as {@link PhotoPart#pack} writes them
   * @param parts the size and the transforms of each photo
   * @param plan how the transformed photos are mixed
   * @return uint8 (B, h, w, 3) of the network's input size, owned by the manager of the pixels
   * @throws IllegalArgumentException if an effect does not run on the device
   */
  public NDArray apply(NDArray pixels, List<PhotoPart> parts, Plan plan) {
    checkPixels(pixels);
    int count = parts.size();
    checkArgument(
        count == pixels.getShape().get(0),
        "%s draws for %s photos, expected one for each",
        count,
        pixels.getShape().get(0));
    List<ColorSteps> colors = parts.stream().map(part -> ColorSteps.of(part.drawn())).toList();
    int steps = colors.stream().mapToInt(c -> c.steps().size()).max().orElse(0);
    float[] sizes = new float[count * 2];
    float[] boxes = new float[count * 4];
    boolean[] mirrored = new boolean[count];
    float[] kinds = new float[count * steps];
    float[] factors = new float[count * steps];
    for (int i = 0; i < count; i++) {
      sizes[i * 2] = parts.get(i).pixels().height();
      sizes[i * 2 + 1] = parts.get(i).pixels().width();
      Box box = parts.get(i).drawn().box();
      boxes[i * 4] = (float) box.left();
      boxes[i * 4 + 1] = (float) box.top();
      boxes[i * 4 + 2] = (float) box.right();
      boxes[i * 4 + 3] = (float) box.bottom();
      mirrored[i] = colors.get(i).mirrored();
      for (int s = 0; s < steps; s++) {
        kinds[i * steps + s] = colors.get(i).step(s).kind();
        factors[i * steps + s] = (float) colors.get(i).step(s).factor();
      }
    }
    try (NDManager scope = pixels.getManager().newSubManager()) {
      NDArray result =
          program
              .call(
                  ProgramMethod.APPLY,
                  pixels,
                  scope.create(sizes, new Shape(count, 2)),
                  scope.create(boxes, new Shape(count, 4)),
                  scope.create(mirrored, new Shape(count)),
                  scope.create(kinds, new Shape(count, steps)),
                  scope.create(factors, new Shape(count, steps)),
                  scope.create(donors(plan)),
                  scope.create(rectangle(plan)))
              .singletonOrThrow();
      result.attach(pixels.getManager());
      return result;
    }
  }

  private static long[] donors(Plan plan) {
    if (plan instanceof Plan.Blend blend) {
      return Longs.toArray(blend.donors());
    }
    return plan instanceof Plan.Paste paste ? Longs.toArray(paste.donors()) : new long[1];
  }

  /** Returns top, left, bottom, right and what a photo keeps there, in 256ths. */
  private float[] rectangle(Plan plan) {
    if (plan instanceof Plan.Blend blend) {
      return new float[] {0, 0, input.height(), input.width(), blend.kept()};
    }
    return plan instanceof Plan.Paste paste
        ? new float[] {paste.top(), paste.left(), paste.bottom(), paste.right(), 0}
        : new float[] {0, 0, 0, 0, Plan.Blend.WHOLE};
  }

  private static void checkPixels(NDArray pixels) {
    Shape shape = pixels.getShape();
    checkArgument(
        pixels.getDataType() == DataType.UINT8 && shape.dimension() == 4 && shape.get(3) == 3,
        "pixels are %s %s, expected uint8 (B, H, W, 3)",
        pixels.getDataType(),
        shape);
  }

  /** Returns the network's input. */
  public Preprocessing preprocessing() {
    return input;
  }

  @Override
  public void close() {
    program.close();
  }
}
