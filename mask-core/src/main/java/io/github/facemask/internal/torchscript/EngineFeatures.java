package io.github.facemask.internal.torchscript;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.facemask.internal.processor.Processor;
import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.util.Locale;

/** What the engine can compute on this machine. */
public final class EngineFeatures {

  /** A convolution as exported programs have it, of 16 channels and 4 x 4 pixels. */
  private static final String CONVOLUTION =
      ProgramMethod.CLASSIFY.signature("photos: Tensor", "Tensor")
          + "  x = "
          + ScalarType.BFLOAT16.cast("photos")
          + "\n  w = "
          + ScalarType.BFLOAT16.cast(ScriptModule.reference("weight"))
          + """

              p = ops.mkldnn._reorder_convolution_weight(w, [0, 0], [1, 1], [1, 1], 1, [1, 16, 4, 4])
              y = ops.mkldnn._convolution_pointwise(x, p, None, [0, 0], [1, 1], [1, 1], 1, "none", \
            annotate(List[Optional[number]], []), None)
              return y
            """;

  private EngineFeatures() {}

  /** Tried once, when it is first asked for. */
  private static final class Tried {
    private static final boolean BFLOAT16 = convolvesBfloat16();
  }

  /**
   * Returns whether oneDNN computes programs in bfloat16 on this processor, with the settings of
   * this process. The engine is asked: it tries a small convolution. True on other processors than
   * x86-64, where programs do not use oneDNN.
   */
  public static boolean computesBfloat16() {
    return !isX86() || Tried.BFLOAT16;
  }

  /**
   * Refuses a precision that the engine cannot compute in.
   *
   * @param precision the precision
   * @param device the device
   * @throws IllegalArgumentException if it cannot
   */
  public static void check(Precision precision, Device device) {
    InvalidArgumentException.check(
        precision != Precision.BFLOAT16 || device.isGpu() || computesBfloat16(),
        "precision",
        precision,
        "FLOAT32 on "
            + Processor.here().described()
            + ", as bfloat16 needs instructions that are missing there (AVX-512)",
        "compute in FLOAT32");
  }

  private static boolean convolvesBfloat16() {
    ScriptModule module =
        ScriptModule.builder()
            .buffer("weight", HostTensor.ofFloats(new Shape(16, 16, 1, 1), new float[256]))
            .method(CONVOLUTION)
            .build();
    try (Program program = Program.load(module, Device.cpu());
        NDManager scope = program.manager().newSubManager();
        NDArray photos = scope.zeros(new Shape(1, 16, 4, 4))) {
      return !program.call(ProgramMethod.CLASSIFY, photos).isEmpty();
    } catch (EngineException e) {
      return false;
    } catch (IOException e) {
      // No space for the file of the program, for instance: what is in the way will be told later.
      return Processor.here().computesBfloat16();
    }
  }

  private static boolean isX86() {
    String architecture = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return architecture.equals("amd64") || architecture.equals("x86_64");
  }
}
