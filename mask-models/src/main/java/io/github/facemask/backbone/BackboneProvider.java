package io.github.facemask.backbone;

import io.github.facemask.network.Network;
import io.github.facemask.preprocessing.Preprocessing;

/**
 * A custom architecture. {@link Backbones} finds it with {@link java.util.ServiceLoader}: list the
 * class in {@code META-INF/services/io.github.facemask.backbone.BackboneProvider}. It can then be
 * trained, opened, exported and used in ensembles like a built-in architecture. The class must be
 * on the class path wherever a model of it is opened. Implementations are stateless and have a
 * public constructor without parameters. A provider that cannot be used is reported when its name
 * or the list of all names is requested; other backbones work without it.
 */
public interface BackboneProvider {

  /**
   * Returns the name, which is stored in the card of each model: lower-case letters, digits, {@code
   * -} and {@code _}. It must differ from all built-in names.
   */
  String architecture();

  /** Returns the default preprocessing of the network. */
  Preprocessing preprocessing();

  /**
   * Describes the network.
   *
   * @param classes the number of logits
   * @param preprocessing the preprocessing, including the input size
   * @return the network, under the name of {@link #architecture}
   * @throws IllegalArgumentException if the architecture does not allow the input size
   */
  Network network(int classes, Preprocessing preprocessing);
}
