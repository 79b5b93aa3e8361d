package io.github.facemask.backbone;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.network.Network;
import java.io.IOException;
import java.util.ServiceLoader;

/**
 * Finds backbones by timm's names: an architecture, which means timm's default weights ({@code
 * "resnet18"}), an architecture with a tag ({@code "resnet18.a1_in1k"}), or a timm name from before
 * tags ({@code "tf_efficientnet_b4_ns"}). Names are case-insensitive. Custom architectures are
 * added as {@link BackboneProvider}; providers are loaded when one is first needed. Thread-safe.
 */
public final class Backbones {

  private static final BackboneRegistry REGISTRY =
      new BackboneRegistry(() -> ServiceLoader.load(BackboneProvider.class).iterator());

  private Backbones() {}

  /**
   * Returns the names of all architectures, without tags.
   *
   * @throws IllegalStateException if a provider of a custom architecture cannot be used; the
   *     message names its class and a remedy
   */
  public static ImmutableSet<String> names() {
    return REGISTRY.names();
  }

  /** Returns the names of the built-in architectures, without tags. */
  static ImmutableSet<String> builtIn() {
    return REGISTRY.builtInNames();
  }

  /**
   * Returns all published weights; for each architecture, timm's default comes first. A custom
   * architecture has an entry without a location.
   *
   * @throws IllegalStateException as {@link #names}
   */
  public static ImmutableList<PretrainedSource> pretrained() {
    return REGISTRY.pretrained();
  }

  /**
   * Returns a backbone.
   *
   * @param name timm's name, or that of a custom architecture
   * @return the backbone with 18 classes, random weights, and the preprocessing of the named
   *     weights
   * @throws IllegalArgumentException if there is none; the message lists near names, and the
   *     providers that cannot be used
   */
  public static Backbone get(String name) {
    return REGISTRY.get(name);
  }

  /**
   * Returns the network of a trained model, without its weights.
   *
   * @param model the model's folder
   * @return the network that its card describes
   * @throws IOException if its card names an unknown architecture, or options that do not fit it;
   *     the message names the folder
   */
  public static Network network(ModelFolder model) throws IOException {
    try {
      return get(model.architecture())
          .withPreprocessing(model.preprocessing())
          .withHeads(model.heads())
          .withAttributes(model.attributes())
          .network();
    } catch (IllegalArgumentException e) {
      throw new IOException(model.card() + ": " + e.getMessage(), e);
    }
  }
}
