package io.github.facemask.catalog;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.backbone.resnet.ResNet;
import java.util.Comparator;
import java.util.Locale;
import java.util.function.IntFunction;

/** Finds backbones by timm's names. */
public final class Backbones {

  private static final ImmutableMap<String, BackboneSource> ALL = all();

  private Backbones() {}

  /** Returns the names of all backbones, without tags. */
  public static ImmutableSet<String> names() {
    return ALL.keySet();
  }

  /**
   * Returns a backbone.
   *
   * @param name timm's name, with or without a tag: {@code "resnet18"}, {@code "resnet18.a1_in1k"}
   * @return the backbone with 18 classes and random weights
   * @throws IllegalArgumentException if there is none; the message lists near names
   */
  public static Backbone get(String name) {
    int dot = name.indexOf('.');
    String base = (dot < 0 ? name : name.substring(0, dot)).toLowerCase(Locale.ROOT);
    BackboneSource source = ALL.get(base);
    if (source == null) {
      throw new IllegalArgumentException(
          "no backbone '" + name + "'; near names are " + nearest(base));
    }
    return Backbone.of(source);
  }

  private static String nearest(String name) {
    return ALL.keySet().stream()
        .sorted(Comparator.comparingInt(known -> distance(known, name)))
        .limit(3)
        .reduce((a, b) -> a + ", " + b)
        .orElseThrow();
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitute, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }

  private static ImmutableMap<String, BackboneSource> all() {
    ImmutableMap.Builder<String, BackboneSource> all = ImmutableMap.builder();
    for (ResNet variant : ResNet.values()) {
      IntFunction<io.github.facemask.network.Network> network = variant::network;
      all.put(variant.architecture(), (classes, height, width) -> network.apply(classes));
    }
    return all.buildOrThrow();
  }
}
