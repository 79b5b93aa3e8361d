package io.github.facemask.internal.passes;

import io.github.facemask.network.Layer;
import io.github.facemask.network.Network;
import io.github.facemask.network.Normalization.BatchNorm2d;
import io.github.facemask.network.Pooling.GlobalAveragePool;
import io.github.facemask.network.Sequential;
import java.util.Set;

/**
 * Computes how many photos a batch must have, so that each batch norm in training sees more than
 * one value of a channel. PyTorch refuses others: "Expected more than 1 value per channel when
 * training".
 */
public final class SmallestBatch {

  private final Set<String> frozen;
  private boolean seesOneValue;

  private SmallestBatch(Set<String> frozen) {
    this.frozen = frozen;
  }

  /**
   * Returns the smallest batch: 2 if a batch norm sees features of 1 x 1 pixel, otherwise 1.
   *
   * @param network the network
   * @param frozen the names of the tensors that are not trained; their norms use running statistics
   */
  public static int of(Network network, Set<String> frozen) {
    SmallestBatch norms = new SmallestBatch(frozen);
    norms.visit(network.layers(), "", FeatureSize.of(network.preprocessing()));
    return norms.seesOneValue ? 2 : 1;
  }

  private void visit(Layer layer, String above, FeatureSize size) {
    String path = Network.join(above, layer.name());
    if (layer instanceof BatchNorm2d && !frozen.contains(path + ".weight")) {
      seesOneValue |= size.equals(FeatureSize.PIXEL);
    }
    FeatureSize at = size;
    for (Layer child : layer.children()) {
      visit(child, path, at);
      if (layer instanceof Sequential) {
        at = child instanceof GlobalAveragePool ? FeatureSize.PIXEL : at.after(child);
      }
    }
  }
}
