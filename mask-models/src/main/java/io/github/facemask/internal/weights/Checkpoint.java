package io.github.facemask.internal.weights;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.internal.pickle.PickleDict;
import io.github.facemask.internal.pickle.PickleException;
import io.github.facemask.internal.pickle.PickleObject;
import io.github.facemask.internal.pickle.PickleSequence;
import io.github.facemask.internal.weights.CheckpointDicts.Found;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.tensor.HostTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads the weights of a checkpoint. */
final class Checkpoint {

  /** The largest number of reported entries that are not tensors. */
  private static final int IGNORED_LIMIT = 100;

  private Checkpoint() {}

  /** Reads the one dict of weights, or the one that timm would take. */
  static Weights weights(Path file, TorchFile torch, Ema ema) throws IOException {
    if (!(torch.root() instanceof PickleDict root)) {
      throw new InvalidFileException(
          file,
          Problem.saying("holds " + describe(torch.root()))
              .withExpected("a dict of tensors")
              .withRemedy("save model.state_dict() in Python"));
    }
    CheckpointDicts dicts = CheckpointDicts.of(root);
    if (dicts.found().isEmpty()) {
      throw new InvalidFileException(file, noTensors(root, dicts));
    }
    List<Found> chosen = dicts.chosen(ema);
    if (chosen.size() > 1) {
      throw new InvalidFileException(
          file,
          Problem.saying(
                  "has several dicts of tensors: "
                      + chosen.stream()
                          .limit(8)
                          .map(found -> PickleException.quote(found.path()))
                          .collect(Collectors.joining(", ")))
              .withExpected("one, or one called state_dict or model")
              .withRemedy("save the one that you mean in Python"));
    }
    return weights(file, torch, chosen.get(0), ema);
  }

  private static Problem noTensors(PickleDict root, CheckpointDicts dicts) {
    if (dicts.hasOptimizer()) {
      return Problem.saying("holds the state of an optimizer and no weights")
          .withExpected("a dict of tensors")
          .withRemedy("save model.state_dict() in Python");
    }
    String found =
        root.entries().keySet().stream()
            .limit(8)
            .map(k -> k instanceof String text ? PickleException.quote(text) : describe(k))
            .collect(Collectors.joining(", "));
    return Problem.saying("holds no dict of tensors, neither at its top nor two levels below")
        .withRemedy("its keys are " + (found.isEmpty() ? "none" : found));
  }

  private static Weights weights(Path file, TorchFile torch, Found dict, Ema ema)
      throws IOException {
    TorchFile.TorchTensorReader reader = torch.tensors();
    ImmutableMap.Builder<String, HostTensor> tensors = ImmutableMap.builder();
    Map<String, String> ignored = new LinkedHashMap<>();
    for (Map.Entry<Object, Object> entry : dict.dict().entries().entrySet()) {
      boolean named = entry.getKey() instanceof String;
      String name = named ? (String) entry.getKey() : describe(entry.getKey());
      checkUsual(file, name, entry.getValue());
      if (named && entry.getValue() instanceof TorchTensor tensor && tensor.readable()) {
        tensors.put(name, reader.read(name, tensor));
      } else if (ignored.size() < IGNORED_LIMIT) {
        ignored.put(name, describe(entry.getValue()));
      }
    }
    return new Weights(
        file,
        ImmutableList.of(file),
        torch.form(),
        dict.path(),
        ema,
        tensors.buildOrThrow(),
        ImmutableMap.copyOf(ignored));
  }

  private static void checkUsual(Path file, String name, Object value) throws IOException {
    String unusual = PickleKinds.unusual(value);
    if (unusual != null) {
      throw new InvalidFileException(
          file,
          Problem.saying("has tensor " + PickleException.quote(name) + ", which is " + unusual)
              .withExpected("plain tensors")
              .withRemedy("save the state_dict() of the model in float32, before it is converted"));
    }
  }

  private static String describe(Object value) {
    if (value instanceof PickleObject object) {
      return "an object of " + PickleException.quote(object.name());
    }
    if (value instanceof PickleDict) {
      return "a dict";
    }
    if (value instanceof PickleSequence sequence) {
      return "a " + sequence.kind().name().toLowerCase(Locale.ROOT);
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
