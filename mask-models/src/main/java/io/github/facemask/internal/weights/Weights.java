package io.github.facemask.internal.weights;

import com.google.common.collect.ImmutableMap;
import io.github.facemask.tensor.HostTensor;
import java.nio.file.Path;

/**
 * The tensors of a file and what was found on the way to them.
 *
 * @param file the file
 * @param form its form
 * @param dictionary the key of a checkpoint that the tensors lay under, for instance {@code
 *     "state_dict_ema"}; empty if they lay at the top
 * @param strippedPrefix what was taken off the names, for instance {@code "module."}; empty if
 *     nothing
 * @param tensors the tensors by name, in the file's order
 * @param ignored what lay between the tensors and is none, by name, with what it is; the first
 *     hundred
 */
public record Weights(
    Path file,
    WeightForm form,
    String dictionary,
    String strippedPrefix,
    ImmutableMap<String, HostTensor> tensors,
    ImmutableMap<String, String> ignored) {}
