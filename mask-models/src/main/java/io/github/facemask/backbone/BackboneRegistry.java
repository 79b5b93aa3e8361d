package io.github.facemask.backbone;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import io.github.facemask.network.Network;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.problem.Problem;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Knows all backbones: the built-in ones, and those of providers, which are loaded when a name is
 * requested that is not built in. An invalid provider does not affect other backbones. Immutable
 * except for that lazy loading; thread-safe.
 */
final class BackboneRegistry {

  /** Longer names are not searched for near names. */
  private static final int LONGEST = 200;

  private final ImmutableList<PretrainedSource> published = PretrainedSource.all();
  private final ImmutableMap<String, BackboneProvider> builtIn;
  private final ImmutableMap<String, PretrainedSource> publishedByName;
  private final Supplier<OwnBackbones> own;

  /**
   * Makes a registry.
   *
   * @param providers supplies the custom architectures when they are needed; called once
   */
  BackboneRegistry(Supplier<Iterator<BackboneProvider>> providers) {
    publishedByName = byName(published);
    builtIn = builtIn(publishedByName);
    own = Suppliers.memoize(() -> OwnBackbones.of(providers.get(), builtIn.keySet()));
  }

  /** Returns the names of all architectures, custom ones last. */
  ImmutableSet<String> names() {
    return ImmutableSet.<String>builder()
        .addAll(builtIn.keySet())
        .addAll(checkedOwn().byArchitecture().keySet())
        .build();
  }

  /** Returns the names of the built-in architectures. */
  ImmutableSet<String> builtInNames() {
    return builtIn.keySet();
  }

  /** Returns all published weights, and an entry for each custom architecture. */
  ImmutableList<PretrainedSource> pretrained() {
    ImmutableList.Builder<PretrainedSource> all = ImmutableList.builder();
    all.addAll(published);
    checkedOwn().byArchitecture().values().forEach(each -> all.add(source(each)));
    return all.build();
  }

  /**
   * Returns a backbone.
   *
   * @param name timm's name or that of a custom architecture, case-insensitive
   * @throws IllegalArgumentException if there is none
   */
  Backbone get(String name) {
    String key = name.toLowerCase(Locale.ROOT);
    PretrainedSource source = publishedByName.get(key);
    if (source != null) {
      return Backbone.of(builtIn.get(source.architecture()), source);
    }
    if (key.length() > LONGEST) {
      throw new InvalidArgumentException(
          Problem.of("backbone", name.substring(0, LONGEST) + "...", "a shorter name"));
    }
    for (BackboneProvider each : own.get().byArchitecture().values()) {
      PretrainedSource entry = source(each);
      if (key.equals(entry.architecture()) || key.equals(entry.name())) {
        return Backbone.of(each, entry);
      }
    }
    throw new InvalidArgumentException(
        Problem.of(
            "backbone",
            name,
            "a known one; near names are " + NearNames.of(key, allNames()) + problems()));
  }

  private Set<String> allNames() {
    return Sets.union(publishedByName.keySet(), own.get().byArchitecture().keySet());
  }

  /** The unknown name may be that of a provider that was left out. */
  private String problems() {
    ImmutableList<String> problems = own.get().problems();
    return problems.isEmpty()
        ? ""
        : "; not all backbones of your own could be used: " + String.join("; ", problems);
  }

  private OwnBackbones checkedOwn() {
    if (!own.get().problems().isEmpty()) {
      throw new IllegalStateException(
          "not all backbones of your own can be used: " + String.join("; ", own.get().problems()));
    }
    return own.get();
  }

  private static PretrainedSource source(BackboneProvider provider) {
    return PretrainedSource.own(provider.architecture(), provider.preprocessing());
  }

  /** A built-in architecture, with the preprocessing of timm's default weights. */
  private record BuiltIn(
      String architecture,
      Preprocessing preprocessing,
      BiFunction<Integer, Preprocessing, Network> description)
      implements BackboneProvider {

    @Override
    public Network network(int classes, Preprocessing input) {
      return description.apply(classes, input);
    }
  }

  private static ImmutableMap<String, BackboneProvider> builtIn(
      Map<String, PretrainedSource> published) {
    Map<String, BiFunction<Integer, Preprocessing, Network>> all = new LinkedHashMap<>();
    for (ResNet variant : ResNet.values()) {
      all.put(variant.architecture(), variant::network);
    }
    for (EfficientNet variant : EfficientNet.values()) {
      all.put(variant.architecture(), variant::network);
    }
    for (Swin variant : Swin.values()) {
      all.put(variant.architecture(), variant::network);
    }
    for (VisionTransformer variant : VisionTransformer.values()) {
      all.put(variant.architecture(), variant::network);
    }
    ImmutableMap.Builder<String, BackboneProvider> builtIn = ImmutableMap.builder();
    all.forEach(
        (name, description) ->
            builtIn.put(name, new BuiltIn(name, published.get(name).preprocessing(), description)));
    return builtIn.buildOrThrow();
  }

  private static ImmutableMap<String, PretrainedSource> byName(
      ImmutableList<PretrainedSource> published) {
    Map<String, PretrainedSource> all = new LinkedHashMap<>();
    for (PretrainedSource source : published) {
      all.putIfAbsent(source.architecture(), source);
      all.put(source.name(), source);
      source.oldNames().forEach(old -> all.put(old, source));
    }
    return ImmutableMap.copyOf(all);
  }
}
