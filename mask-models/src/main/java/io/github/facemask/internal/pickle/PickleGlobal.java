package io.github.facemask.internal.pickle;

/**
 * A class or function that a pickle names. Only its name is known; nothing is looked up.
 *
 * @param name the module and the name in it, for instance {@code "torch.FloatStorage"}
 */
public record PickleGlobal(String name) {}
