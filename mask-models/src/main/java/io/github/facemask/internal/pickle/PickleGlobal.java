package io.github.facemask.internal.pickle;

/**
 * A class or function that a pickle names. It is only a name; nothing is imported.
 *
 * @param name the module and the name in it, for instance {@code "torch.FloatStorage"}
 */
public record PickleGlobal(String name) {}
