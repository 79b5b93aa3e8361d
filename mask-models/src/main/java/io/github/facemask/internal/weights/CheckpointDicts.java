package io.github.facemask.internal.weights;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.internal.pickle.PickleDict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The dicts of tensors in a checkpoint: at its top, in it, and in a dict in it. States of
 * optimizers, schedulers and generators of random numbers are none.
 */
final class CheckpointDicts {

  /**
   * A dict of tensors.
   *
   * @param path its keys from the top with dots between; empty at the top
   * @param keys the same, one by one
   * @param dict the dict
   * @param tensors how many tensors it has
   */
  record Found(String path, ImmutableList<String> keys, PickleDict dict, int tensors) {}

  /** How deep below the top a dict may be. */
  private static final int DEPTH = 2;

  /** A dict with so much fewer tensors than another holds other things, such as a mean. */
  private static final int STRAY = 10;

  private static final Pattern NO_WEIGHTS =
      Pattern.compile(
          "optim|sched|scaler|rng|random|callback|loop|criterion|loss|metric|history",
          Pattern.CASE_INSENSITIVE);

  /** The keys of averaged weights, timm's first. */
  private static final ImmutableList<String> AVERAGES =
      ImmutableList.of(
          "state_dict_ema",
          "model_ema",
          "ema_state_dict",
          "model_ema_state_dict",
          "ema_model",
          "ema",
          "averaged_model",
          "teacher");

  /** The keys of weights, timm's first. */
  private static final ImmutableList<String> PLAIN =
      ImmutableList.of(
          "state_dict",
          "model",
          "model_state_dict",
          "model_state",
          "model_weights",
          "net",
          "network",
          "net_state_dict",
          "weights",
          "params",
          "parameters",
          "module",
          "student",
          "backbone",
          "encoder",
          "generator");

  private static final ImmutableSet<String> AVERAGE_SET = ImmutableSet.copyOf(AVERAGES);

  private final List<Found> found = new ArrayList<>();
  private final Set<PickleDict> visited = Collections.newSetFromMap(new IdentityHashMap<>());
  private boolean optimizer;

  private CheckpointDicts() {}

  static CheckpointDicts of(PickleDict root) {
    CheckpointDicts dicts = new CheckpointDicts();
    dicts.collect(root, ImmutableList.of());
    int most = dicts.found.stream().mapToInt(Found::tensors).max().orElse(0);
    dicts.found.removeIf(each -> each.tensors * STRAY < most);
    return dicts;
  }

  /** Returns the dicts of tensors in the checkpoint's order. */
  List<Found> found() {
    return found;
  }

  /** Returns whether the checkpoint has the state of an optimizer. */
  boolean hasOptimizer() {
    return optimizer;
  }

  /** Returns the dict to read; several if none of them is preferred. */
  List<Found> chosen(Ema ema) {
    if (found.size() == 1) {
      return found;
    }
    if (ema == Ema.PREFERRED) {
      for (String key : AVERAGES) {
        List<Found> averages = found.stream().filter(f -> f.keys.contains(key)).toList();
        if (!averages.isEmpty()) {
          return averages;
        }
      }
    }
    List<Found> plain =
        found.stream().filter(f -> f.keys.stream().noneMatch(AVERAGE_SET::contains)).toList();
    if (plain.size() == 1) {
      return plain;
    }
    for (String key : PLAIN) {
      List<Found> named =
          plain.stream().filter(f -> !f.keys.isEmpty() && last(f).equals(key)).toList();
      if (!named.isEmpty()) {
        return named;
      }
    }
    List<Found> top = plain.stream().filter(f -> f.keys.isEmpty()).toList();
    return !top.isEmpty() ? top : plain.isEmpty() ? found : plain;
  }

  private static String last(Found dict) {
    return dict.keys.get(dict.keys.size() - 1);
  }

  private void collect(PickleDict dict, ImmutableList<String> keys) {
    if (!visited.add(dict)) {
      return;
    }
    if (dict.entries().containsKey("param_groups")) {
      optimizer = true;
      return;
    }
    int tensors = 0;
    boolean states = true;
    for (Map.Entry<Object, Object> entry : dict.entries().entrySet()) {
      if (!(entry.getKey() instanceof String name)) {
        continue;
      }
      if (isTensor(entry.getValue())) {
        tensors++;
        states &= PickleKinds.OPTIMIZER_STATES.contains(name);
      } else if (entry.getValue() instanceof PickleDict child && keys.size() < DEPTH) {
        if (NO_WEIGHTS.matcher(name).find()) {
          optimizer |= name.toLowerCase(Locale.ROOT).contains("optim");
        } else {
          collect(child, ImmutableList.<String>builder().addAll(keys).add(name).build());
        }
      }
    }
    if (tensors > 0 && !states) {
      found.add(new Found(String.join(".", keys), keys, dict, tensors));
    }
  }

  private static boolean isTensor(Object value) {
    return (value instanceof TorchTensor tensor && tensor.readable())
        || PickleKinds.unusual(value) != null;
  }
}
