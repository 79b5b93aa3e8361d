package io.github.facemask.internal.weights;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.tensor.HostTensor;
import java.nio.file.Path;

/**
 * The tensors of a file under the file's own names, and how they were found.
 *
 * @param file the file
 * @param files every file that was read: the file itself, or an index and its shards
 * @param form its form
 * @param dictionary the key of a checkpoint that holds the tensors, for instance {@code
 *     "state_dict_ema"}, or {@code "state.model"} for a dict in a dict; empty if they are at the
 *     top level
 * @param ema which of several weights are preferred
 * @param tensors the tensors by name, in the file's order
 * @param ignored the entries that are not tensors, by name, with their type; the first hundred
 */
public record Weights(
    Path file,
    ImmutableList<Path> files,
    WeightForm form,
    String dictionary,
    Ema ema,
    ImmutableMap<String, HostTensor> tensors,
    ImmutableMap<String, String> ignored) {

  /** Weights at the top level of one file. */
  static Weights of(Path file, WeightForm form, Ema ema, ImmutableMap<String, HostTensor> tensors) {
    return new Weights(file, ImmutableList.of(file), form, "", ema, tensors, ImmutableMap.of());
  }
}
