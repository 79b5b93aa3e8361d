package io.github.facemask.backbone;

import io.github.facemask.network.Network;
import io.github.facemask.preprocessing.Preprocessing;

/**
 * An architecture of your own. {@link Backbones} finds it as a service: name the class in {@code
 * META-INF/services/io.github.facemask.backbone.BackboneProvider}. From then on it trains, is
 * opened, exported and joins ensembles like those that come along; the class must be on the class
 * path wherever a model of it is opened. Implementations have a public constructor without
 * parameters and are stateless. One that cannot be used is named where its name, or the list of all
 * names, is asked for; other backbones work without it.
 */
public interface BackboneProvider {

  /**
   * Returns the name, which every model's card has: lower case letters, digits, {@code -} and
   * {@code _}, and none that comes along.
   */
  String architecture();

  /** Returns what the network expects of its photos, unless a user says otherwise. */
  Preprocessing preprocessing();

  /**
   * Describes the network.
   *
   * @param classes the number of logits
   * @param preprocessing what it expects of its photos, its input size included
   * @return the network, under the name of {@link #architecture}
   * @throws IllegalArgumentException if the architecture does not allow the input size
   */
  Network network(int classes, Preprocessing preprocessing);
}
