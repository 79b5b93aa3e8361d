package io.github.facemask.cli.options;

import static com.google.common.base.Preconditions.checkArgument;

import ai.djl.Device;
import ai.djl.engine.Engine;
import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.problem.Problem;

/** Parses the device of an option. */
public final class Devices {

  private Devices() {}

  public static Device named(String name) {
    return switch (name) {
      case "cpu" -> Device.cpu();
      case "gpu" -> {
        checkArgument(gpus() > 0, "there is no GPU that PyTorch can use; see 'mask doctor'");
        yield Device.gpu();
      }
      case "auto" -> gpus() > 0 ? Device.gpu() : Device.cpu();
      default -> throw new InvalidArgumentException(Problem.of("device", name, "auto, cpu or gpu"));
    };
  }

  private static int gpus() {
    return Engine.getEngine("PyTorch").getGpuCount();
  }
}
