package io.github.facemask.learning;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDManager;
import com.google.common.base.Splitter;
import io.github.facemask.batch.BatchSource.BatchStream;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.internal.program.ProgramModel;
import io.github.facemask.loss.CrossEntropy;
import io.github.facemask.optimizer.AdamW;
import io.github.facemask.tensor.MemoryLayout;
import io.github.facemask.tensor.Precision;
import io.github.facemask.training.TrainableNetwork.TrainingConfig;
import io.github.facemask.training.TrainingData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Ten thousand steps, or as many as the property {@code facemask.steps} says, in each of which an
 * array that is not freed is refused or would show.
 */
class SteadyMemoryTest {

  private static final int STEPS = Integer.getInteger("facemask.steps", 10_000);

  /** One KiB a step: less than any array of a step, with what libtorch and Java keep for one. */
  private static final long LEAK_KIB = STEPS;

  /** In a process of its own, whose heap is resident from the start and does not grow. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "reads resident memory from /proc")
  void tenThousandStepsKeepNothing() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms256m",
                "-Xmx256m",
                "-XX:+AlwaysPreTouch",
                "-Dai.djl.offline=true",
                "-Dfacemask.steps=" + STEPS,
                "-cp",
                System.getProperty("java.class.path"),
                SteadyMemoryTest.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    List<Long> grown = Splitter.on(' ').splitToStream(out.strip()).map(Long::parseLong).toList();

    assertThat(grown.get(0)).as("arrays").isZero();
    assertThat(grown.get(1)).as("KiB").isLessThan(LEAK_KIB);
  }

  /** Prints by how many arrays and KiB the process grew in the steps. */
  public static void main(String[] args) throws IOException {
    TrainingConfig setup =
        new TrainingConfig(
            Device.cpu(),
            Precision.BFLOAT16,
            CrossEntropy.plain(),
            AdamW.of(1e-3, 0.01),
            1,
            0.99,
            MemoryLayout.CHANNELS_LAST,
            1);
    TrainingData data = ColouredPhotos.data(4, 1, 4);
    try (ProgramModel model = new TinyNetwork().prepare(setup);
        NDManager scope = model.manager().newSubManager();
        BatchStream stream = data.trainingBatches().open(scope, 0);
        PhotoBatch batch = stream.next().orElseThrow()) {
      // From here on an array that would outlive its call throws at once.
      model.manager().cap();
      steps(model, batch, STEPS / 5);
      long before = residentKib();
      int arrays = managedArrays(scope) + managedArrays(model.manager());
      steps(model, batch, STEPS);

      int later = managedArrays(scope) + managedArrays(model.manager());
      System.out.println((later - arrays) + " " + (residentKib() - before));
    }
  }

  private static void steps(ProgramModel model, PhotoBatch batch, int count) {
    for (int i = 0; i < count; i++) {
      model.trainStep(batch, 1).close();
      model.optimizerStep(1e-4, 0.9);
    }
  }

  private static int managedArrays(NDManager manager) {
    return ((BaseNDManager) manager).getManagedArrays().size();
  }

  private static long residentKib() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("/proc/self/status: lacks VmRSS");
  }
}
