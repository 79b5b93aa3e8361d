package io.github.facemask.internal.weights;

import com.google.common.collect.ImmutableMap;
import io.github.facemask.tensor.HostTensor;
import java.nio.file.Path;

/**
 * The tensors of a file, and how they were found.
 *
 * @param file the file
 * @param form its form
 * @param dictionary the key of a checkpoint that holds the tensors, for instance {@code
 *     "state_dict_ema"}; empty if they are at the top level
 * @param strippedPrefix the prefix that was stripped from the names, for instance {@code
 *     "module."}; empty if there was none
 * @param tensors the tensors by name, in the file's order
 * @param ignored the entries that are not tensors, by name, with their type; the first hundred
 */
public record Weights(
    Path file,
    WeightForm form,
    String dictionary,
    String strippedPrefix,
    ImmutableMap<String, HostTensor> tensors,
    ImmutableMap<String, String> ignored) {}
