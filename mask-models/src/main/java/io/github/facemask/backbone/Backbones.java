package io.github.facemask.backbone;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.network.Network;
import java.io.IOException;
import java.util.ServiceLoader;

/**
 * Finds backbones by timm's names: an architecture, which stands for timm's default weights ({@code
 * "resnet18"}), an architecture with a tag ({@code "resnet18.a1_in1k"}), or a name from before timm
 * had tags ({@code "tf_efficientnet_b4_ns"}). Case does not matter. Architectures of your own join
 * as {@link BackboneProvider}; they are looked for when one is first needed. Safe to use from
 * several threads.
 */
public final class Backbones {

  private static final BackboneRegistry REGISTRY =
      new BackboneRegistry(() -> ServiceLoader.load(BackboneProvider.class).iterator());

  private Backbones() {}

  /**
   * Returns the names of all architectures, without tags.
   *
   * @throws IllegalStateException if a provider of your own cannot be used; the message names its
   *     class and says what to do
   */
  public static ImmutableSet<String> names() {
    return REGISTRY.names();
  }

  /**
   * Returns all published weights; of each architecture, timm's default comes first. An
   * architecture of your own has an entry without a place.
   *
   * @throws IllegalStateException as {@link #names}
   */
  public static ImmutableList<PretrainedSource> pretrained() {
    return REGISTRY.pretrained();
  }

  /**
   * Returns a backbone.
   *
   * @param name timm's name, or that of an architecture of your own
   * @return the backbone with 18 classes, random weights, and the preprocessing of the named
   *     weights
   * @throws IllegalArgumentException if there is none; the message lists near names, and the
   *     providers of your own that cannot be used
   */
  public static Backbone get(String name) {
    return REGISTRY.get(name);
  }

  /**
   * Returns the network of a trained model, without its weights.
   *
   * @param model the model's folder
   * @return the network that its card describes
   * @throws IOException if its card names an architecture that is not there, or choices that do not
   *     fit it; the message names the folder
   */
  public static Network network(ModelFolder model) throws IOException {
    try {
      return get(model.architecture())
          .withPreprocessing(model.preprocessing())
          .withHeads(model.heads())
          .network();
    } catch (IllegalArgumentException e) {
      throw new IOException(model.card() + ": " + e.getMessage(), e);
    }
  }
}
