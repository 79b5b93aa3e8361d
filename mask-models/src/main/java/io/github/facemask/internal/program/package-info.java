/**
 * Generates TorchScript programs that train a network or classify with it; start with {@link
 * io.github.facemask.internal.program.TrainingProgram}. Not part of the public API.
 */
package io.github.facemask.internal.program;
