package io.github.facemask.internal.weights;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.internal.pickle.PickleDict;
import io.github.facemask.internal.pickle.PickleException;
import io.github.facemask.internal.pickle.PickleObject;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.tensor.HostTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Finds the weights in a checkpoint, and strips the prefixes of wrappers from their names. */
final class Checkpoint {

  private static final ImmutableList<String> AVERAGES =
      ImmutableList.of("state_dict_ema", "model_ema");
  private static final ImmutableList<String> PLAIN = ImmutableList.of("state_dict", "model");

  /** The prefixes of torch.compile, (distributed) data parallelism and Lightning. */
  private static final ImmutableList<String> PREFIXES =
      ImmutableList.of("_orig_mod.", "module.", "model.");

  private static final int WRAPPERS = 4;

  /** The largest number of reported entries that are not tensors. */
  private static final int IGNORED_LIMIT = 100;

  private Checkpoint() {}

  /** Selects a dict in timm's order. */
  static Weights weights(Path file, TorchFile torch, Ema ema) throws IOException {
    if (!(torch.root() instanceof PickleDict root)) {
      throw InvalidFileException.of(file, "holds " + describe(torch.root()), "a dict of tensors");
    }
    ImmutableList.Builder<String> keys = ImmutableList.builder();
    if (ema == Ema.PREFERRED) {
      keys.addAll(AVERAGES);
    }
    for (String key : keys.addAll(PLAIN).build()) {
      if (root.get(key) instanceof PickleDict dict && holdsTensors(dict)) {
        return clean(weights(file, torch, key, dict));
      }
    }
    if (!holdsTensors(root)) {
      String found =
          root.entries().keySet().stream()
              .limit(8)
              .map(k -> k instanceof String text ? PickleException.quote(text) : describe(k))
              .collect(Collectors.joining(", "));
      throw new InvalidFileException(
          file,
          Problem.saying(
                  "holds no tensors, neither at its top nor under state_dict, state_dict_ema, model or model_ema")
              .withRemedy("its keys are " + (found.isEmpty() ? "none" : found)));
    }
    return clean(weights(file, torch, "", root));
  }

  private static Weights weights(Path file, TorchFile torch, String key, PickleDict dict)
      throws IOException {
    TorchFile.TorchTensorReader reader = torch.tensors();
    ImmutableMap.Builder<String, HostTensor> tensors = ImmutableMap.builder();
    Map<String, String> ignored = new LinkedHashMap<>();
    for (Map.Entry<Object, Object> entry : dict.entries().entrySet()) {
      boolean named = entry.getKey() instanceof String;
      String name = named ? (String) entry.getKey() : describe(entry.getKey());
      if (named && entry.getValue() instanceof TorchTensor tensor && tensor.readable()) {
        tensors.put(name, reader.read(name, tensor));
      } else if (ignored.size() < IGNORED_LIMIT) {
        ignored.put(name, describe(entry.getValue()));
      }
    }
    return new Weights(
        file, torch.form(), key, "", tensors.buildOrThrow(), ImmutableMap.copyOf(ignored));
  }

  /** Strips prefixes that more than half of the names have. */
  static Weights clean(Weights weights) throws IOException {
    Map<String, HostTensor> tensors = weights.tensors();
    StringBuilder stripped = new StringBuilder();
    for (int i = 0; i < WRAPPERS; i++) {
      String prefix = commonPrefix(tensors);
      if (prefix == null) {
        break;
      }
      tensors = strip(weights.file(), tensors, prefix);
      stripped.append(prefix);
    }
    return new Weights(
        weights.file(),
        weights.form(),
        weights.dictionary(),
        stripped.toString(),
        ImmutableMap.copyOf(tensors),
        weights.ignored());
  }

  private static String commonPrefix(Map<String, HostTensor> tensors) {
    for (String prefix : PREFIXES) {
      long carriers = tensors.keySet().stream().filter(n -> n.startsWith(prefix)).count();
      if (2 * carriers > tensors.size()) {
        return prefix;
      }
    }
    return null;
  }

  private static Map<String, HostTensor> strip(
      Path file, Map<String, HostTensor> tensors, String prefix) throws IOException {
    Map<String, HostTensor> renamed = new LinkedHashMap<>();
    for (Map.Entry<String, HostTensor> entry : tensors.entrySet()) {
      String name = entry.getKey();
      String bare = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
      if (renamed.put(bare, entry.getValue()) != null) {
        throw new InvalidFileException(
            file,
            Problem.saying(
                "has tensor " + PickleException.quote(bare) + " with and without " + prefix));
      }
    }
    return renamed;
  }

  private static boolean holdsTensors(PickleDict dict) {
    return dict.entries().values().stream()
        .anyMatch(v -> v instanceof TorchTensor t && t.readable());
  }

  private static String describe(Object value) {
    if (value instanceof PickleObject object) {
      return "an object of " + PickleException.quote(object.name());
    }
    if (value instanceof PickleDict) {
      return "a dict";
    }
    if (value instanceof TorchTensor tensor) {
      return "a tensor of " + PickleException.quote(tensor.dtype);
    }
    for (Class<?> type : List.<Class<?>>of(String.class, Long.class, Double.class, Boolean.class)) {
      if (type.isInstance(value)) {
        return "the " + type.getSimpleName() + " " + PickleException.quote(shorten(value));
      }
    }
    return "a " + value.getClass().getSimpleName();
  }

  private static String shorten(Object value) {
    return value instanceof String text && text.length() > 80 ? text.substring(0, 80) : "" + value;
  }
}
