/**
 * Writes a network's description as a program that libtorch runs; see {@link
 * io.github.facemask.program.TrainingProgram}.
 */
package io.github.facemask.program;
