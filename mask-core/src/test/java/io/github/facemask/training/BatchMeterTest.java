package io.github.facemask.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.dataset.Photo;
import io.github.facemask.training.TrainableModel.StepOutput;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Losses that stay on the device until several are read at once. */
class BatchMeterTest {

  private static final List<Photo> PHOTOS =
      IntStream.range(0, 12).mapToObj(i -> new Photo("p" + i, Path.of("p" + i))).toList();

  private static final Path RUN = Path.of("runs", "a");

  private static void add(
      BatchMeter meter, NDManager manager, int from, float loss, float correct) {
    List<Integer> indices = ImmutableList.of(from, from + 1, from + 2);
    try (PhotoBatch batch =
        new PhotoBatch(manager.zeros(new Shape(3, 1)), manager.zeros(new Shape(3, 18)), indices)) {
      StepOutput result =
          new StepOutput(
              manager.create(loss), manager.zeros(new Shape(3, 18)), manager.create(correct));
      meter.add(batch, result);
    }
  }

  @Test
  void readsSeveralBatchesAtOnce() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        BatchMeter meter = new BatchMeter(1, 4, manager, PHOTOS, RUN)) {
      add(meter, manager, 0, 1, 3);
      add(meter, manager, 3, 2, 0);
      assertThat(meter.meanLoss()).isNaN();
      meter.read();

      assertThat(meter.meanLoss()).isCloseTo(1.5, within(1e-9));
      assertThat(meter.accuracy()).isCloseTo(0.5, within(1e-9));
      assertThat(meter.batches()).isEqualTo(2);
    }
  }

  @Test
  void namesTheFirstBatchThatIsNotFinite() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        BatchMeter meter = new BatchMeter(2, 3, manager, PHOTOS, RUN)) {
      add(meter, manager, 0, 1, 0);
      add(meter, manager, 3, Float.NaN, 0);

      assertThatThrownBy(() -> add(meter, manager, 6, Float.POSITIVE_INFINITY, 0))
          .isInstanceOf(NonFiniteLossException.class)
          .hasMessageContaining("epoch 2, batch 2")
          .hasMessageContaining("p3, p4, p5");
    }
  }
}
