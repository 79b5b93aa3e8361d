package io.github.facemask.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.github.facemask.loss.SoftTargetLoss.CompiledLoss;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Our losses where DJL asks for its own. */
class CompiledLossTest {

  @Test
  void gradientsFlowThroughALossThatDjlCollects() throws IOException {
    float[] logits = {0.5f, -1, 2, 0, 0.25f, -0.75f};
    float[] targets = {0.7f, 0.3f, 0, 0, 0, 1};
    try (CompiledLoss loss = CompiledLoss.of(CrossEntropy.plain());
        NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDArray x = manager.create(logits, new Shape(2, 3));
      x.setRequiresGradient(true);
      NDArray t = manager.create(targets, new Shape(2, 3));
      try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
        collector.backward(loss.evaluate(new NDList(t), new NDList(x)));
      }

      // The gradient of mean cross entropy is (softmax - target) / photos.
      float[] gradient = x.getGradient().toFloatArray();
      for (int row = 0; row < 2; row++) {
        double sum = 0;
        for (int c = 0; c < 3; c++) {
          sum += Math.exp(logits[3 * row + c]);
        }
        for (int c = 0; c < 3; c++) {
          int i = 3 * row + c;
          double expected = (Math.exp(logits[i]) / sum - targets[i]) / 2;
          assertThat((double) gradient[i]).isCloseTo(expected, within(1e-6));
        }
      }
      assertThat(loss.getName()).isEqualTo("cross entropy");
    }
  }
}
