package io.github.facemask.backbone;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.network.Network;
import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.problem.Problem;
import java.io.IOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds backbones by timm's names: an architecture, which stands for timm's default weights ({@code
 * "resnet18"}), an architecture with a tag ({@code "resnet18.a1_in1k"}), or a name from before timm
 * had tags ({@code "tf_efficientnet_b4_ns"}). Case does not matter. Architectures of your own join
 * as {@link BackboneProvider}.
 */
public final class Backbones {

  private static final Pattern NAME = Pattern.compile("[a-z0-9_-]+");

  /** Beyond it, looking for near names only costs time. */
  private static final int LONGEST = 200;

  private static final ImmutableList<BackboneProvider> OWN = own();
  private static final ImmutableMap<String, BackboneSource> ARCHITECTURES = architectures();
  private static final ImmutableList<PretrainedSource> PRETRAINED = pretrainedAndOwn();
  private static final ImmutableMap<String, PretrainedSource> BY_NAME = byName();

  private Backbones() {}

  /** Returns the names of all architectures, without tags. */
  public static ImmutableSet<String> names() {
    return ARCHITECTURES.keySet();
  }

  /**
   * Returns all published weights; of each architecture, timm's default comes first. An
   * architecture of your own has an entry without a place.
   */
  public static ImmutableList<PretrainedSource> pretrained() {
    return PRETRAINED;
  }

  /**
   * Returns a backbone.
   *
   * @param name timm's name
   * @return the backbone with 18 classes, random weights, and the preprocessing of the named
   *     weights
   * @throws IllegalArgumentException if there is none; the message lists near names
   */
  public static Backbone get(String name) {
    String key = name.toLowerCase(Locale.ROOT);
    PretrainedSource source = BY_NAME.get(key);
    if (source == null && key.length() > LONGEST) {
      throw new InvalidArgumentException(
          Problem.of("backbone", name.substring(0, LONGEST) + "...", "a shorter name"));
    }
    if (source == null) {
      throw new InvalidArgumentException(
          Problem.of("backbone", name, "a known one; near names are " + nearest(key)));
    }
    return Backbone.of(ARCHITECTURES.get(source.architecture()), source);
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

  /** Of a known architecture its tags, else architectures and old names. */
  private static String nearest(String name) {
    int dot = name.indexOf('.');
    String architecture = dot < 0 ? "" : name.substring(0, dot);
    boolean tagIsWrong = ARCHITECTURES.containsKey(architecture);
    return BY_NAME.keySet().stream()
        .filter(known -> known.contains(".") == tagIsWrong)
        .filter(known -> !tagIsWrong || known.startsWith(architecture + "."))
        .sorted(Comparator.comparingInt(known -> distance(known, name)))
        .limit(3)
        .collect(Collectors.joining(", "));
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

  private static ImmutableList<BackboneProvider> own() {
    ImmutableList<BackboneProvider> found =
        ImmutableList.copyOf(ServiceLoader.load(BackboneProvider.class));
    for (BackboneProvider each : found) {
      if (!NAME.matcher(each.architecture()).matches()) {
        throw new IllegalStateException(
            each.getClass().getName()
                + " names its architecture '"
                + each.architecture()
                + "', expected lower case letters, digits, - and _");
      }
    }
    return found;
  }

  private static ImmutableList<PretrainedSource> pretrainedAndOwn() {
    ImmutableList.Builder<PretrainedSource> all = ImmutableList.builder();
    all.addAll(PretrainedSource.all());
    OWN.forEach(each -> all.add(PretrainedSource.own(each.architecture(), each.preprocessing())));
    return all.build();
  }

  private static ImmutableMap<String, BackboneSource> architectures() {
    ImmutableMap.Builder<String, BackboneSource> all = ImmutableMap.builder();
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
    for (BackboneProvider each : OWN) {
      all.put(each.architecture(), each::network);
    }
    return all.buildOrThrow();
  }

  private static ImmutableMap<String, PretrainedSource> byName() {
    Map<String, PretrainedSource> all = new LinkedHashMap<>();
    for (PretrainedSource source : PRETRAINED) {
      all.putIfAbsent(source.architecture(), source);
      all.put(source.name(), source);
      source.oldNames().forEach(old -> all.put(old, source));
    }
    Set<String> described =
        PRETRAINED.stream().map(PretrainedSource::architecture).collect(Collectors.toSet());
    if (!described.equals(ARCHITECTURES.keySet())) {
      throw new IllegalStateException(
          "weights are listed for " + described + ", expected " + ARCHITECTURES.keySet());
    }
    return ImmutableMap.copyOf(all);
  }
}
