/**
 * A network written as a TorchScript program that trains or classifies; start with {@link
 * io.github.facemask.internal.program.TrainingProgram}. Not part of the public API.
 */
package io.github.facemask.internal.program;
